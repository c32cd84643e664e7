from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.core.detect.arrays import distinct, first_seen, one_of, runs, stable_order

numbers = st.lists(st.integers(-(2**62), 2**62), max_size=50)


@given(numbers)
def test_each_value_stands_once_and_in_its_order(values: list[int]) -> None:
    assert distinct(np.array(values, np.int64)).tolist() == sorted(set(values))


@given(st.lists(st.integers(0, 20), max_size=30))
def test_of_what_stands_twice_the_first_is_kept(values: list[int]) -> None:
    found = first_seen(np.array(values, np.int64)).tolist()
    assert found == [place for place, value in enumerate(values) if value not in values[:place]]


@given(st.lists(st.tuples(st.integers(0, 2**40), st.integers(0, 9)), max_size=50))
def test_ties_stay_as_they_are(pairs: list[tuple[int, int]]) -> None:
    keys = np.array(pairs, np.int64).reshape(-1, 2)
    order = stable_order(keys[:, 0], keys[:, 1]).tolist()
    assert order == sorted(range(len(pairs)), key=pairs.__getitem__)


@pytest.mark.parametrize(
    ("flags", "found"), [("", []), ("..", []), ("##", [(0, 2)]), ("#.##.", [(0, 1), (2, 4)])]
)
def test_runs_are_told_by_their_first_and_the_one_after_their_last(
    flags: str, found: list[tuple[int, int]]
) -> None:
    assert runs(np.array([one == "#" for one in flags], bool)) == found


def test_whether_a_number_is_wanted() -> None:
    assert one_of(np.array([0, 3, 31, 3], np.int64), (3, 31)).tolist() == [False, True, True, True]
