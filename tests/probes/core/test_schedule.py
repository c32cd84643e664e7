from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from probes.core.schedule import Schedule, shuffled
from wire.ports import Randomness


class Throws:
    """Throws that were said before, each a share of its range."""

    def __init__(self, *shares: float) -> None:
        self._shares = list(shares)

    def token(self, size: int) -> bytes:
        return bytes(size)

    def uniform(self, low: float, high: float) -> float:
        return low + (high - low) * self._shares.pop(0)


def waits(every_s: float, chance: Randomness, *took: tuple[float, float]) -> list[float]:
    schedule = Schedule(every_s, 30.0, chance)
    return [schedule.wait_s(took_s, slower) for took_s, slower in took]


def test_the_first_wait_is_short_the_second_finds_the_phase_and_the_rest_is_periodic() -> None:
    found = waits(300.0, Throws(0.5, 0.5, 0.5, 1.0), (0, 1), (20, 1), (20, 1), (20, 1))
    assert found == [15.0, 130.0, 280.0, 295.0]


def test_a_short_period_begins_within_itself() -> None:
    assert waits(2.0, Throws(1.0), (0, 1)) == [2.0]


def test_a_slower_round_is_further_away_and_a_long_one_is_followed_at_once() -> None:
    assert waits(300.0, Throws(0, 0, 0.5, 0.5), (0, 1), (0, 1), (10, 3), (400, 1)) == [0.0, 0.0, 890.0, 0.0]


def test_probes_that_start_together_do_not_stay_together() -> None:
    phases = {waits(300.0, Throws(share, share), (0, 1), (0, 1))[1] for share in (0.1, 0.4, 0.9)}
    assert len(phases) == 3


def test_an_order_of_chance_loses_nobody() -> None:
    assert shuffled("abc", Throws(0.9, 0.1, 0.5)) == ["b", "c", "a"]


@given(st.lists(st.integers()), st.randoms(use_true_random=False))
def test_a_shuffled_list_is_the_same_list(items: list[int], chance: object) -> None:
    assert sorted(shuffled(items, chance)) == sorted(items)  # type: ignore[arg-type]  # its uniform is enough
