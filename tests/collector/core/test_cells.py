from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.core.cells import WINDOW_S, Cells, Reach, interference, regroup, rollup
from collector.core.held import MAX_TARGETS
from collector.core.probe_now import ALL
from tests.collector.core.scenes import ABROAD, ALMATY, NOW, digest, seen
from wire.names import State
from wire.records import Measurement


def take(cells: Cells, probe: int, records: list[Measurement], arrived: float) -> None:
    if (rows := digest(records).rows) is not None:
        cells.take_rows(probe, rows, arrived)


def nation(cells: Cells, now: float) -> dict[tuple[str, str, str], Reach]:
    figures = regroup(rollup(cells.now(now)), lambda _: "")
    return {key: tally.reach for key, tally in figures.items()}


@pytest.mark.parametrize(
    ("states", "ratio"),
    [
        (["ok"], 1.0),
        (["impaired"], 1.0),
        (["blocked"], 0.0),
        (["likely_blocked", "ok"], 0.5),
        (["down", "ok"], 1.0),
        (["insufficient", "likely_blocked"], 0.0),
    ],
)
def test_what_counts_as_reachable(states: list[State], ratio: float) -> None:
    cells = Cells()
    take(cells, 1, [seen(f"t{n}", state) for n, state in enumerate(states)], NOW)
    assert nation(cells, NOW)["", ALL, ALL] == Reach(ratio=ratio, probes=1)


@pytest.mark.parametrize("states", [["insufficient"], ["down"], ["down", "insufficient"]])
def test_what_says_nothing_has_no_figure(states: list[State]) -> None:
    cells = Cells()
    take(cells, 1, [seen(f"t{n}", state) for n, state in enumerate(states)], NOW)
    assert nation(cells, NOW) == {}
    assert len(cells.now(NOW)) == 1, "the probe was heard nevertheless"


def test_the_newest_state_counts_whatever_order_they_come_in() -> None:
    cells = Cells()
    take(cells, 1, [seen("a", "ok", at=NOW - 10)], NOW)
    take(cells, 1, [seen("a", "blocked", at=NOW - 100)], NOW)
    assert nation(cells, NOW)["", ALL, ALL].ratio == 1.0


def test_each_target_leaves_the_window_on_its_own() -> None:
    cells = Cells()
    take(cells, 1, [seen("a", at=NOW - 600), seen("b", "blocked", at=NOW)], NOW)
    assert nation(cells, NOW)["", ALL, ALL].ratio == 0.5
    assert nation(cells, NOW + 400)["", ALL, ALL].ratio == 0.0
    assert cells.now(NOW + WINDOW_S + 1) == []


def test_a_spool_that_comes_late_says_nothing_about_now() -> None:
    cells = Cells()
    take(cells, 1, [seen("a", at=NOW - 86_400)], NOW)
    assert cells.now(NOW) == []


def test_a_clock_that_runs_ahead_gains_nothing() -> None:
    cells = Cells()
    take(cells, 1, [seen("a", "blocked", at=NOW + 500)], NOW)
    take(cells, 1, [seen("a", "ok", at=NOW + 60)], NOW + 60)
    assert nation(cells, NOW + 60)["", ALL, ALL].ratio == 1.0


def test_our_own_clock_put_back_does_not_freeze_the_window() -> None:
    cells = Cells()
    take(cells, 1, [seen("a", "blocked", at=NOW + 86_400)], NOW + 86_400)
    take(cells, 1, [seen("a", "ok", at=NOW)], NOW)
    assert nation(cells, NOW)["", ALL, ALL].ratio == 1.0


def test_what_is_measured_from_abroad_is_no_region() -> None:
    cells = Cells()
    take(cells, 1, [seen("a", network=ABROAD)], NOW)
    assert cells.now(NOW) == []


def test_a_probe_that_moved_counts_where_it_is_now() -> None:
    cells = Cells()
    take(cells, 1, [seen("a", at=NOW - 60)], NOW - 60)
    take(cells, 1, [seen("a", network=ALMATY)], NOW)
    assert {probe.place.region for probe in cells.now(NOW)} == {"KZ-75"}


def test_a_probe_cannot_fill_the_memory_with_targets() -> None:
    cells = Cells()
    take(cells, 1, [seen(f"t{n}") for n in range(MAX_TARGETS)], NOW)
    take(cells, 1, [seen(f"more{n}", "blocked") for n in range(5)], NOW)
    take(cells, 1, [seen("t0", "blocked", at=NOW + 1)], NOW + 1)
    ratio = nation(cells, NOW + 1)["", ALL, ALL].ratio
    assert ratio == round((MAX_TARGETS - 1) / MAX_TARGETS, 4)


def test_interference_is_a_share_over_all_probes_that_can_say() -> None:
    cells = Cells()
    take(cells, 1, [seen("a", "likely_blocked", "tls.reset.sni"), seen("b")], NOW)
    take(cells, 2, [seen("a"), seen("b")], NOW)
    probes = cells.now(NOW)
    assert interference(probes, rollup(probes)) == {(("KZ-71", "AS9198"), "news", "tls.reset.sni"): 0.25}


def test_an_unknown_category_gets_no_label_of_its_own() -> None:
    cells = Cells()
    take(cells, 1, [seen("a", category="x" * 200)], NOW)
    assert ("", "other", ALL) in nation(cells, NOW)


def test_what_left_the_window_makes_room() -> None:
    cells = Cells()
    take(cells, 1, [seen(f"t{n}") for n in range(MAX_TARGETS)], NOW)
    take(cells, 1, [seen("t0", at=NOW + 800)], NOW + 800)
    later = NOW + WINDOW_S + 1
    assert len(cells.now(later)) == 1
    take(cells, 1, [seen(f"more{n}", "blocked", at=later) for n in range(3)], later)
    assert nation(cells, later)["", ALL, ALL] == Reach(ratio=0.25, probes=1)


def test_dictionaries_of_targets_that_take_turns_are_one_window() -> None:
    cells = Cells()
    whole = [seen(f"t{n}", at=NOW) for n in range(6)]
    take(cells, 1, whole, NOW)
    for turn in range(1, 12):
        some = [seen(f"t{n}", "blocked" if turn == 11 else "ok", at=NOW + turn) for n in range(turn % 5 + 1)]
        take(cells, 1, some, NOW + turn)
    assert nation(cells, NOW + 11)["", ALL, ALL] == Reach(ratio=round(4 / 6, 4), probes=1)


def test_of_one_target_twice_in_a_batch_the_newest_counts() -> None:
    for order in (1, -1):
        cells = Cells()
        take(cells, 1, [seen("a", "ok", at=NOW), seen("a", "blocked", at=NOW - 5)][::order], NOW)
        assert nation(cells, NOW)["", ALL, ALL].ratio == 1.0


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 4), st.integers(0, 1_200), st.sampled_from(["ok", "blocked", "down"])),
                 min_size=1, max_size=5),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_columns_and_records_give_the_same_window(batches: list[list[tuple[int, int, State]]]) -> None:
    """Rows at once are what records one by one would be, in the order of their times."""
    by_rows, one_by_one = Cells(), Cells()
    for number, batch in enumerate(batches):
        arrived = NOW + 300 * number
        records = [seen(f"t{name}", state, at=arrived - age) for name, age, state in batch]
        take(by_rows, 1, records, arrived)
        one_by_one.take(1, sorted(digest(records).seen, key=lambda one: one.at), arrived)
    now = NOW + 300 * len(batches)
    assert by_rows.now(now) == one_by_one.now(now)
