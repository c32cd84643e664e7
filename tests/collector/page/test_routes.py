"""The page over HTTP: real requests to a real aiohttp server on loopback."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from itertools import pairwise
from xml.etree.ElementTree import Element

import html5lib
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from collector.core.overview import Overview
from collector.page import add_page
from collector.page.choice import Choice
from collector.page.routes import KEPT_S, Pages
from tests.collector.page.scenes import SCENES, evening, overview, station
from wire.facts import LANGUAGES, regions

Client = TestClient[web.Request, web.Application]
OUTSIDE = re.compile(rb"https?://|wss?://|(?:src|href|url)\s*[=(]\s*[\"']?//|@import", re.IGNORECASE)


class Source:
    """An overview that can be changed, and how often it was asked for."""

    def __init__(self) -> None:
        self.scene: Callable[[], Overview] = evening
        self.asked = 0

    def __call__(self) -> Overview:
        self.asked += 1
        return self.scene()


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
async def client(source: Source) -> AsyncIterator[Client]:
    app = web.Application()
    add_page(app, source)
    async with TestClient(TestServer(app)) as made:
        yield made


async def page(client: Client, source: Source, scene: str, language: str) -> str:
    source.scene = SCENES[scene]
    async with client.get("/", params={"lang": language, "scene": scene}) as answer:
        assert answer.status == 200
        return await answer.text()


def tree(html: str) -> Element:
    """The page as browsers build it; raises at the first thing that the standard does not allow."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    found: Element = parser.parse(html)
    return found


def named(root: Element, tag: str) -> list[Element]:
    return list(root.iter(tag))


def plain(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scene", SCENES)
async def test_the_page_is_well_formed_and_in_its_language(
    client: Client, source: Source, scene: str, language: str
) -> None:
    root = tree(await page(client, source, scene, language))
    assert root.attrib["lang"] == language
    assert len(named(root, "h1")) == len(named(root, "main")) == len(named(root, "title")) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scene", ["never", "evening"])
async def test_headings_go_down_one_step_at_a_time(
    client: Client, source: Source, scene: str, language: str
) -> None:
    root = tree(await page(client, source, scene, language))
    steps = [int(one.tag[1]) for one in root.iter() if one.tag in {"h1", "h2", "h3", "h4"}]
    assert steps[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(steps))


async def test_every_table_has_a_caption_and_heads_with_a_scope(client: Client, source: Source) -> None:
    root = tree(await page(client, source, "evening", "ru"))
    tables = named(root, "table")
    assert len(tables) == 5
    for table in tables:
        assert plain(named(table, "caption")[0])
        assert {one.attrib["scope"] for one in named(table, "th")} == {"row", "col"}
        widths = {len(list(row)) for row in named(table, "tr")}
        assert len(widths) == 1


async def test_ids_are_unique_and_every_inner_link_has_its_place(client: Client, source: Source) -> None:
    root = tree(await page(client, source, "evening", "kk"))
    ids = [one.attrib["id"] for one in root.iter() if "id" in one.attrib]
    assert len(ids) == len(set(ids))
    inner = [one.attrib["href"] for one in root.iter() if one.attrib.get("href", "").startswith("#")]
    assert {link[1:] for link in inner} <= set(ids)
    labels = [one.attrib["aria-labelledby"] for one in root.iter() if "aria-labelledby" in one.attrib]
    assert set(labels) <= set(ids)


async def test_the_table_says_in_words_what_the_map_shows(client: Client, source: Source) -> None:
    root = tree(await page(client, source, "evening", "en"))
    for code in regions():
        row = next(one for one in named(root, "tr") if one.attrib.get("id") == code)
        tile = next(one for one in named(root, "a") if one.attrib.get("href") == f"#{code}")
        word = plain(next(one for one in tile.iter("span") if one.attrib.get("class") == "tile-word"))
        assert word in plain(row)


async def test_times_are_written_for_machines_too(client: Client, source: Source) -> None:
    root = tree(await page(client, source, "evening", "en"))
    moments = [one.attrib["datetime"] for one in named(root, "time")]
    assert len(moments) > 20
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", one) for one in moments)


@pytest.mark.parametrize("scene", SCENES)
async def test_no_byte_that_is_served_points_outside(client: Client, source: Source, scene: str) -> None:
    html = await page(client, source, scene, "kk")
    served = [html.encode()]
    for path in sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html))):
        async with client.get(path) as answer:
            served.append(await answer.read())
    assert len(served) == 3
    assert [OUTSIDE.findall(one) for one in served] == [[], [], []]


async def test_the_page_has_no_script_and_no_inline_style(client: Client, source: Source) -> None:
    root = tree(await page(client, source, "evening", "kk"))
    assert not named(root, "script")
    assert not named(root, "style")
    assert not [one for one in root.iter() for name in one.attrib if name == "style" or name.startswith("on")]


async def test_what_comes_from_outside_is_escaped(client: Client, source: Source) -> None:
    nasty = station("<script>alert(1)</script>", "open", 5.0)
    source.scene = lambda: overview(stations=[nasty])
    async with client.get("/?lang=%22%3E%3Cscript%3E") as answer:
        html = await answer.text()
    assert "<script" not in html
    assert "&lt;script&gt;" in html


async def test_the_policy_lets_nothing_but_our_style_and_pictures_in(client: Client) -> None:
    async with client.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert policy == (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


async def test_every_answer_has_the_safety_headers(client: Client) -> None:
    for path in ("/", "/static/page.css"):
        async with client.get(path) as answer:
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "no-referrer"


async def test_the_language_comes_from_the_address_then_the_browser_then_kazakh(client: Client) -> None:
    async def language(path: str, **headers: str) -> str:
        async with client.get(path, headers=headers) as answer:
            return answer.headers["Content-Language"]

    assert await language("/") == "kk"
    assert await language("/", **{"Accept-Language": "ru-RU"}) == "ru"
    assert await language("/?lang=en", **{"Accept-Language": "ru-RU"}) == "en"


async def test_links_keep_the_language(client: Client, source: Source) -> None:
    async with client.get("/?lang=ru&reload=off") as answer:
        root = tree(await answer.text())
    links = {one.attrib["href"] for one in named(root, "a") if one.attrib["href"].startswith("/?")}
    assert links == {"/?lang=kk&reload=off", "/?lang=ru&reload=off", "/?lang=en&reload=off", "/?lang=ru"}


async def test_the_page_reloads_every_minute_unless_it_is_told_to_stay(client: Client) -> None:
    async with client.get("/") as answer:
        assert '<meta http-equiv="refresh" content="60">' in await answer.text()
    async with client.get("/?reload=off") as answer:
        assert "refresh" not in (await answer.text()).partition("</head>")[0]


async def test_a_reader_who_has_the_page_gets_304(client: Client) -> None:
    async with client.get("/?lang=en") as first:
        tag = first.headers["ETag"]
        assert first.headers["Cache-Control"] == "no-cache"
    async with client.get("/?lang=en", headers={"If-None-Match": tag}) as second:
        assert (second.status, await second.read()) == (304, b"")
        assert second.headers["ETag"] == tag
    async with client.get("/?lang=ru", headers={"If-None-Match": tag}) as other:
        assert other.status == 200


async def test_a_weak_line_gets_the_page_compressed(client: Client) -> None:
    async with client.get("/?lang=kk", headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert len(await answer.text()) > 20_000


async def test_files_may_be_kept_for_ever_under_a_name_that_changes_with_them(client: Client) -> None:
    async with client.get("/") as answer:
        html = await answer.text()
    found = re.findall(r"/static/[a-z]+-[0-9a-f]{12}\.(css|png)", html)
    assert set(found) == {"css", "png"}
    path = re.search(r"/static/page-[0-9a-f]{12}\.css", html)
    assert path
    async with client.get(path[0]) as answer:
        assert answer.headers["Content-Type"].startswith("text/css")
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["page.css", "page-000000000000.css", "..%2fpage.css", "%2e%2e/words.py"])
async def test_no_other_file_is_served(client: Client, name: str) -> None:
    async with client.get(f"/static/{name}") as answer:
        assert answer.status == 404


async def test_head_and_foreign_methods_are_answered_properly(client: Client) -> None:
    async with client.head("/") as answer:
        assert answer.status == 200
    async with client.post("/") as answer:
        assert answer.status == 405


async def test_a_crowd_costs_one_page(client: Client, source: Source) -> None:
    for _ in range(20):
        async with client.get("/?lang=en") as answer:
            assert answer.status == 200
    assert source.asked <= 3  # at most one each second; a slow machine may need more than one


def test_a_page_is_made_anew_after_its_moment(source: Source) -> None:
    pages = Pages(source)
    choice = Choice(language="en")
    first = pages.get(choice, 100.0)
    assert pages.get(choice, 100.0 + KEPT_S / 2) is first
    source.scene = SCENES["calm"]
    assert "Everything that we watch is reachable" in pages.get(choice, 100.0 + KEPT_S).html
    assert source.asked == 2


def test_readers_cannot_fill_the_memory_with_choices(source: Source) -> None:
    pages = Pages(source)
    choices = [Choice(language=language, reload=reload) for language in LANGUAGES for reload in (True, False)]
    assert len({pages.get(choice, 0.0).tag for choice in choices}) == 6
