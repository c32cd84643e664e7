"""From entries to one word for each sheet, whatever came in whatever order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.core.sheets import SheetBook, SheetQuery, SheetStatus, book_of, due
from tests.collector.core.sheets.scenes import (
    HASH_A,
    HASH_B,
    SCAN,
    STATION,
    at,
    book,
    claim,
    scan,
    sheet,
    void,
)
from wire.ledger import Entry

ROWS: list[tuple[str, list[Entry], SheetStatus]] = [
    ("a text alone", [claim()], "claimed"),
    ("a text without proof", [claim(proof="none")], "claimed"),
    ("a sheet alone", [sheet()], "sheet_in"),
    ("a sheet and its scan", [sheet(), scan(0)], "scan_in"),
    ("a text and its sheet", [claim(), sheet()], "matches"),
    ("the sheet came before its text", [sheet(minute=0), claim(minute=1)], "matches"),
    ("a text and another sheet", [claim(), sheet(HASH_B)], "disputed"),
    ("anybody's text cannot dispute", [claim(HASH_B, proof="none"), sheet()], "sheet_in"),
    ("nor can it confirm", [claim(proof="none"), sheet()], "sheet_in"),
    ("a one-time code is proof", [claim(proof="code"), sheet()], "matches"),
    ("an observer has the same", [sheet(), sheet(by="observer")], "matches"),
    ("an observer has another", [claim(), sheet(), sheet(HASH_B, by="observer")], "disputed"),
    ("an observer's copy differs from the text", [claim(), sheet(HASH_B, by="observer")], "disputed"),
    ("a scan does not settle a dispute", [claim(), sheet(HASH_B), scan(1)], "disputed"),
    ("two texts that differ wait for a sheet", [claim(), claim(HASH_B, 1)], "claimed"),
    ("one of two texts was wrong", [claim(), claim(HASH_B, 1), sheet()], "disputed"),
    ("... and was taken back", [claim(), claim(HASH_B, 1), sheet(), void(1)], "matches"),
    ("everything was taken back", [claim(), void(0)], "void"),
    ("... and a new sheet came", [sheet(), void(0), sheet(HASH_B, 6)], "sheet_in"),
    ("a void of nothing changes nothing", [claim(), void(7)], "claimed"),
    ("the same text by two links", [claim(), claim(minute=1, link="https"), sheet()], "matches"),
    ("one of them was taken back", [claim(), claim(minute=1, link="https"), sheet(), void(0)], "matches"),
]


@pytest.mark.parametrize(("entries", "status"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_the_word_for_a_sheet(entries: list[Entry], status: SheetStatus) -> None:
    now = book(*entries).sheet(STATION, "1")
    assert now is not None
    assert (now.status, now.region, now.district) == (status, "KZ-71", "Сарыарқа")


def test_a_page_shows_every_copy_with_who_sent_it() -> None:
    now = book(claim(), sheet(), scan(1), sheet(HASH_B, 3, "observer")).sheet(STATION, "")
    assert now is not None
    assert [(one.kind, one.by, one.signer) for one in now.copies] == [
        ("claim", "station", STATION),
        ("sheet", "station", STATION),
        ("scan", "station", STATION),
        ("sheet", "observer", "observer-key"),
    ]
    assert [(one.same, one.of) for one in now.comparisons] == [
        (True, (0, 1)),
        (False, (0, 4)),
        (False, (1, 4)),
    ]
    assert (now.copies[2].sheet_entry, now.at) == (1, at(3))


def test_a_hash_leads_to_all_that_carry_it() -> None:
    found = book(claim(), sheet(), scan(1), void(0))
    assert [(one.entry, one.void) for one in found.of_hash(HASH_A)] == [(0, True), (1, False)]
    assert [one.kind for one in found.of_hash(SCAN)] == ["scan"]
    assert found.of_hash(HASH_B) == []


def test_an_entry_leads_to_its_sheet() -> None:
    found = book(claim(), sheet())
    assert found.entry(9) is None
    now, copy = found.entry(1) or pytest.fail("not found")
    assert (now.station, copy.kind) == (STATION, "sheet")
    assert found.entry(2) is None, "a comparison brings no copy"


def many() -> SheetBook:
    places = ((71, 3), (71, 1), (75, 2), (71, 2))
    stations = (f"KZ-{region}-{number:04d}" for region, number in places)
    return book(*(claim(station=name, sheet=number) for name in stations for number in ("2", "1")))


def test_sheets_come_by_station_and_number() -> None:
    assert [(one.station, one.sheet) for one in many()][:3] == [
        ("KZ-71-0001", "1"),
        ("KZ-71-0001", "2"),
        ("KZ-71-0002", "1"),
    ]
    assert len(many()) == 8


def test_pages_lead_from_one_to_the_next_and_miss_nothing() -> None:
    every = [(one.station, one.sheet) for one in many() if one.region == "KZ-71"]
    seen: list[tuple[str, str]] = []
    after = ""
    while True:
        page = many().shown(SheetQuery(region="KZ-71", limit=4, after=after))
        seen += [(one.station, one.sheet) for one in page.sheets]
        after = page.after
        if not after:
            break
    assert seen == every


@pytest.mark.parametrize(
    ("query", "count"),
    [
        (SheetQuery(), 8),
        (SheetQuery(region="KZ-75"), 2),
        (SheetQuery(station="KZ-71-0002"), 2),
        (SheetQuery(station="KZ-71-0002", sheet="2"), 1),
        (SheetQuery(station="KZ-71-0002", after="KZ-71-0002/1"), 1),
        (SheetQuery(status="claimed", sheet="1"), 4),
        (SheetQuery(status="disputed"), 0),
        (SheetQuery(district="Сарыарқа"), 0),
        (SheetQuery(limit=0), 1),
    ],
)
def test_a_query_narrows(query: SheetQuery, count: int) -> None:
    assert len(many().shown(query).sheets) == count


def test_counts_by_region_and_status() -> None:
    assert many().counts() == {("KZ-71", "claimed"): 6, ("KZ-75", "claimed"): 2}


def test_what_changed_is_told_once() -> None:
    made = SheetBook()
    made.take(claim())
    assert [one.station for one in made.changed()] == [STATION]
    assert made.changed() == []


def test_other_entries_are_counted_and_change_nothing() -> None:
    made = book_of(
        [
            Entry(kind="archive", at=at(0), note="2026-11-21"),
            Entry(kind="match", at=at(0), of=(0,)),
            Entry(kind="mismatch", at=at(0), of=(5, 6)),
        ]
    )
    assert (made.size, len(made)) == (3, 0)


ENTRIES = st.lists(
    st.one_of(
        st.builds(claim, st.sampled_from([HASH_A, HASH_B]), proof=st.sampled_from(["none", "seal"])),
        st.builds(sheet, st.sampled_from([HASH_A, HASH_B]), by=st.sampled_from(["station", "observer"])),
        st.builds(void, st.integers(0, 12)),
    ),
    max_size=14,
)


@settings(max_examples=40)
@given(ENTRIES)
def test_a_book_read_again_from_the_ledger_says_the_same(entries: list[Entry]) -> None:
    ledger: list[Entry] = []

    class Told(SheetBook):
        def take(self, entry: Entry) -> None:
            ledger.append(entry)
            super().take(entry)

    first = Told()
    for entry in entries:
        first.take(entry)
        for compared in [one for now in first.changed() for one in due(now, {})]:
            first.take(compared)
    assert list(book_of(ledger)) == list(first)
    assert all(not due(now, {}) for now in first), "nothing is compared twice"
