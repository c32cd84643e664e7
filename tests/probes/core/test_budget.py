from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.budget import UNKNOWN_BYTES, Day, Habits, Ledger, Ration, on_day, ration, spent
from wire.names import Category, Side
from wire.records import Target

LIMIT = 50_000_000
TODAY = "2026-11-20"


def target(name: str, category: Category = "news", side: Side = "foreign") -> Target:
    return Target(id=name, url=f"https://{name}/", category=category, side=side)


ANCHORS = [target("c1", "control"), target("d1", side="domestic")]
MESSENGER, BIG, NEWS = target("m", "messenger"), target("big"), [target(f"n{n}") for n in range(6)]
ALL = [*NEWS, BIG, MESSENGER, *ANCHORS]
COSTS = {BIG.url: 200_000}


def day(share: float, every_s: float = 300.0) -> Day:
    return Day(date=TODAY, second=share * 86_400, every_s=every_s)


def rationed(spent_bytes: int, when: Day, seen: dict[str, int] | None = None, limit: int = LIMIT) -> Ration:
    habits = Habits(cost=COSTS, seen=seen or {})
    return ration(ALL, habits, Ledger(day=TODAY, spent_bytes=spent_bytes), limit, when)


@pytest.mark.parametrize(
    ("spent_bytes", "share"), [(0, 0.0), (9_000_000, 0.0), (29_000_000, 0.5), (49_000_000, 0.9999)]
)
def test_on_course_everybody_is_measured(spent_bytes: int, share: float) -> None:
    assert rationed(spent_bytes, day(share)) == Ration(targets=tuple(ALL))


def test_without_a_limit_nothing_is_short() -> None:
    assert rationed(10**12, day(0.1), limit=0) == Ration(targets=tuple(ALL))


def test_another_day_begins_at_nothing() -> None:
    yesterday = Ledger(day="2026-11-19", spent_bytes=LIMIT)
    assert on_day(yesterday, TODAY).spent_bytes == 0
    assert spent(yesterday, TODAY, 5) == Ledger(day=TODAY, spent_bytes=5)
    assert spent(Ledger(day=TODAY, spent_bytes=5), TODAY, 5).spent_bytes == 10
    assert ration(ALL, Habits(cost={}, seen={}), yesterday, LIMIT, day(0.0)).state == ""


def test_when_short_the_anchors_stay_then_messengers_and_large_pages_last() -> None:
    # 5 rounds are left and 4 targets' worth for each
    found = rationed(LIMIT - 20 * UNKNOWN_BYTES, day(0.5, every_s=8_640.0))
    assert found.state == "short"
    assert found.slower == 1.0
    names = [one.id for one in found.targets]
    assert names[:3] == ["c1", "d1", "m"]
    assert len(names) == 4
    assert "big" not in names


def test_in_turn_nobody_is_left_out_for_ever() -> None:
    seen: dict[str, int] = {}
    counts: dict[str, int] = {}
    for number in range(1, 31):
        found = rationed(LIMIT - 20 * UNKNOWN_BYTES, day(0.5, every_s=8_640.0), seen)
        for one in found.targets:
            seen[one.url] = number
            counts[one.id] = counts.get(one.id, 0) + 1
    assert counts["c1"] == counts["d1"] == 30
    assert min(counts[one.id] for one in NEWS) >= 5
    assert counts["m"] >= max(counts[one.id] for one in NEWS)


def test_where_not_even_the_anchors_fit_rounds_are_further_apart() -> None:
    found = rationed(LIMIT - 10 * UNKNOWN_BYTES, day(0.5, every_s=4_320.0))
    assert (found.state, found.slower) == ("low", 2.0)
    assert [one.id for one in found.targets] == ["c1", "d1"]


def test_when_all_is_spent_nothing_is_sent() -> None:
    assert rationed(LIMIT + 5, day(0.5)) == Ration(targets=(), state="low", slower=12.0)


@given(st.integers(0, 2 * LIMIT), st.floats(0, 0.999), st.floats(1, 86_400))
def test_a_round_never_takes_more_than_is_left(spent_bytes: int, share: float, every_s: float) -> None:
    found = rationed(spent_bytes, day(share, every_s))
    habits = Habits(cost=COSTS, seen={})
    assert sum(map(habits.bytes_of, found.targets)) <= max(0, LIMIT - spent_bytes)
    assert set(found.targets) <= set(ALL)
