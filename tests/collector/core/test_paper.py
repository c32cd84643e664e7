"""Published sheets beside paper: every number counts, nothing is forgiven."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.core.paper import Compared, Outcome, compare, numbers_of, report
from collector.core.sampling import Plan, Unit
from wire.sheets import Sheet

ONE, TWO = Unit("KZ-71-0379", "1"), Unit("KZ-71-0379", "2")
WHOLE = Unit("KZ-71-0379")
A, B = {"voters_on_list": 2494, "votes/Алға": 1200}, {"voters_on_list": 10}

Expected = tuple[Outcome, int, list[tuple[str, int, int | None]]]

ROWS = [
    ("the same", ONE, {ONE: A}, {ONE: A}, "same", 2, []),
    ("one digit", ONE, {ONE: A}, {ONE: A | {"votes/Алға": 1201}}, "differs", 2, [("votes/Алға", 1200, 1201)]),
    ("a number that was left out", ONE, {ONE: A}, {ONE: {"votes/Алға": 1200}}, "differs", 2, [("voters_on_list", 2494, None)]),
    ("more is published than was read", ONE, {ONE: B}, {ONE: B | {"votes/Алға": 3}}, "same", 1, []),
    ("nobody read the paper", ONE, {}, {ONE: A}, "no_paper", 0, []),
    ("nothing was published", ONE, {ONE: A}, {}, "no_sheet", 2, []),
    ("neither", ONE, {}, {}, "no_paper", 0, []),
    ("another sheet of the station", ONE, {TWO: A}, {TWO: A}, "no_paper", 0, []),
    ("a station with two sheets", WHOLE, {ONE: A, TWO: B}, {ONE: A, TWO: B}, "same", 3, []),
    ("the second differs", WHOLE, {ONE: A, TWO: B}, {ONE: A, TWO: {"voters_on_list": 11}}, "differs", 3, [("voters_on_list", 10, 11)]),
    ("the second's paper is missing", WHOLE, {ONE: A}, {ONE: A, TWO: B}, "no_paper", 2, []),
    ("the second was not published", WHOLE, {ONE: A, TWO: B}, {ONE: A}, "no_sheet", 3, []),
    ("one differs, one is missing", WHOLE, {ONE: A}, {ONE: B, TWO: B}, "differs", 2, [("voters_on_list", 2494, 10), ("votes/Алға", 1200, None)]),
    ("a station of which nothing is known", WHOLE, {}, {}, "no_paper", 0, []),
    ("another station's sheets are not its own", WHOLE, {Unit("KZ-71-0380", "1"): A}, {}, "no_paper", 0, []),
]  # fmt: skip


@pytest.mark.parametrize(("unit", "paper", "published", "expected"), [
    pytest.param(*row[1:4], row[4:], id=row[0]) for row in ROWS
])  # fmt: skip
def test_each_case_has_its_outcome(
    unit: Unit, paper: dict[Unit, dict[str, int]], published: dict[Unit, dict[str, int]], expected: Expected
) -> None:
    outcome, count, found = expected
    got = compare(unit, paper, published)
    assert (got.outcome, got.numbers) == (outcome, count)
    assert [(one.name, one.paper, one.published) for one in got.differences] == found


def test_the_numbers_of_a_sheet_are_its_counts_and_its_votes() -> None:
    sheet = Sheet(election="e", station="KZ-71-0379", counts={"against_all": 1}, votes={"against_all": 2})
    assert numbers_of(sheet) == {"against_all": 1, "votes/against_all": 2}


def units(**counts: int) -> list[Compared]:
    outcomes: list[Outcome] = ["same", "differs", "no_paper", "no_sheet"]
    return [
        Compared(station=f"KZ-71-{number:04d}", sheet="", outcome=outcome)
        for outcome in outcomes for number in range(counts.get(outcome, 0))
    ]  # fmt: skip


PLAN = Plan(population=10_500, risk=Fraction(1, 20), tolerated=Fraction(1, 100))


def test_a_clean_sample_of_the_planned_size_holds() -> None:
    found = report(PLAN, units(same=PLAN.size))
    assert (found.holds, found.most_wrong, found.same, found.drawn) == (True, 105, 292, 292)


@pytest.mark.parametrize("outcome", ["differs", "no_paper", "no_sheet"])
def test_one_that_is_not_the_same_counts_as_wrong_whatever_the_reason(outcome: str) -> None:
    found = report(PLAN, units(same=PLAN.size - 1, **{outcome: 1}))
    assert not found.holds
    assert found.most_wrong > 105
    assert getattr(found, outcome) == 1


def test_a_sample_that_was_cut_short_does_not_hold() -> None:
    assert not report(PLAN, units(same=PLAN.size - 1)).holds
    assert report(PLAN, []).most_wrong == 10_500


def test_a_larger_sample_bears_one_that_differs() -> None:
    assert report(PLAN, units(same=467, differs=1)).holds


@given(st.integers(0, 60), st.integers(0, 60))
def test_more_wrong_ones_never_make_the_result_better(same: int, differs: int) -> None:
    plan = Plan(population=200, risk=Fraction(1, 10), tolerated=Fraction(1, 20))
    worse = report(plan, units(same=same, differs=differs + 1))
    assert worse.most_wrong >= report(plan, units(same=same + 1, differs=differs)).most_wrong
