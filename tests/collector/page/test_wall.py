"""The wallboard: the page's own figures, every state in a word and a shape, nothing dropped in silence."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import given
from hypothesis import strategies as st

from collector.page import add_page
from collector.page.assets import assets
from collector.page.catalogues import words_in
from collector.page.choice import Choice
from collector.page.figures import MARKS
from collector.page.render import render_wall
from collector.page.rows import SOFT_HYPHEN, short_name
from collector.page.view import view
from collector.page.wall import (
    LEAST_SERVICES,
    MOST_LINES,
    MOST_SERVICES,
    RELOAD_S,
    STALE_S,
    Wall,
    in_lines,
    wall,
)
from tests.collector.page.scenes import SCENES, evening
from tests.collector.page.test_colours import GRAPHIC, STATES, TEXT, contrast
from tests.collector.page.told import HOUR, NATION, SILENT, SIX, WIDE, book, incident, revision
from wire.facts import LANGUAGES, Language, regions
from wire.incidents import Incident, Scope

ENDLESS = incident("i-long", "throttling", Scope(level="service", targets=("x" * 400,)), HOUR)
STYLE = assets()["wall.css"].content.decode()
COLOURS = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", STYLE))


def made(scene: str = "evening", language: Language = "en") -> Wall:
    return wall(words_in(language), SCENES[scene](), language, book().last())


def html(scene: str = "evening", language: Language = "en", *, reload: bool = True) -> str:
    choice = Choice(language=language, path="/wall", reload=reload)
    return render_wall(words_in(language), made(scene, language), choice)


@pytest.fixture
async def client() -> AsyncIterator[TestClient[web.Request, web.Application]]:
    app = web.Application()
    add_page(app, evening, book)
    async with TestClient(TestServer(app)) as made:
        yield made


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scene", SCENES)
def test_the_wall_says_what_the_page_says(scene: str, language: Language) -> None:
    words = words_in(language)
    page = view(words, SCENES[scene](), language, book().last())
    shown = wall(words, SCENES[scene](), language, book().last())
    assert shown.page == page
    text = render_wall(words, shown, Choice(language=language, path="/wall"))
    for said in (page.answer.headline, page.questions.where, page.questions.since, page.questions.sure):
        assert said in text.replace("&#39;", "'")


@pytest.mark.parametrize("scene", SCENES)
def test_every_region_has_a_square_with_its_word_and_its_shape(scene: str) -> None:
    squares = made(scene).squares
    assert {one.tile.place.code for one in squares} == set(regions())
    assert len({(one.x, one.y) for one in squares}) == len(squares), "none lies on another"
    text = html(scene)
    for one in squares:
        chip = one.tile.place.chip
        assert f'<use href="#mark-{chip.mark}">' in text
        assert f">{chip.word}</text>" in text
        assert f"<li>{one.tile.place.name}: {chip.word}, " in text, "for the ear too"


@pytest.mark.parametrize("scene", ["never", "blind"])
def test_no_square_is_well_while_we_are_blind(scene: str) -> None:
    marks = {one.tile.place.chip.mark for one in made(scene).squares}
    assert marks <= {"silent", "unknown"}


def test_where_the_country_is_cut_it_is_the_headline_and_said_once() -> None:
    assert made().page.answer.headline == "The whole country: sites abroad do not answer"
    assert made().lasting == ("Kyzylorda Region, mobile networks: nothing answers",)


def test_incidents_that_do_not_fit_are_counted() -> None:
    scope = Scope(level="region", regions=("KZ-10",))
    many = [revision(incident(f"i-{n}", "connectivity_loss", scope, HOUR), 1.0) for n in range(7)]
    shown = wall(words_in("en"), evening(), "en", many)
    assert (len(shown.lasting), shown.more) == (MOST_LINES, "and 3 more"), "the headline says one"


def test_a_long_title_takes_the_room_of_two() -> None:
    told = [revision(one, 1.0) for one in (NATION, WIDE, SIX, SILENT)]
    shown = wall(words_in("ru"), evening(), "ru", told)
    assert (len(shown.lasting), shown.more) == (2, "и ещё 1")
    one = wall(words_in("en"), evening(), "en", [revision(NATION, 1.0), revision(ENDLESS, 1.0)])
    assert (len(one.lasting), one.more) == (1, ""), "one is always told"


def test_incidents_that_ended_or_were_withdrawn_do_not_last() -> None:
    ended = revision(NATION, 1.0, ended_at=NATION.started_at)
    withdrawn = revision(SILENT, 1.0, withdrawn=True)
    assert wall(words_in("en"), evening(), "en", [ended, withdrawn]).lasting == ()


def test_services_in_trouble_stand_first() -> None:
    assert [one.chip.mark for one in made().services][:2] == ["warning", "cut"]


@pytest.mark.parametrize(
    ("told", "most"),
    [
        ([], MOST_SERVICES),
        ([NATION, SILENT], MOST_SERVICES),
        ([NATION, SILENT, SIX], LEAST_SERVICES),
        ([NATION, SILENT, WIDE], 6),
        ([SIX], MOST_SERVICES),
    ],
)
def test_services_that_do_not_fit_are_counted(told: list[Incident], most: int) -> None:
    shown = wall(words_in("en"), evening(), "en", [revision(one, 1.0) for one in told])
    assert len(shown.services) == most - 1
    assert shown.more_services == f"and {10 - (most - 1)} more"
    text = render_wall(words_in("en"), shown, Choice(language="en", path="/wall"))
    assert f"<li>{shown.more_services}</li>" in text


def test_a_headline_is_as_large_as_there_is_room() -> None:
    sizes = [
        wall(words_in("ru"), evening(), "ru", [revision(one, 1.0)]).size for one in (NATION, SILENT, SIX)
    ]
    assert sizes == ["usual", "short", "long"]


def test_services_that_fit_need_no_count() -> None:
    shown = made("calm")
    assert (len(shown.services), shown.more_services) == (4, "")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", regions())
def test_a_regions_name_is_whole_in_at_most_two_lines(code: str, language: Language) -> None:
    name = short_name(code, language)
    lines = in_lines(name)
    assert 1 <= len(lines) <= 2
    letters = re.sub(r"\W", "", name)
    assert re.sub(r"\W", "", "".join(lines)) == letters
    assert max(map(len, lines)) <= 16


@given(st.text(alphabet="аб -" + SOFT_HYPHEN, max_size=40))
def test_any_name_keeps_its_letters(name: str) -> None:
    lines = in_lines(name)
    assert 1 <= len(lines) <= 2
    assert re.sub(r"\W", "", "".join(lines)) == re.sub(r"\W", "", name)
    assert SOFT_HYPHEN not in "".join(lines)


async def test_it_is_served_in_three_languages_without_a_script(
    client: TestClient[web.Request, web.Application],
) -> None:
    for language in LANGUAGES:
        async with client.get(f"/wall?lang={language}") as answer:
            text = await answer.text()
            assert answer.headers["Content-Language"] == language
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert f'<meta http-equiv="refresh" content="{RELOAD_S}">' in text
        assert "<script" not in text
        assert " style=" not in text
        assert not re.search(r"https?://", text)


async def test_who_has_it_already_gets_nothing_again(
    client: TestClient[web.Request, web.Application],
) -> None:
    async with client.get("/wall?lang=kk") as answer:
        tag = answer.headers["ETag"]
    async with client.get("/wall?lang=kk", headers={"If-None-Match": tag}) as answer:
        assert answer.status == 304


def test_reloading_can_be_switched_off() -> None:
    assert "http-equiv" not in html(reload=False)


def test_an_old_picture_says_by_itself_that_it_is_old() -> None:
    assert f"animation: stale 1s {STALE_S}s forwards" in STYLE
    assert STALE_S >= 3 * RELOAD_S, "one slow answer is no silence"
    assert "We are blind ourselves" in html()


def test_the_style_loads_nothing() -> None:
    assert not re.search(r"url\(|@import|https?:|//[a-z]", STYLE)


@pytest.mark.parametrize("ground", ["ground", "panel"])
@pytest.mark.parametrize("ink", ["ink", "soft"])
def test_text_can_be_read_on_every_ground(ground: str, ink: str) -> None:
    assert contrast(COLOURS[ink], COLOURS[ground]) >= TEXT


@pytest.mark.parametrize("state", STATES)
def test_text_can_be_read_on_the_colour_of_every_state(state: str) -> None:
    assert contrast(COLOURS[state], COLOURS[f"{state}-ink"]) >= TEXT


def test_edges_and_bars_can_be_seen() -> None:
    assert contrast(COLOURS["edge"], COLOURS["panel"]) >= GRAPHIC
    assert contrast(COLOURS["degraded"], COLOURS["line"]) >= GRAPHIC


def test_every_mark_has_a_square_of_its_own_look() -> None:
    looks = {mark: re.findall(rf"^\.square-{mark} \{{.*$", STYLE, re.MULTILINE) for mark in MARKS}
    assert all(len(found) == 1 for found in looks.values())
