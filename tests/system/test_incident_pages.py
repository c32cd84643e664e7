"""Incidents in a real browser: nothing sticks out, no barrier for axe-core, at a phone's width and a desk's."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from msgspec.structs import replace

from collector.core.book import Book
from collector.core.pictures import Picture, picture_of
from collector.core.witnesses import Witness
from collector.page import add_feeds, add_page
from tests.browser import Tab, browser
from tests.collector.page.scenes import evening
from tests.collector.page.told import SILENT, SIX, WIDE, book, revision
from tests.system.test_page import WITHOUT_REFRESH, unfair
from wire.facts import LANGUAGES

PATHS = (
    "?reload=off&",
    "incidents/i-silent?",
    "incidents/i-block?",
    "incidents/i-wide?",
    "incidents/i-six?",
    "past?at=2026-11-20T17:00&",
)


@pytest.fixture
async def tab() -> AsyncIterator[Tab]:
    async with browser() as made:
        yield made


def witnessed() -> Book:
    """The incidents, one with what its witnesses saw."""
    row = Witness(
        id="m-aaaabbbbccccdddd", probe="p-aaaabbbbccccdddd", at=SILENT.started_at, region="KZ-43",
        operator="AS29355", access="mobile", target="telegram/dc1", saw="forged",
    )  # fmt: skip
    long = replace(
        row, region="KZ-39", operator="AS9198", target="a-long-name-of-a-host.of.the.government.gov.kz"
    )
    found = book()
    found.put(replace(revision(SILENT, 0.1, 3), evidence=(row, long)))
    found.put(revision(WIDE, 0.2))
    found.put(revision(SIX, 0.3))
    return found


async def past_of(_: float) -> Picture:
    return picture_of(evening())


@pytest.fixture
async def address() -> AsyncIterator[str]:
    app = web.Application()
    add_feeds(app, book, "abc", 0.0)
    add_page(app, evening, witnessed, past_of)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


@pytest.mark.parametrize("width", [320, 768, 1920])
async def test_incidents_fit_every_screen_in_every_language(tab: Tab, address: str, width: int) -> None:
    for path in PATHS:
        for language in LANGUAGES:
            await tab.open(f"{address}{path}lang={language}", width=width)
            assert await tab.value("document.documentElement.scrollWidth") == width, (path, language)
    assert tab.console == []


@pytest.mark.parametrize("path", [*PATHS, "incidents/nobody?"])
async def test_incidents_have_no_barriers(tab: Tab, address: str, path: str) -> None:
    for language in LANGUAGES:
        await tab.open(f"{address}{path}lang={language}", width=360)
        assert await unfair(tab, WITHOUT_REFRESH) == []
