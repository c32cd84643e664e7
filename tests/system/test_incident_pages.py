"""Incidents in a real browser: nothing sticks out, no barrier for axe-core, at a phone's width and a desk's."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from collector.page import add_feeds, add_page
from tests.browser import Tab, browser
from tests.collector.page.scenes import evening
from tests.collector.page.told import book
from tests.system.test_page import WITHOUT_REFRESH, unfair
from wire.facts import LANGUAGES

PATHS = ("?reload=off&", "incidents/i-silent?", "incidents/i-block?")


@pytest.fixture
async def tab() -> AsyncIterator[Tab]:
    async with browser() as made:
        yield made


@pytest.fixture
async def address() -> AsyncIterator[str]:
    app = web.Application()
    add_feeds(app, book, "abc", 0.0)
    add_page(app, evening, book)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


@pytest.mark.parametrize("width", [320, 768, 1920])
async def test_incidents_fit_every_screen_in_every_language(tab: Tab, address: str, width: int) -> None:
    for path in PATHS:
        for language in LANGUAGES:
            await tab.open(f"{address}{path}lang={language}", width=width)
            assert await tab.value("document.documentElement.scrollWidth") == width, (path, language)
    assert tab.console == []


@pytest.mark.parametrize("path", PATHS)
async def test_incidents_have_no_barriers(tab: Tab, address: str, path: str) -> None:
    for language in LANGUAGES:
        await tab.open(f"{address}{path}lang={language}", width=360)
        assert await unfair(tab, WITHOUT_REFRESH) == []
