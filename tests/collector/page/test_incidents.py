from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from msgspec.structs import replace

from collector.core.book import Book
from collector.core.witnesses import SAW, Witness
from collector.page import add_feeds, add_page
from collector.page.catalogues import words_in
from collector.page.incidents import (
    KIND_WORDS,
    SAW_WORDS,
    everywhere,
    incident_view,
    leading,
    newest,
    title,
    where,
)
from collector.page.timeline import STRIP, timeline
from tests.collector.page.scenes import AT, evening
from tests.collector.page.test_routes import OUTSIDE, named, plain, tree
from tests.collector.page.told import (
    BLOCK,
    DOORS,
    GONE,
    HOUR,
    NATION,
    SILENT,
    SIX,
    WIDE,
    book,
    incident,
    revision,
)
from wire.facts import LANGUAGES, Language, regions
from wire.incidents import Incident, Scope
from wire.times import after

Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    app = web.Application()
    add_feeds(app, book, "abc", 0.0)
    add_page(app, evening, book)
    async with TestClient(TestServer(app)) as made:
        yield made


async def text(client: Client, path: str) -> str:
    async with client.get(path) as answer:
        assert answer.status == 200
        return await answer.text()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/", "/incidents/i-silent", "/incidents/i-block", "/incidents/i-gone"])
async def test_every_page_is_well_formed_and_points_nowhere_outside(
    client: Client, language: str, path: str
) -> None:
    html = await text(client, f"{path}?lang={language}")
    root = tree(html)
    assert root.attrib["lang"] == language
    assert len(named(root, "h1")) == len(named(root, "main")) == 1
    assert not OUTSIDE.findall(html.encode())
    assert not named(root, "script")
    assert not [one for one in root.iter() for name in one.attrib if name == "style" or name.startswith("on")]
    for table in named(root, "table"):
        assert len({len(list(row)) for row in named(table, "tr")}) == 1
        assert plain(named(table, "caption")[0])
    ids = [one.attrib["id"] for one in root.iter() if "id" in one.attrib]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("language", "sentence", "since"),
    [
        ("kk", SILENT.sentence.kk, "Басталды: 1 сағат бұрын"),
        ("ru", SILENT.sentence.ru, "Началось 1 час назад"),
        ("en", SILENT.sentence.en, "Began 1 hour ago"),
    ],
)
async def test_the_page_tells_the_newest_and_since_when(
    client: Client, language: str, sentence: str, since: str
) -> None:
    html = plain(tree(await text(client, f"/?lang={language}")))
    assert sentence in html
    assert since in html


async def test_an_incident_has_a_page_with_all_that_was_told(client: Client) -> None:
    root = tree(await text(client, "/incidents/i-silent?lang=en"))
    assert "mobile networks: nothing answers" in plain(named(root, "h1")[0])
    assert len(named(named(root, "tbody")[0], "tr")) == 2
    assert [plain(one) for one in named(root, "code")] == [
        "m-1",
        "m-2",
        "dabyl collector export --incident i-silent",
    ]
    links = {one.attrib["href"] for one in named(root, "a")}
    assert {"/incidents/i-silent?lang=kk", "/incidents/i-silent.cap", "/v1/incidents/i-silent"} <= links
    assert f"/past?at={after(SILENT.started_at, 120.0)}&lang=en" in links


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_incident_tells_what_its_witnesses_saw(language: Language) -> None:
    witness = Witness(
        id="m-1", probe="p-1", at=after(AT, -7_100.0), region="KZ-43", operator="AS29355", access="mobile",
        target="egov.kz", saw="fails",
    )  # fmt: skip
    told = [replace(revision(SILENT, 60.0), evidence=(witness,))]
    (row,) = incident_view(words_in(language), told, language, AT).evidence
    assert (row.id, row.probe, row.target) == ("m-1", "p-1", "egov.kz")
    assert row.where.startswith(regions()["KZ-43"].name(language))
    assert row.saw == {"kk": "істемейді", "ru": "не работает", "en": "does not work"}[language]


def test_the_page_has_a_word_for_whatever_a_witness_saw() -> None:
    assert set(SAW_WORDS) == set(SAW.values())


async def test_a_name_that_a_target_bears_is_escaped(client: Client) -> None:
    html = await text(client, "/incidents/i-block?lang=en")
    assert "<b>" not in html
    assert "telegram&lt;b&gt;" in html


@pytest.mark.parametrize("path", ["/incidents/nobody", "/incidents/nobody.cap", "/incidents/"])
async def test_an_incident_that_is_unknown_has_no_page(client: Client, path: str) -> None:
    async with client.get(path) as answer:
        assert answer.status == 404


def test_a_messenger_is_named_once_however_many_doors_it_has() -> None:
    assert title(words_in("en"), WIDE, "en") == (
        "The whole country: a service is blocked (signal, telegram, whatsapp)"
    )
    assert "(signal, telegram, whatsapp)" in WIDE.sentence.kk


def test_a_headline_names_a_few_places_and_the_page_names_all() -> None:
    words = words_in("en")
    assert where(words, SIX, "en") == "Abai Region, Akmola Region, Aktobe Region and 3 more, mobile networks"
    assert all(regions()[code].name("en") in everywhere(words, SIX, "en") for code in SIX.scope.regions)
    shown = incident_view(words, [revision(WIDE, 1.0)], "en", AT)
    assert (shown.where, shown.targets) == ("The whole country", ", ".join(DOORS))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_follows_a_place_begins_with_no_name_that_needs_its_capital(language: Language) -> None:
    for message in KIND_WORDS.values():
        assert not words_in(language)(message).startswith(("Қазақстан", "Казахстан", "Kazakhstan"))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_browser_is_told_in_words_that_an_incident_is_unknown(
    client: Client, language: Language
) -> None:
    headers = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    async with client.get(f"/incidents/<b>?lang={language}", headers=headers) as answer:
        assert (answer.status, answer.content_type) == (404, "text/html")
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["Content-Language"] == language
        html = await answer.text()
    root = tree(html)
    assert "<b>" not in html
    assert plain(named(root, "h1")[0]) == words_in(language)("missing-heading")
    assert f"/?lang={language}" in {one.attrib["href"] for one in named(root, "a")}


def test_the_widest_that_lasts_leads() -> None:
    assert leading(book().last()) == NATION
    assert leading([revision(SILENT, 0.0), revision(BLOCK, 0.0), revision(GONE, 0.0)]) == SILENT
    assert leading(Book().last()) is None


DARK = incident("i-dark", "dark_from_abroad", Scope(level="national"), HOUR, confidence=0.95)
GONE_QUIET = incident("i-quiet", "connectivity_loss", Scope(level="national"), HOUR, silent=True)
MESSENGERS = incident("i-block-all", "service_block", Scope(level="national"), HOUR, confidence=0.99)


@pytest.mark.parametrize(
    ("lasting", "leads"),
    [
        ([DARK, NATION], NATION),  # what is measured inside says more, however sure the other is
        ([DARK, GONE_QUIET], DARK),  # silence alone may be a failure of power
        ([MESSENGERS, GONE_QUIET], GONE_QUIET),
        ([MESSENGERS, DARK], DARK),
    ],
)
def test_a_cut_that_is_measured_leads_among_equals(lasting: list[Incident], leads: Incident) -> None:
    for told in (lasting, lasting[::-1]):
        assert leading([revision(one, 0.0) for one in told]) == replace(leads, revision=1)


def test_the_newest_are_told_what_lasts_first_and_nothing_withdrawn() -> None:
    names = [one.link.rpartition("/")[2] for one in newest(words_in("en"), book().last(), "en", AT)]
    assert names == [NATION.id, SILENT.id, BLOCK.id]


def test_ninety_days_are_drawn_and_told() -> None:
    lanes = timeline(words_in("en"), book().last(), AT)
    assert [(lane.name, lane.count) for lane in lanes] == [
        ("Nothing answers", 1), ("Sites abroad do not answer", 1), ("A service is blocked", 1),
    ]  # fmt: skip
    assert all(
        bar.x >= 0 and bar.x + bar.width <= STRIP and bar.width >= 4 for lane in lanes for bar in lane.bars
    )
    assert re.fullmatch(r"17 November 2026 for 10 hours", lanes[2].told)


def test_calm_days_have_no_strip() -> None:
    assert timeline(words_in("en"), [], AT) == ()
