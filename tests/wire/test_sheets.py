"""Sheets: their one form in bytes, and the relations that a wrong digit breaks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import sheets
from wire.errors import BadInput, BadRecord

GOOD: dict[str, Any] = {
    "v": 1, "election": "2026-11-22", "station": "KZ-71-0379", "sheet": 1, "schema": "kz-count-1",
    "counts": {
        "voters_on_list": 2494, "ballots_received": 2519, "ballots_issued": 1800, "ballots_issued_outside": 40,
        "ballots_unused": 710, "ballots_spoiled": 9, "ballots_in_boxes": 1795, "ballots_invalid": 15, "against_all": 80,
    },
    "votes": {"A": 1200, "B": 500},
}  # fmt: skip
FORM = sheets.schemas()["kz-count-1"]


def _sheet(**counts: int) -> sheets.Sheet:
    return sheets.parse_sheet(json.dumps(GOOD | {"counts": GOOD["counts"] | counts}).encode())


def test_a_sheet_that_adds_up_breaks_nothing() -> None:
    assert sheets.broken(_sheet(), FORM) == []


@pytest.mark.parametrize(
    ("change", "relations"),
    [
        ({"ballots_received": 2520}, ["B = C + D + E"]),
        ({"ballots_spoiled": 8}, ["B = C + D + E"]),
        ({"ballots_in_boxes": 1801}, ["F <= C", "F = G + H + sum(V)"]),
        ({"ballots_in_boxes": 1794}, ["F = G + H + sum(V)"]),
        ({"against_all": 81}, ["F = G + H + sum(V)"]),
        ({"voters_on_list": 1799}, ["C <= A"]),
        ({"ballots_issued_outside": 1801}, ["C2 <= C"]),
    ],
)
def test_a_relation_that_does_not_hold_is_named(change: dict[str, int], relations: list[str]) -> None:
    assert [one.relation for one in sheets.broken(_sheet(**change), FORM)] == relations


def test_both_sides_of_a_broken_relation_are_told() -> None:
    assert sheets.broken(_sheet(against_all=81), FORM) == [sheets.Broken("F = G + H + sum(V)", 1795, 1796)]


@pytest.mark.parametrize("name", list(GOOD["counts"]))
def test_every_number_alone_is_bound_by_some_relation(name: str) -> None:
    assert any(sheets.broken(_sheet(**{name: wrong}), FORM) for wrong in (0, 9_000_000))


@pytest.mark.parametrize("name", list(GOOD["counts"]))
def test_a_number_that_is_missing_is_no_fault(name: str) -> None:
    fewer = {key: value for key, value in GOOD["counts"].items() if key != name}
    sheet = sheets.parse_sheet(json.dumps(GOOD | {"counts": fewer}).encode())
    assert sheets.broken(sheet, FORM) == []


def test_the_published_bytes_do_not_depend_on_how_it_was_written() -> None:
    once = sheets.sheet_bytes(_sheet())
    again = sheets.parse_sheet(json.dumps(dict(reversed(GOOD.items())), indent=3).encode())
    assert sheets.sheet_bytes(again) == once
    assert sheets.sheet_bytes(sheets.parse_sheet(once)) == once
    assert b" " not in once


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"station": "KZ-71-379"}, "station"),
        ({"schema": "other"}, "no form is called other"),
        ({"counts": {"votes_made_up": 1}}, "no field votes_made_up"),
        ({"counts": {"voters_on_list": -1}}, ">= 0"),
        ({"counts": {"voters_on_list": 1.5}}, "int"),
        ({"counts": {"voters_on_list": "12"}}, "int"),
        ({"sheet": 0}, ">= 1"),
        ({"winner": "A"}, "winner"),
        ({"votes": {str(number): 1 for number in range(129)}}, "length"),
    ],
)
def test_what_is_no_sheet_is_refused_in_one_line(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BadRecord, match=complaint):
        sheets.parse_sheet(json.dumps(GOOD | change).encode())


def test_a_sheet_that_is_too_long_is_refused_unread() -> None:
    with pytest.raises(BadRecord, match="65537 bytes"):
        sheets.parse_sheet(b" " * 65_537)


def test_a_form_with_a_relation_that_nobody_can_read_is_told() -> None:
    form = sheets.Schema("x", "C", (), ("A ~ B",))
    with pytest.raises(BadInput, match="not a relation: A ~ B"):
        sheets.broken(_sheet(), form)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_field_has_a_label(language: Any) -> None:
    labels = [field.label(language) for field in FORM.fields]
    assert all(labels)
    assert len(set(labels)) == len(labels)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_sheet_or_a_clean_refusal(raw: bytes) -> None:
    with pytest.raises(BadInput):
        sheets.parse_sheet(raw)
