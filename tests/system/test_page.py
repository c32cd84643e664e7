"""A real Chromium opens the page, as readers do: three languages, a phone and a desk, light and dark.

The pictures stay in tests/artifacts/ for people to look at. axe-core looks for what shuts readers out.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from collector.core.times import stamp
from collector.page import add_page
from tests.browser import Tab, browser
from tests.collector.core.scenes import NOW, key, seen
from tests.collector.harness import running
from tests.collector.page.scenes import SCENES
from wire.facts import LANGUAGES
from wire.records import Network, StationReport

ARTIFACTS = Path(__file__).parents[1] / "artifacts"
AXE = resources.files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
# Every rule but one: a page about an outage has to renew itself (WCAG 2.2.1, real-time exception),
# and says how to stop that; so `meta-refresh` is looked for only where readers have stopped it.
WITHOUT_REFRESH = json.dumps({"rules": {"meta-refresh": {"enabled": False}}})
HEADLINES = {
    "kk": "2 өңірде іркіліс бар",
    "ru": "Сбои в 2 регионах",
    "en": "Trouble in 2 regions",
}
SAID = {
    "kk": ("Қызылорда облысы", "үзілген", "жарық жоқ", "38 секунд бұрын", "Қаншалықты сенімдіміз?"),
    "ru": (
        "Кызылординская область",
        "отрезано",
        "нет электричества",
        "38 секунд назад",
        "Насколько мы уверены?",
    ),
    "en": ("Kyzylorda Region", "cut off", "no power", "38 seconds ago", "How sure are we?"),
}


@asynccontextmanager
async def shown(scene: str) -> AsyncIterator[str]:
    """The page of one scene on loopback; gives its address."""
    app = web.Application()
    add_page(app, SCENES[scene])
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


@pytest.fixture
async def tab() -> AsyncIterator[Tab]:
    async with browser() as made:
        yield made


async def unfair(tab: Tab, options: str = "{}") -> list[tuple[str, Any]]:
    """What axe-core finds wrong: the rule and the places."""
    await tab.value(f"{AXE}; 0")
    found = await tab.value(f"axe.run(document, {options}).then(result => result.violations)")
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


async def test_the_page_opens_in_three_languages_on_a_phone_and_a_desk(tab: Tab) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    async with shown("evening") as address:
        for language in LANGUAGES:
            for width in (360, 1280):
                await tab.open(f"{address}?lang={language}", width=width)
                await tab.picture(ARTIFACTS / f"page-{language}-{width}.png")
                text = await tab.text()
                assert HEADLINES[language] in text
                assert [word for word in SAID[language] if word not in text] == []
                assert await tab.value("document.documentElement.lang") == language
                assert await tab.value("document.documentElement.scrollWidth") == width
    assert tab.console == []


@pytest.mark.parametrize("width", [320, 768, 1024, 1920])
async def test_nothing_sticks_out_at_any_width(tab: Tab, width: int) -> None:
    for scene in ("evening", "never"):
        async with shown(scene) as address:
            for language in LANGUAGES:
                await tab.open(f"{address}?lang={language}", width=width)
                assert await tab.value("document.documentElement.scrollWidth") == width
                cut_off = "[...document.querySelectorAll('.tile *, td, th')].filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1 && getComputedStyle(one).display !== 'inline').map(one => one.textContent)"
                assert await tab.value(cut_off) == [], (scene, language)


async def test_what_a_probe_and_a_station_send_stands_on_the_page_at_once(tab: Tab, tmp_path: Path) -> None:
    probe, gateway, outside = key(1), key(2), Network(asn="AS0", side="outside")
    blocked = seen("bbc.com", "blocked", "tls.reset.sni", probe=probe.id)
    closed = StationReport(id="r1", station="KZ-71-0379", kind="closed", at=stamp(NOW))
    async with running(tmp_path, publish_from=1) as collector:
        await tab.open(f"{collector.url}/?lang=en")
        assert "Nothing heard yet" in await tab.text()
        await collector.enrol(probe)
        await collector.enrol(gateway, "gateway", outside)
        assert (await collector.send(probe, [seen("egov.kz", side="domestic", probe=probe.id), blocked]))[
            0
        ] == 200
        assert (await collector.report(gateway, [closed]))[0] == 200
        await tab.open(f"{collector.url}/?lang=en&reload=off")  # the page of before is kept for a second
        text = await tab.text()
    assert "Our one probe says: almost no site abroad can be reached" in text
    assert "KZ-71-0379" in text
    assert tab.console == []


async def test_the_browser_asks_for_three_files_and_nobody_else(tab: Tab) -> None:
    async with shown("evening") as address:
        await tab.open(address)
        # The browser draws the calendar of its own field for a moment: a data address asks nobody.
        paths = sorted(asked.removeprefix(address) for asked in tab.asked if not asked.startswith("data:"))
    assert [path.partition("-")[0] for path in paths] == ["", "static/icon", "static/page"]
    assert tab.console == []


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "light"), (1280, "dark")])
async def test_axe_finds_nothing_that_shuts_readers_out(tab: Tab, width: int, scheme: str) -> None:
    for scene, language in zip(SCENES, ("kk", "ru", "en", "kk", "ru", "en"), strict=True):
        async with shown(scene) as address:
            await tab.open(f"{address}?lang={language}&reload=off", width=width, scheme=scheme)
            assert await unfair(tab) == [], (scene, language)


async def test_axe_would_find_something(tab: Tab) -> None:
    async with shown("evening") as address:
        await tab.open(f"{address}?lang=kk&reload=off")
        await tab.value("document.documentElement.removeAttribute('lang')")
        await tab.value("document.querySelector('h1').style.color = '#b35400'")
        assert [rule for rule, _ in await unfair(tab)] == ["color-contrast", "html-has-lang"]


async def test_axe_finds_nothing_where_the_page_renews_itself(tab: Tab) -> None:
    async with shown("evening") as address:
        await tab.open(f"{address}?lang=kk")
        assert await unfair(tab, WITHOUT_REFRESH) == []


async def test_the_keyboard_reaches_the_answer_and_every_region(tab: Tab) -> None:
    async with shown("evening") as address:
        await tab.open(f"{address}?lang=en")
        first = "document.querySelector('a').getAttribute('href')"
        assert await tab.value(first) == "#answer"
        assert await tab.value("document.querySelectorAll('.map a[href^=\"#KZ-\"]').length") == 20


async def test_paper_shows_every_state_in_words(tab: Tab) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    async with shown("evening") as address:
        await tab.open(f"{address}?lang=ru")
        await tab.call("Emulation.setEmulatedMedia", media="print")
        await tab.picture(ARTIFACTS / "page-ru-print.png")
        text = await tab.text()
    assert HEADLINES["ru"] in text
    assert "Обновлять" not in text
