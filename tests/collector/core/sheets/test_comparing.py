"""What is compared, and how a difference is named."""

from __future__ import annotations

from collector.core.sheets import book_of, difference, due
from collector.core.sheets.comparing import MAX_COMPARED
from tests.collector.core.sheets.scenes import HASH_A, HASH_B, STATION, a_sheet, at, claim, sheet
from wire.ledger import Entry, entry_bytes
from wire.sheets import Sheet


def wanted(entries: list[Entry], sheets: dict[str, Sheet] | None = None) -> list[Entry]:
    (now,) = book_of(entries)
    return due(now, sheets or {})


def test_a_match_names_both_entries_and_the_later_time() -> None:
    assert wanted([claim(minute=3), sheet(minute=1)]) == [
        Entry(kind="match", at=at(3), station=STATION, sheet="1", of=(0, 1))
    ]


def test_a_mismatch_names_what_differs_once_it_may_be_known() -> None:
    sheets = {HASH_A: a_sheet(against_all=1), HASH_B: a_sheet(4, against_all=2)}
    (hidden,) = wanted([sheet(), sheet(HASH_B, by="commission")])
    (named,) = wanted([sheet(), sheet(HASH_B, by="commission")], sheets)
    assert (hidden.note, named.note) == ("", "against_all; votes: A")


def test_a_claim_has_no_numbers_to_name() -> None:
    (found,) = wanted([claim(HASH_B), sheet()], {HASH_A: a_sheet()})
    assert (found.kind, found.note) == ("mismatch", "")


def test_a_flood_of_copies_is_compared_up_to_a_limit() -> None:
    found = wanted([sheet(f"{number:064x}") for number in range(100)])
    assert len(found) == MAX_COMPARED * (MAX_COMPARED - 1) // 2


def test_differences_are_named_in_one_order() -> None:
    one = Sheet(election="e1", station=STATION, counts={"a": 1, "b": 2}, votes={"Y": 1, "X": 2})
    other = Sheet(election="e2", station=STATION, counts={"b": 3}, votes={"X": 3, "Y": 1, "Z": 0})
    assert difference(one, other) == ["election", "a", "b", "votes: X", "votes: Z"]
    assert difference(one, one) == []


def test_a_note_has_whole_names_and_fits_an_entry() -> None:
    sheets = {
        HASH_A: Sheet(
            election="e1", station=STATION, counts={}, votes={f"Кандидат {n}": 1 for n in range(40)}
        ),
        HASH_B: Sheet(election="e1", station=STATION, counts={}),
    }
    (found,) = wanted([sheet(), sheet(HASH_B, by="observer")], sheets)
    assert len(found.note) <= 128
    assert found.note.endswith("; ...")
    assert entry_bytes(found)
