"""The map at a past moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from collector.api.answers import refusals
from collector.core.pictures import Picture, picture_of
from collector.core.times import stamp
from collector.page import add_page
from collector.page.catalogues import words_in
from collector.page.past import PastView, moment_of, past_view
from tests.collector.core.scenes import NOW, key, seen
from tests.collector.harness import TestClock, running
from tests.collector.page.scenes import AT, blind, evening
from tests.collector.page.test_routes import OUTSIDE, named, plain, tree
from tests.collector.page.told import book
from wire.facts import LANGUAGES, Language, regions
from wire.times import after, parse_time

NOW_THERE = parse_time(AT)
MOMENTS = [
    ("2026-11-20T18:00", "2026-11-20T13:00:00.000Z"),
    ("2026-11-20T13:00:59Z", "2026-11-20T13:00:00.000Z"),
    ("2026-11-20T14:30:00+02:00", "2026-11-20T12:30:00.000Z"),
    ("2026-11-20T14:30:00 02:00", "2026-11-20T12:30:00.000Z"),
    ("2026-11-20T18:40", None),
    ("2030-01-01T00:00Z", None),
    ("yesterday", None),
    ("", None),
    ("0001-01-01T00:00", None),
    ("0001-01-01T10:00Z", None),
    ("0999-12-31T10:00", None),
    ("1999-12-31T23:59Z", None),
    ("2000-01-01T00:00Z", "2000-01-01T00:00:00.000Z"),
]


@pytest.mark.parametrize(("text", "expected"), MOMENTS)
def test_a_moment_is_kazakhstans_unless_it_says_otherwise(text: str, expected: str | None) -> None:
    assert moment_of(text, NOW_THERE) == expected


def shown(picture: Picture | None, at: str, language: Language = "en") -> PastView:
    return past_view(words_in(language), picture, book().last(), language, (at, AT))


def marks(view: PastView) -> dict[str, str]:
    return {tile.place.code: tile.place.chip.mark for tile in view.tiles}


def test_the_map_shows_what_was_seen_then_and_what_is_known_now() -> None:
    then = after(AT, -1.5 * 3600)
    view = shown(picture_of(evening()), then)
    found = marks(view)
    assert list(map(len, (found, view.incidents))) == [len(regions()), 1]
    assert found["KZ-43"] == "warning", "mobile networks of that region were silent"
    assert (found["KZ-47"], found["KZ-71"], found["KZ-31"]) == ("silent", "ok", "warning")
    assert view.seen == "214 of 231 probes"
    assert view.blind == ""
    assert [step.name for step in view.steps] == ["A day earlier", "An hour earlier", "An hour later"]


def test_a_nations_incident_covers_the_whole_map() -> None:
    assert set(marks(shown(picture_of(evening()), after(AT, -60))).values()) == {"cut"}


def test_blindness_and_a_missing_picture_are_said() -> None:
    then = after(AT, -20 * 3600)
    assert shown(picture_of(blind()), then).blind.startswith("We were blind")
    nothing = shown(None, then)
    assert nothing.blind.startswith("No picture was kept")
    assert set(marks(nothing).values()) == {"unknown"}


@pytest.fixture
async def client() -> AsyncIterator[TestClient[web.Request, web.Application]]:
    async def past_of(_: float) -> Picture:
        return picture_of(evening())

    app = web.Application(middlewares=[refusals])
    add_page(app, evening, book, past_of)
    async with TestClient(TestServer(app)) as made:
        yield made


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_page_is_well_formed_in_every_language(
    client: TestClient[web.Request, web.Application], language: str
) -> None:
    async with client.get(f"/past?at=2026-11-20T18:00&lang={language}") as answer:
        assert answer.status == 200
        html = await answer.text()
        tag = answer.headers["ETag"]
    root = tree(html)
    assert not OUTSIDE.findall(html.encode())
    assert not named(root, "script")
    assert len(named(root, "h1")) == len(named(root, "form")) == 1
    assert plain(named(root, "label")[0])
    async with client.get(
        f"/past?at=2026-11-20T13:00Z&lang={language}", headers={"If-None-Match": tag}
    ) as answer:
        assert answer.status == 304


@pytest.mark.parametrize("query", ["", "?at=", "?at=2031-01-01T00:00", "?at=<script>"])
async def test_no_moment_is_refused_with_a_line(
    client: TestClient[web.Request, web.Application], query: str
) -> None:
    async with client.get(f"/past{query}") as answer:
        assert (answer.status, (await answer.json())["error"]) == (400, "query")


async def test_a_browser_is_told_in_words_and_asked_again(
    client: TestClient[web.Request, web.Application],
) -> None:
    headers = {"Accept": "text/html,*/*;q=0.8"}
    async with client.get("/past?at=2031-01-01T00:00&lang=ru", headers=headers) as answer:
        assert (answer.status, answer.content_type) == (400, "text/html")
        root = tree(await answer.text())
    assert "Это не момент прошлого" in plain(root)
    assert len(named(root, "form")) == 1


async def test_a_collector_keeps_pictures_and_shows_them_after_a_restart(tmp_path: Path) -> None:
    clock = TestClock()
    async with running(tmp_path, clock, picture_every_s=0.05) as collector:
        for number in range(1, 4):
            await collector.enrol(key(number))
            record = seen("a", "likely_blocked", probe=key(number).id)
            assert (await collector.send(key(number), [record]))[0] == 200
        clock.seconds += 100
        async with asyncio.timeout(10):
            while "3 of 3 probes." not in await collector.text(f"/past?at={when(clock.seconds)}&lang=en"):
                clock.seconds += 1
                await asyncio.sleep(0.01)
    clock.seconds += 3_600
    async with running(tmp_path, clock) as collector:
        html = await collector.text(f"/past?at={when(NOW + 170)}&lang=en")
        assert "3 of 3 probes." in html
        assert 'id="KZ-71" class="row-cut"' in html
        assert "No picture was kept" in await collector.text(f"/past?at={when(NOW - 7_200)}&lang=en")


def when(seconds: float) -> str:
    return stamp(seconds)
