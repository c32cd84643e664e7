"""A real Chromium shows the wallboard as a wall, a 4K screen and a phone do; the pictures stay in tests/artifacts/."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import product

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from collector.core.book import Book
from collector.core.overview import Overview
from collector.page import add_page
from tests.browser import Tab, browser
from tests.collector.page.scenes import SCENES, category, overview, region
from tests.collector.page.told import SILENT, SIX, WIDE, book, revision
from tests.system.test_page import ARTIFACTS, WITHOUT_REFRESH, unfair
from wire.facts import LANGUAGES, regions
from wire.names import CATEGORIES

WALL, UHD, PHONE = (1920, 1080), (3840, 2160), (360, 740)
HEADLINES = {
    "kk": "Бүкіл ел: шетел сайттары жауап бермейді",
    "ru": "Вся страна: зарубежные сайты не отвечают",
    "en": "The whole country: sites abroad do not answer",
}
# What is cut by the edge of its box or of the screen, and text that leaves its square.
CUT_OFF = """[...document.querySelectorAll('header, main > *, .facts > div, footer')]
    .filter(one => one.getBoundingClientRect().bottom > innerHeight + 1 || one.getBoundingClientRect().right > innerWidth + 1)
    .map(one => one.className)
    .concat([...document.querySelectorAll('.facts > div')].filter(one => one.scrollHeight > one.clientHeight + 1
        || [...one.querySelectorAll('*')].some(inner => !inner.closest('.heard-only') && inner.getBoundingClientRect().bottom > one.getBoundingClientRect().bottom + 1)).map(one => one.className))
    .concat([...document.querySelectorAll('.square')].filter(one => [...one.querySelectorAll('text')]
        .some(text => text.getBoundingClientRect().right > one.querySelector('rect').getBoundingClientRect().right)).map(one => one.textContent))"""


def everywhere() -> Overview:
    """The worst evening: every region is cut, every service in trouble; the longest words on all places."""
    return overview(
        {code: region(code, 0.5, 0.01, 9, expected=12) for code in regions()}, 0.5, 0.1, 180, expected=240,
        categories=[category(name, 0.5, 0.5, 180) for name in CATEGORIES],
        states={"unknown": 1_035, "open": 7_104, "trouble": 1_223, "closed": 1_250}, total=10_612,
    )  # fmt: skip


WORST: dict[str, Callable[[], Overview]] = {**SCENES, "everywhere": everywhere}

FOR_AXE = (
    ("evening", "kk", WALL), ("everywhere", "ru", WALL), ("never", "en", WALL), ("evening", "en", PHONE), ("blind", "kk", PHONE),
)  # fmt: skip


def widest() -> Book:
    """Incidents of many places and many targets, which last together."""
    return Book([revision(WIDE, 0.2), revision(SIX, 0.3), revision(SILENT, 0.4)])


@asynccontextmanager
async def shown(scene: str, told: Callable[[], Book] = book) -> AsyncIterator[str]:
    """The wall of one scene on loopback; gives its address."""
    app = web.Application()
    add_page(app, WORST[scene], told)
    async with TestServer(app) as server:
        yield str(server.make_url("/wall"))


@pytest.fixture
async def tab() -> AsyncIterator[Tab]:
    async with browser() as made:
        yield made


async def test_it_opens_in_three_languages_on_a_wall_and_on_a_phone(tab: Tab) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    async with shown("evening") as address:
        for language in LANGUAGES:
            for width, height in (WALL, PHONE):
                await tab.open(f"{address}?lang={language}", width=width, height=height)
                await tab.picture(ARTIFACTS / f"wall-{language}-{width}.png", whole=width < 600)
                assert HEADLINES[language] in await tab.text()
                assert await tab.value("document.documentElement.lang") == language
                assert await tab.value("document.documentElement.scrollWidth") == width
    assert tab.console == []
    paths = {asked.removeprefix(address.removesuffix("wall")).partition("-")[0] for asked in tab.asked}
    assert {path.partition("?")[0] for path in paths} == {"wall", "static/wall", "static/icon"}


async def test_a_wall_shows_all_without_scrolling(tab: Tab) -> None:
    sizes: dict[str, tuple[tuple[int, int], ...]] = dict.fromkeys(("evening", "blind", "laptop"), (WALL,))
    for scene, sized in (sizes | {"everywhere": (WALL, UHD, (1366, 768), (1280, 1024))}).items():
        async with shown(scene) as address:
            for language, (width, height) in product(LANGUAGES, sized):
                await tab.open(f"{address}?lang={language}&reload=off", width=width, height=height)
                size = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
                assert await tab.value(size) == [width, height], (scene, language)
                assert await tab.value(CUT_OFF) == [], (scene, language)


@pytest.mark.parametrize("scene", ["evening", "everywhere"])
async def test_a_wall_has_room_for_incidents_of_many_places_and_targets(tab: Tab, scene: str) -> None:
    async with shown(scene, widest) as address:
        for language, (width, height) in product(LANGUAGES, (WALL, (1366, 768), (1280, 1024))):
            await tab.open(f"{address}?lang={language}&reload=off", width=width, height=height)
            assert await tab.value(CUT_OFF) == [], (language, width)


async def test_nothing_sticks_out_on_a_narrow_screen(tab: Tab) -> None:
    async with shown("everywhere") as address:
        for language, width in product(LANGUAGES, (320, 360, 768)):
            await tab.open(f"{address}?lang={language}&reload=off", width=width, height=740)
            assert await tab.value("document.documentElement.scrollWidth") == width, language


async def test_axe_finds_nothing_that_shuts_readers_out(tab: Tab) -> None:
    for scene, language, (width, height) in FOR_AXE:
        async with shown(scene) as address:
            await tab.open(f"{address}?lang={language}&reload=off", width=width, height=height)
            assert await unfair(tab) == [], (scene, language)
            if scene == "evening":  # here it renews itself, which is looked at without that rule
                await tab.open(f"{address}?lang={language}", width=width, height=height)
                assert await unfair(tab, WITHOUT_REFRESH) == []


async def filmed(tab: Tab, address: str, query: str = "") -> list[int]:
    """The sizes of the pictures that were shown while an address was opened."""
    before = len(tab.events("Page.screencastFrame"))
    await tab.call("Page.navigate", url=f"{address}{query}")
    await tab.until("Page.screencastFrame")
    await asyncio.sleep(0.1)
    frames = tab.events("Page.screencastFrame")[before:]
    for one in frames:
        await tab.call("Page.screencastFrameAck", sessionId=one["sessionId"])
    return [len(base64.b64decode(one["data"])) for one in frames]


async def test_no_empty_picture_is_shown_while_it_renews_itself(tab: Tab) -> None:
    async with shown("evening") as address:
        await tab.open(f"{address}?lang=kk&reload=off", width=960, height=540)
        await tab.call("Page.startScreencast", format="png", maxWidth=96, maxHeight=54)
        frames = [await filmed(tab, address, "?lang=kk&reload=off") for _ in range(4)]
        empty = await filmed(tab, "about:blank")
    assert all(frames), "nothing was filmed"
    smallest, largest = min(map(min, frames)), max(map(max, frames))
    assert smallest > largest / 2, "an empty picture is a small file"
    assert min(empty) < largest / 2, "which would have been seen"
