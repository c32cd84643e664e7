"""What is decided about batches by their names alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.spool_names import Entry, entries, lost, next_order, parse, settled, to_thin
from wire.receipts import Receipt

OLD, NEW = "00112233aabbccdd", "ffeeddccbbaa9988"
ENTRIES = st.builds(
    Entry, st.integers(0, 10**12 - 1), st.sampled_from([OLD, NEW]), st.integers(1, 10**15 - 1)
)


def of(order: int, sequence: int, boot: str = NEW) -> Entry:
    return Entry(order, boot, sequence)


@given(ENTRIES)
def test_a_name_gives_its_entry_back(entry: Entry) -> None:
    assert parse(entry.name) == entry


@given(ENTRIES, ENTRIES)
def test_names_sort_as_entries_do(one: Entry, other: Entry) -> None:
    assert (one.order < other.order) <= (one.name < other.name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "x.batch",
        "1-2-3.batch",
        f"{1:012d}-{OLD}-0.batch",
        f"{1:012d}-{OLD}-1.batch.tmp",
        f"{1:012d}-{OLD}-١.batch",
    ],
)
def test_other_files_are_left_alone(name: str) -> None:
    assert parse(name) is None


def test_a_new_life_goes_on_after_the_old_one() -> None:
    found = entries([of(7, 2).name, of(3, 9, OLD).name, "readme"])
    assert found == [of(3, 9, OLD), of(7, 2)]
    assert next_order(found) == 8
    assert next_order([]) == 1


def receipt(high_water: int, *missing: int, boot: str = NEW) -> Receipt:
    return Receipt(result="new", boot=boot, high_water=high_water, missing=missing)


def test_what_is_below_the_mark_is_done_and_what_is_asked_for_is_not() -> None:
    found = [of(1, 1), of(2, 2), of(3, 3), of(4, 4), of(5, 1, OLD)]
    assert settled(found, of(3, 3), receipt(3)) == [of(1, 1), of(2, 2), of(3, 3)]
    assert settled(found, of(4, 4), receipt(1, 2, 3)) == [of(1, 1), of(4, 4)]
    assert settled(found, of(3, 3), receipt(3, 2)) == [of(1, 1), of(3, 3)]


def test_what_is_asked_for_and_gone_is_lost() -> None:
    assert lost([of(2, 2), of(9, 3, OLD)], receipt(0, 1, 2, 3)) == [1, 3]


def test_the_oldest_go_first_and_only_as_many_as_must() -> None:
    sizes = [(of(3, 3), 40), (of(1, 1), 40), (of(2, 2), 40)]
    assert to_thin(sizes, 120, frozenset()) == []
    assert to_thin(sizes, 100, frozenset()) == [of(1, 1)]
    assert to_thin(sizes, 50, frozenset()) == [of(1, 1), of(2, 2)]
    assert to_thin(sizes, 100, frozenset({of(1, 1)})) == [of(2, 2)]
