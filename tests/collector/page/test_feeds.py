"""Atom and CAP: what readers of feeds and of alerts are promised."""

from __future__ import annotations

from xml.etree.ElementTree import Element, fromstring

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from collector.core.book import Book
from collector.page import add_feeds
from collector.page.atom import feed
from collector.page.cap import alert
from tests.collector.page.cap_rules import CAP, faults
from tests.collector.page.told import BLOCK, GONE, SILENT, SIX, WIDE, book, revision
from wire.facts import LANGUAGES, Language

ATOM = "{http://www.w3.org/2005/Atom}"
NAMES = ["i-silent", "i-nation", "i-block", "i-gone"]


def cap_of(name: str, revisions: int | None = None) -> Element:
    return fromstring(alert(book().revisions(name)[:revisions], "abc"))  # noqa: S314 - our own bytes


def said(root: Element, path: str) -> list[str | None]:
    return [one.text for one in root.findall("/".join(f"{CAP}{name}" for name in path.split("/")))]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("revisions", [1, 2])
def test_an_alert_is_as_the_standard_wants_it(name: str, revisions: int) -> None:
    root = cap_of(name, revisions)
    assert root.tag == f"{CAP}alert"
    assert faults(root) == []


def test_the_area_names_every_place_and_the_headline_a_few() -> None:
    root = fromstring(alert([revision(SIX, 0.0)], "abc"))  # noqa: S314 - our own bytes
    area, headline = said(root, "info/area/areaDesc")[-1], said(root, "info/headline")[-1]
    assert area == (
        "Abai Region, Akmola Region, Aktobe Region, Almaty Region, Atyrau Region, West Kazakhstan Region, mobile networks"
    )
    assert headline is not None
    assert headline.startswith("Abai Region, Akmola Region, Aktobe Region and 3 more, mobile networks: ")
    targets = fromstring(alert([revision(WIDE, 0.0)], "abc"))  # noqa: S314 - our own bytes
    assert said(targets, "info/area/areaDesc")[-1] == "The whole country", "a messenger is no place"


def test_the_rules_find_faults() -> None:
    root = cap_of("i-silent")
    root.remove(root[2])
    root.append(root[0])
    root[2].text = "Real"
    assert faults(root) == [
        "alert: wrong order",
        "alert: 2 times identifier",
        "alert: 0 times sent",
        "status: 'Real'",
    ]


@pytest.mark.parametrize(
    ("name", "revisions", "kind", "urgency", "response"),
    [
        ("i-silent", 1, "Alert", "Immediate", "Monitor"), ("i-silent", 2, "Update", "Immediate", "Monitor"),
        ("i-block", 2, "Update", "Past", "AllClear"), ("i-gone", 2, "Cancel", "Past", "AllClear"),
    ],
)  # fmt: skip
def test_a_revision_is_a_message_that_names_the_earlier_ones(
    name: str, revisions: int, kind: str, urgency: str, response: str
) -> None:
    root = cap_of(name, revisions)
    assert said(root, "msgType") == [kind]
    assert said(root, "identifier") == [f"{name}.{revisions}"]
    assert set(said(root, "info/urgency")) == {urgency}
    assert set(said(root, "info/responseType")) == {response}
    first = cap_of(name, 1)
    references = [f"abc,{name}.1,{said(first, 'sent')[0]}"] if revisions > 1 else []
    assert said(root, "references") == references


def test_an_alert_speaks_three_languages_and_names_the_place() -> None:
    root = cap_of("i-silent")
    assert said(root, "info/language") == ["kk-KZ", "ru-KZ", "en"]
    sentences = (SILENT.sentence.kk, SILENT.sentence.ru, SILENT.sentence.en)
    told = said(root, "info/description")
    assert all(str(text).startswith(sentence) for text, sentence in zip(told, sentences, strict=True))
    assert said(root, "info/area/geocode/value") == ["KZ-43"] * 3
    assert said(cap_of("i-nation"), "info/area/geocode/value") == ["KZ"] * 3


def atom_of(known: Book, language: Language = "en") -> Element:
    told = {one.incident.id: known.revisions(one.incident.id) for one in known.last()}
    return fromstring(feed(told, language, "abc", 0.0))  # noqa: S314 - our own bytes


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_feed_has_what_rfc_4287_demands(language: Language) -> None:
    root = atom_of(book(), language)
    entries = root.findall(f"{ATOM}entry")
    for one in (root, *entries):
        assert all(len(one.findall(f"{ATOM}{name}")) == 1 for name in ("id", "title", "updated"))
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    ids = [one.findtext(f"{ATOM}id") for one in (root, *entries)]
    assert len(set(ids)) == len(NAMES) + 1
    assert all(str(one).startswith("urn:uuid:") for one in ids)
    updated = [str(one.findtext(f"{ATOM}updated")) for one in entries]
    assert updated == sorted(updated, reverse=True)
    assert root.findtext(f"{ATOM}updated") == updated[0]


def test_an_entry_keeps_its_id_in_every_language_and_revision() -> None:
    names = {tuple(one.findtext(f"{ATOM}id") for one in atom_of(book(), language)) for language in LANGUAGES}
    assert len(names) == 1


def test_what_xml_cannot_carry_is_marked() -> None:
    texts = [one.findtext(f"{ATOM}summary") for one in atom_of(book()).findall(f"{ATOM}entry")]
    assert any("telegram<b>\ufffd" in str(text) for text in texts)
    assert "\x01" in BLOCK.sentence.en
    assert GONE.sentence.en in texts


def test_a_feed_of_calm_times_is_whole() -> None:
    assert atom_of(Book()).findtext(f"{ATOM}updated") == "1970-01-01T00:00:00.000Z"


async def test_feeds_are_served_with_their_types_and_may_be_asked_again() -> None:
    app = web.Application()
    add_feeds(app, book, "abc", 0.0)
    async with TestClient(TestServer(app)) as client:
        for path, media in (
            ("/incidents.atom", "application/atom+xml"),
            ("/incidents/i-block.cap", "application/cap+xml"),
        ):
            async with client.get(path) as answer:
                assert (answer.status, answer.content_type) == (200, media)
                tag = answer.headers["ETag"]
            async with client.get(path, headers={"If-None-Match": tag}) as again:
                assert again.status == 304
