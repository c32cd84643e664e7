"""The gateway operator's page in a real Chromium: three languages, a phone and a desk, nothing that shuts out.

The pictures stay in tests/artifacts/ for people to look at.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.browser import Tab, browser
from tests.servers.smsc import deliver, smsc
from tests.sms_gateway.harness import NOWHERE, Gateway, gateway
from tests.sms_gateway.test_smpp import link
from tests.system.test_page import ARTIFACTS, unfair
from wire.facts import LANGUAGES

TITLES = {"kk": "Қайшы хабарламалар", "ru": "Противоречивые сообщения", "en": "Told in two ways"}
BROUGHT = (
    (b"power on 71 379", b"77011234567"),
    (b"power off 71 379", b"77770000001"),
    (b"hello <script>", b"77012223344"),
    (b"KZ-75-0012 OPEN", b"77770000002"),
)


@pytest.fixture
async def tab() -> AsyncIterator[Tab]:
    async with browser() as made:
        yield made


@asynccontextmanager
async def busy(folder: Path) -> AsyncIterator[Gateway]:
    """A gateway with a link that is up and one that is not, a dispute, a rejected text, an unreadable one."""
    async with smsc() as centre:
        links = (link(centre.port), link(1, name="away"))
        async with gateway(folder, NOWHERE, link=links) as here:
            await centre.until(lambda: centre.bound)
            for text, sender in BROUGHT:
                assert await centre.bound[0].bring(deliver(text, sender)) == 0
            assert await centre.bound[0].bring(deliver(b"cut")[:-1]) == 0
            await here.until_read()
            yield here


async def test_the_operators_page_shuts_nobody_out(tab: Tab, tmp_path: Path) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    async with busy(tmp_path) as here:
        for language in LANGUAGES:
            for width in (360, 1280):
                await tab.open(f"{here.url}/?lang={language}", width=width)
                assert TITLES[language] in await tab.text()
                assert await unfair(tab) == []
                await tab.picture(ARTIFACTS / f"operator-{language}-{width}.png")
                assert await tab.value("document.documentElement.scrollWidth") <= width, "it sticks out"
        shown = await tab.text()
        assert "power on 71 379" in shown
        assert "power off 71 379" in shown
        assert not any(number.decode() in shown for _, number in BROUGHT)
        assert tab.console == []
        assert {url.partition("?")[0] for url in tab.asked} <= {f"{here.url}/", f"{here.url}/favicon.ico"}
