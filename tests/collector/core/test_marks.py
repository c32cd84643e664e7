from __future__ import annotations

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.core.marks import MAX_ISLANDS, Mark
from collector.core.refusals import Refused


def after(*sequences: int) -> Mark:
    return reduce(Mark.plus, sequences, Mark())


@pytest.mark.parametrize(
    ("sequences", "high_water", "missing"),
    [
        ((), 0, ()),
        ((1, 2, 3), 3, ()),
        ((2,), 0, (1,)),
        ((1, 3), 1, (2,)),
        ((1, 3, 2), 3, ()),
        ((5, 3, 1), 1, (2, 4)),
        ((5, 4, 3, 2, 1), 5, ()),
        ((1, 1000), 1, tuple(range(2, 102))),
    ],
)
def test_where_a_boot_stands(sequences: tuple[int, ...], high_water: int, missing: tuple[int, ...]) -> None:
    mark = after(*sequences)
    assert (mark.high_water, mark.missing()) == (high_water, missing)


@given(st.sets(st.integers(1, 60)).flatmap(lambda found: st.permutations(sorted(found))))
def test_every_order_of_arrival_ends_at_the_same_mark(sequences: list[int]) -> None:
    mark, here = after(*sequences), set(sequences)
    assert mark == after(*sorted(here))
    assert [one for one in range(1, 62) if mark.has(one)] == sorted(here)
    assert mark.missing(1_000) == tuple(sorted(set(range(1, max(here, default=0))) - here))


def test_islands_are_bounded() -> None:
    mark = after(*range(2, 2 * MAX_ISLANDS + 2, 2))
    assert len(mark.islands) == MAX_ISLANDS
    with pytest.raises(Refused, match="gaps"):
        mark.plus(10 * MAX_ISLANDS)
    assert mark.plus(3).has(3), "what closes a gap is always taken"
