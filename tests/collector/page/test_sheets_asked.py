"""What a reader of sheets asks for: stations as people type them, nothing that cannot be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.core.sheets import SheetQuery
from collector.page.sheets.asked import NOWHERE, PAGE, asked, asked_station, station_of


@pytest.mark.parametrize(
    ("typed", "region", "found"),
    [
        ("", "", ""), ("  ", "KZ-71", ""),
        ("KZ-71-0379", "", "KZ-71-0379"), (" kz-71-0379 ", "", "KZ-71-0379"), ("kz-71-379", "", "KZ-71-0379"),
        ("379", "KZ-71", "KZ-71-0379"), ("0379", "KZ-71", "KZ-71-0379"), ("KZ-75-1", "KZ-71", "KZ-75-0001"),
        ("379", "", NOWHERE), ("KZ-99-0379", "", NOWHERE), ("Есіл", "KZ-71", NOWHERE), ("12345", "KZ-71", NOWHERE),
        ("KZ-71-", "", NOWHERE), ("-5", "KZ-71", "KZ-71-0005"),
    ],
)  # fmt: skip
def test_a_station_is_read_as_people_type_it(typed: str, region: str, found: str) -> None:
    assert station_of(typed, region) == found


def test_a_whole_search_is_read() -> None:
    found = asked(
        {"lang": "ru", "region": "KZ-71", "district": " Есіл ", "station": "379", "sheet": "2", "status": "disputed",
         "after": "KZ-71-0001/3"}, "",
    )  # fmt: skip
    assert found.language == "ru"
    assert found.query == SheetQuery(
        region="KZ-71", district="Есіл", station="KZ-71-0379", sheet="2", status="disputed", limit=PAGE,
        after="KZ-71-0001/3",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("region", "KZ-99"),
        ("status", "lost"),
        ("sheet", "0"),
        ("sheet", "10"),
        ("after", "KZ-71-0001"),
        ("lang", "de"),
    ],
)
def test_a_value_that_cannot_be_is_left_out(name: str, value: str) -> None:
    assert asked({name: value}, "") == asked({}, "")


def test_a_link_keeps_the_search_and_changes_the_language() -> None:
    found = asked({"lang": "kk", "region": "KZ-71", "status": "void"}, "")
    assert found.link("en") == "/sheets?lang=en&region=KZ-71&status=void"
    assert found.link(after="KZ-71-0379/1") == (
        "/sheets?lang=kk&region=KZ-71&status=void&after=KZ-71-0379%2F1"
    )


def test_a_stations_page_links_to_itself() -> None:
    assert asked_station("KZ-71-0379", {}, "ru").link("kk") == "/sheets/KZ-71-0379?lang=kk"


NAMES = ("lang", "region", "district", "station", "sheet", "status", "after")


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=100)))
def test_any_address_is_a_search_whose_link_finds_the_same(query: dict[str, str]) -> None:
    found = asked(query, "")
    if found.query.station != NOWHERE:
        again = dict(part.split("=", 1) for part in found.link().partition("?")[2].split("&"))
        assert set(again) <= set(NAMES)
    assert found.query.limit == PAGE
    assert len(found.query.district) <= 80
