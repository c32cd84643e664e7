"""A browser for a whole file of tests of the station page."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.browser import Tab, browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened() -> AsyncIterator[Tab]:
    """One for all tests of a file."""
    async with browser() as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def tab(opened: Tab) -> AsyncIterator[Tab]:
    """Its tab; what a test kept in the page is wiped after it."""
    opened.asked.clear()
    yield opened
    await opened.value("dabyl.store.erase()")
