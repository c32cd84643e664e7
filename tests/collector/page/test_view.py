"""The page as text: dialogue tests, an overview in, exact words out."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from collector.core.stations import Claim
from collector.page.catalogues import words_in
from collector.page.figures import percent_of
from collector.page.view import View, view
from tests.collector.page.scenes import (
    AT,
    SCENES,
    blind,
    calm,
    cut_abroad,
    evening,
    laptop,
    never,
    overview,
    region,
    station,
)  # fmt: skip
from wire.facts import LANGUAGES, Language, regions


def english(name: str) -> View:
    return view(words_in("en"), SCENES[name](), "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scene", SCENES)
def test_every_day_can_be_told_in_every_language(scene: str, language: Language) -> None:
    made = view(words_in(language), SCENES[scene](), language)
    assert made.language == language
    assert made.answer.headline


def test_the_five_questions_of_an_evening_with_trouble() -> None:
    found = english("evening").questions
    assert (found.where, found.where_note) == (
        "Kyzylorda Region, Zhambyl Region",
        "No serious trouble seen elsewhere.",
    )
    assert (found.since, found.since_note) == (
        "Seen in the last 15 minutes",
        "When it began is not worked out yet.",
    )
    assert (found.home.text, found.abroad.text) == ("97%", "88%")
    assert found.sure == "Very"
    assert found.sure_note == "Reporting: 214 of 231 expected probes; 17 regions, 5 operators."
    assert found.heard is not None
    assert found.heard.ago == "20 seconds ago"


def test_the_five_questions_when_all_is_well() -> None:
    found = english("calm").questions
    assert (found.where, found.where_note) == ("No trouble where we look", "We look from 5 regions of 20.")
    assert (found.since, found.since_note) == ("No trouble now", "")


def test_the_five_questions_before_anything_was_heard() -> None:
    found = english("never").questions
    assert (found.where, found.since, found.sure) == ("Not known", "Not known", "Not at all")
    assert found.heard is None


def test_the_five_questions_when_blind_tell_since_when() -> None:
    found = english("blind").questions
    assert (found.where, found.since) == ("Not known", "Silent for 21 minutes")
    assert found.since_note == "18:11:00 in Kazakhstan (UTC+5), 13:11:00 UTC"


def test_probes_without_a_region_are_counted_aloud() -> None:
    made = english("laptop")
    assert made.questions.where == "No region was told"
    assert made.untold == "1 probe has not told its region and stands on no tile."
    assert english("calm").untold == ""


def test_many_regions_in_trouble_are_cut_short() -> None:
    places = {code: region(code, 1.0, 0.0, 3) for code in list(regions())[:6]}
    found = view(words_in("en"), overview(places, 1.0, 0.5, 18), "en").questions
    assert found.where == "Abai Region, Akmola Region, Aktobe Region and 3 more"


def test_a_silent_region_is_named() -> None:
    places = {"KZ-71": region("KZ-71", 1.0, 1.0, 4), "KZ-47": region("KZ-47", expected=5, heard_s=4_000.0)}
    found = view(words_in("en"), overview(places, 1.0, 1.0, 4), "en").questions
    assert found.where == "Mangystau Region"


def test_trouble_without_a_place_is_not_called_calm() -> None:
    places = {"KZ-71": region("KZ-71", 0.97, 0.9, 4)}
    found = view(words_in("en"), overview(places, 0.97, 0.9, 4), "en").questions
    assert (found.where, found.where_note) == ("Not tied to one region", "We look from 1 region of 20.")


def test_every_region_has_its_tile_on_a_place_of_its_own() -> None:
    tiles = english("never").tiles
    assert len(tiles) == len({(tile.row, tile.col) for tile in tiles}) == 20
    assert [(tile.row, tile.col) for tile in tiles] == sorted((tile.row, tile.col) for tile in tiles)


def test_a_tile_says_name_state_probes_and_when() -> None:
    tile = next(tile for tile in english("evening").tiles if tile.place.code == "KZ-43")
    assert (tile.label, tile.short, tile.place.name) == ("ҚЫЗ", "Kyzylorda", "Kyzylorda Region")
    assert (tile.place.chip.mark, tile.place.chip.word) == ("cut", "cut off")
    assert tile.place.probes == "6 of 9 probes"
    assert tile.place.heard is not None
    assert tile.place.heard.ago == "38 seconds ago"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_tiles_have_the_same_name(language: Language) -> None:
    names = [tile.short for tile in view(words_in(language), never(), language).tiles]
    assert len(set(names)) == 20


def test_two_probes_give_a_word_and_three_a_figure() -> None:
    places = {code: region(code, 0.93, 0.93, probes) for code, probes in (("KZ-71", 2), ("KZ-75", 3))}
    rows = {row.code: row for row in view(words_in("en"), overview(places, 0.93, 0.93, 5), "en").regions}
    assert (rows["KZ-71"].home.text, rows["KZ-71"].home.percent) == ("few probes", None)
    assert rows["KZ-71"].chip.word == "minor trouble"
    assert (rows["KZ-75"].home.text, rows["KZ-75"].home.percent) == ("93%", 93)


def test_no_share_of_a_single_probe_is_anywhere_in_the_view() -> None:
    assert "%" not in str(view(words_in("en"), laptop(), "en"))


@pytest.mark.parametrize(
    ("ratio", "percent"),
    [(0.0, 0), (0.0001, 1), (0.29, 29), (0.57, 57), (0.995, 99), (0.9999, 99), (1.0, 100)],
)
def test_a_share_is_never_rounded_up_to_all_nor_down_to_nothing(ratio: float, percent: int) -> None:
    assert percent_of(ratio) == percent


def test_trouble_stands_first_in_the_table_and_the_unheard_last() -> None:
    marks = [row.chip.mark for row in english("evening").regions]
    assert marks[:5] == ["cut", "warning", "degraded", "degraded", "silent"]
    assert marks[-2:] == ["unknown", "unknown"]


def test_services_that_are_not_measured_are_named_as_such() -> None:
    made = english("calm")
    assert [one.name for one in made.services] == ["E-government", "Banks", "News", "Messengers"]
    assert made.quiet.startswith("election sites, state bodies, social networks")


def test_operators_stand_by_weight_and_the_untold_last() -> None:
    assert [one.name for one in english("evening").operators][:2] == [
        "Қазақтелеком / Kazakhtelecom",
        "Beeline, izi",
    ]
    assert [one.name for one in english("laptop").operators] == ["Operator not told"]


def test_stations_tell_their_state_and_what_is_amiss() -> None:
    made = english("evening")
    assert [(one.chip.word, one.count) for one in made.tallies] == [
        ("state not told", 35), ("open", 7104), ("trouble", 23), ("closed", 1250),
    ]  # fmt: skip
    first = made.stations[0]
    assert (first.code, first.region, first.chip.word, first.said) == (
        "KZ-43-0118", "Kyzylorda Region", "trouble", "no power, not proven",
    )  # fmt: skip


def test_a_station_without_power_and_network_says_both() -> None:
    both = station("KZ-99-0001", "trouble", 5.0, power="off", net="no")
    made = view(words_in("en"), overview(stations=[both]), "en").stations[0]
    assert (made.region, made.said) == ("KZ-99", "no power, no network, not proven")


def test_a_proven_station_says_so_and_a_disputed_one_too() -> None:
    claim = Claim(report="r", kind="open", value="", mark="", at=AT, proof="code", witnesses=2)
    told = replace(
        station("KZ-71-0001", "open", 5.0, seal="broken", urgent=""), proven=("open",), disputed=(claim,)
    )
    made = view(words_in("en"), overview(stations=[told]), "en").stations[0]
    assert made.said == "seal broken, urgent, contradicting reports"


def test_only_the_newest_stations_are_listed() -> None:
    many = [station(f"KZ-71-{number:04}", "open", float(number)) for number in range(1, 41)]
    assert len(view(words_in("en"), overview(stations=many), "en").stations) == 10


def test_the_moment_is_told_on_both_clocks() -> None:
    assert english("calm").made == "Made on 20 November 2026 at 18:32:05 in Kazakhstan (UTC+5), 13:32:05 UTC"


def test_the_same_overview_gives_the_same_view() -> None:
    for scene in (never, blind, laptop, calm, cut_abroad, evening):
        assert view(words_in("kk"), scene(), "kk") == view(words_in("kk"), scene(), "kk")


@pytest.mark.parametrize(
    ("language", "first"),
    [
        ("kk", "hall: жарық жоқ, urn: жарық жоқ"),
        ("ru", "hall: нет света, urn: нет света"),
        ("en", "hall: no power, urn: no power"),
    ],
)
def test_cameras_are_told_by_station_and_counted_worst_first(language: Language, first: str) -> None:
    made = view(words_in(language), SCENES["evening"](), language)
    assert [one.code for one in made.cameras] == ["KZ-43-0118", "KZ-71-0379", "KZ-75-0512"]
    assert made.cameras[0].told == first
    assert [one.chip.mark for one in made.cameras] == ["silent", "warning", "unknown"]
    assert [one.count for one in made.camera_tallies] == [2, 2, 1_203, 4]
