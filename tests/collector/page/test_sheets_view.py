"""The pages of sheets as text: every copy is there, differences are named, nothing is corrected or hidden."""

from __future__ import annotations

import re
from pathlib import Path

import html5lib
import pytest

from collector.core.sheets import SHEET_STATUSES, SheetQuery
from collector.page.assets import verifier
from collector.page.catalogues import words_in
from collector.page.sheets.asked import Asked, asked_station
from collector.page.sheets.files import endings
from collector.page.sheets.parts import Seen, SheetView, StationView
from collector.page.sheets.rendering import VERIFY_WORDS, render_search, render_station, verify_words
from collector.page.sheets.search import SearchView, search_view, summary
from collector.page.sheets.station import station_view
from tests.collector.page.sheet_scenes import (
    ASTANA,
    COMMISSION,
    NOW,
    POLLS_CLOSE,
    Scene,
    evening_of_sheets,
    sheet,
    station,
)
from wire.facts import LANGUAGES, Language


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return evening_of_sheets(tmp_path_factory.mktemp("sheets"), claims=120)


def searched(scene: Scene, language: Language = "en", hidden: str = "", **query: str) -> SearchView:
    book = scene.book()
    wanted = Asked(language=language, query=SheetQuery(limit=50, **query))
    return search_view(words_in(language), book, summary(book), wanted, (NOW, hidden))


def shown(scene: Scene, name: str = ASTANA, language: Language = "en", **more: object) -> StationView:
    seen = Seen(sheets=station(scene, name), contents=scene.raw, now=NOW, key="k")
    for key, value in more.items():
        seen = Seen(**{**{one: getattr(seen, one) for one in seen.__struct_fields__}, key: value})
    return station_view(words_in(language), seen, asked_station(name, {"lang": language}, ""))


def first(scene: Scene, **more: object) -> SheetView:
    return shown(scene, **more).sheets[0]  # type: ignore[arg-type]  # handed on


def test_every_state_is_counted_even_where_none_is(scene: Scene) -> None:
    tallies = searched(scene).tallies
    assert [one.count for one in tallies] == [121, 1, 1, 1, 1, 1]
    assert len({one.chip.mark for one in tallies}) == len(SHEET_STATUSES)
    assert len({one.chip.word for one in tallies}) == len(SHEET_STATUSES)


def test_counts_are_those_of_the_chosen_region(scene: Scene) -> None:
    found = searched(scene, region="KZ-71")
    assert found.total == "4 sheets are known"
    assert [one.station for one in found.found] == ["KZ-71-0001", ASTANA, ASTANA, ASTANA]
    assert [one.name for one in found.districts] == ["Алматы ауданы", "Есіл"]


@pytest.mark.parametrize(
    ("query", "stations"),
    [
        ({"status": "disputed"}, [ASTANA]),
        ({"status": "void"}, ["KZ-10-0007"]),
        ({"district": "Медеу"}, ["KZ-75-0012"]),
        ({"station": ASTANA, "sheet": "2"}, [ASTANA]),
        ({"station": "?"}, []),
        ({"region": "KZ-59"}, []),
    ],
)
def test_a_search_finds_what_fits(scene: Scene, query: dict[str, str], stations: list[str]) -> None:
    assert [one.station for one in searched(scene, **query).found] == stations  # type: ignore[arg-type]  # text all


def test_pages_follow_each_other_without_a_gap(scene: Scene) -> None:
    seen: list[str] = []
    after = ""
    while True:
        page = searched(scene, after=after)
        seen += [f"{one.station}/{one.sheet}" for one in page.found]
        if not page.more:
            break
        after = page.more.partition("after=")[2].replace("%2F", "/")
    assert seen == [f"{one.station}/{one.sheet}" for one in scene.book()]
    assert len(seen) == len(set(seen)) == 126


def test_copies_stand_side_by_side_with_what_differs_marked(scene: Scene) -> None:
    found = first(scene)
    assert [one.who for one in found.columns] == ["station", "commission", "observer"]
    assert found.columns[1].signer == COMMISSION
    assert [row.name for row in found.rows if row.differs] == ["ballots_in_boxes", "against_all"]
    boxes = next(row for row in found.rows if row.name == "ballots_in_boxes")
    assert [(cell.text, cell.differs) for cell in boxes.cells] == [
        ("1898", False),
        ("1898", False),
        ("1899", True),
    ]
    assert found.agree == "The copies differ in 2 numbers."


def test_all_numbers_stand_in_the_forms_order_then_the_choices(scene: Scene) -> None:
    rows = first(scene).rows
    assert [row.label for row in rows][:3] == ["Voters on the list", "Ballots received", "Ballots issued"]
    assert {row.label for row in rows[9:]} == {"«Алға» партиясы", "Партия <роста> & мира", "Green list"}


def test_a_relation_that_does_not_hold_is_named_with_both_sides(scene: Scene) -> None:
    (found,) = first(scene).broken
    assert (found.relation, found.left, found.right) == ("F = G + H + sum(V)", "1899", "1908")
    assert found.who == "observer, entry 3"
    assert found.names == "F: Ballots in boxes; G: Ballots invalid; H: Against all"
    assert first(scene).certainty


def test_texts_are_compared_with_the_stations_own_sheet(scene: Scene) -> None:
    one, two, three = shown(scene).sheets
    assert [(claim.chip.word, claim.chip.mark) for claim in one.claims] == [
        ("the same as the station's sheet", "ok")
    ]
    assert [claim.chip.mark for claim in two.claims] == ["unknown", "unknown"]
    assert [claim.proof for claim in two.claims] == ["signed with the station's key", "unproven"]
    assert [scan.sha256[:4] for scan in three.scans] == ["5c5c"]


def test_the_ledgers_comparisons_are_shown_with_what_differs(scene: Scene) -> None:
    found = first(scene).comparisons
    assert [(one.chip.mark, one.of) for one in found if one.chip.mark == "ok"] == [
        ("ok", "entries 0 and 1"),
        ("ok", "entries 0 and 2"),
        ("ok", "entries 1 and 2"),
    ]
    differing = [one for one in found if one.chip.mark == "cut"]
    assert [one.of for one in differing] == ["entries 0 and 3", "entries 1 and 3", "entries 2 and 3"]
    assert differing[1].names == "Against all, Ballots in boxes"


def test_a_text_of_another_sheet_is_named(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.claim(sheet(against_all=1))
    scene.copy(sheet())
    (claim,) = first(scene.compared()).claims
    assert (claim.chip.mark, claim.chip.word) == ("cut", "not the station's sheet")
    assert shown(scene).sheets[0].chip.word == "disputed"


def test_an_unproven_text_is_no_part_of_a_proof(scene: Scene) -> None:
    scene_claims = first(scene).copies[0].claims
    assert scene_claims == "0"


def test_what_was_taken_back_stays_and_counts_no_more(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.void(scene.copy(sheet(against_all=1)))
    scene.copy(sheet())
    found = first(scene.compared())
    assert [one.void for one in found.copies] == [True, False]
    assert [row.name for row in found.rows if row.differs] == []
    assert [cell.differs for row in found.rows if row.name == "against_all" for cell in row.cells] == [
        True,
        False,
    ]
    assert found.agree == "One copy is here; no other stands beside it yet."
    assert found.chip.word == "sheet is in"


def test_copies_that_say_the_same_are_told_to(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    for by in ("station", "commission"):
        scene.copy(sheet(), by)
    assert first(scene.compared()).agree == "All 2 copies say the same."


def test_before_the_polls_close_only_hashes_are_there(scene: Scene) -> None:
    page = shown(scene, contents={}, hidden_until=POLLS_CLOSE)
    html = render_station(words_in("en"), page, asked_station(ASTANA, {"lang": "en"}, ""))
    assert page.hidden.startswith("Until the polls close (20:00:00 in Kazakhstan")
    assert scene.hashed(sheet()) in html
    assert not re.search(r"\b(2494|1898|1899)\b", html)
    assert "data-sha256" not in html


def test_bytes_that_were_changed_are_told_even_where_they_cannot_be_read(scene: Scene) -> None:
    sha256 = scene.hashed(sheet())
    for raw in (b"{", b"\xff", scene.raw[sha256].replace(b"2494", b"2495")):
        found = first(scene, contents=scene.raw | {sha256: raw})
        assert [one.altered for one in found.copies] == [True, True, False]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [ASTANA, "KZ-10-0007", "KZ-75-0012", "KZ-71-0001", "KZ-10-1000"])
def test_every_station_gives_a_whole_page(scene: Scene, name: str, language: Language) -> None:
    page = shown(scene, name, language)
    html = render_station(words_in(language), page, asked_station(name, {"lang": language}, ""))
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    assert "<роста>" not in html
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", [{}, {"region": "KZ-71"}, {"station": "?"}])
def test_every_search_gives_a_whole_page(scene: Scene, query: dict[str, str], language: Language) -> None:
    view = searched(scene, language, POLLS_CLOSE, **query)
    wanted = Asked(language=language, query=SheetQuery(limit=50, **query))
    html = render_search(words_in(language), view, wanted, endings())
    html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    assert "<script" not in html


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_verifiers_sentences_keep_their_places(language: Language) -> None:
    for name, text in verify_words(words_in(language)).items():
        assert set(re.findall(r"\{([a-z]+)\}", text)) <= set(VERIFY_WORDS[name]), name


def test_the_script_says_only_sentences_that_exist_with_their_values() -> None:
    ours = verifier().partition("var dabyl = {};")[2]
    said = set(re.findall(r'(?:Fault|ok|unknown)\("([a-z-]+)"', ours)) | {"not-readable"}
    assert {
        name for name in VERIFY_WORDS if not name.startswith(("step-", "whole-", "all-", "verify-", "file-"))
    } == said
    steps = set(re.findall(r'\["([a-z]+)", dabyl\.check', ours))
    assert {f"step-{step}" for step in steps} == {name for name in VERIFY_WORDS if name.startswith("step-")}


NEWER = (
    r"\?\.|\?\?|\bBigInt\b|\bimport\b|crypto\.subtle|\bcatch \{|\.at\(|\.flat|replaceChildren|replaceAll|matchAll"
    r"|fromEntries|allSettled|globalThis|structuredClone|\{ \.\.\."
)


def test_the_script_needs_nothing_that_chrome_60_lacks() -> None:
    ours = re.sub(r"//.*", "", verifier().partition("var dabyl = {};")[2])
    assert re.findall(NEWER, ours) == []


def test_the_script_writes_no_markup() -> None:
    assert "innerHTML" not in verifier().partition("var dabyl = {};")[2]
