"""Which figures may be published."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.core.few import LEAST_PROBES, enough, publishable

CASES = [
    ("nobody", {}, set()),
    ("two are too few", {"a": 2}, set()),
    ("three are enough", {"a": 3}, {"a"}),
    ("an empty cell hides nobody", {"a": 3, "b": 0}, {"a"}),
    ("one beside many would be found by subtraction", {"a": 9, "b": 4, "c": 1}, {"a"}),
    ("two and one hide in each other", {"a": 9, "b": 4, "c": 1, "d": 2}, {"a", "b"}),
    ("a single cell beside one probe is not told", {"a": 5, "b": 1}, set()),
]


@pytest.mark.parametrize(("name", "probes", "expected"), CASES, ids=[row[0] for row in CASES])
def test_a_cell_is_told_when_nobody_stands_out(name: str, probes: dict[str, int], expected: set[str]) -> None:
    assert publishable(probes) == expected


def test_each_total_is_looked_at_for_itself() -> None:
    probes = {("KZ-71", "egov"): 3, ("KZ-75", "egov"): 1, ("KZ-71", "bank"): 3}
    assert publishable(probes, lambda cell: cell[1]) == {("KZ-71", "bank")}


def test_who_serves_only_himself_sees_every_figure() -> None:
    assert publishable({"a": 1, "b": 2}, least=1) == {"a", "b"}
    assert not enough(2)
    assert enough(1, least=1)


@given(st.dictionaries(st.integers(), st.integers(0, 12), max_size=12))
def test_neither_a_cell_nor_the_rest_of_the_total_is_one_or_two_probes(probes: dict[int, int]) -> None:
    told = publishable(probes)
    assert all(probes[cell] >= LEAST_PROBES for cell in told)
    rest = sum(count for cell, count in probes.items() if cell not in told)
    assert not told or rest == 0 or rest >= LEAST_PROBES
