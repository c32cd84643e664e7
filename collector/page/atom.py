"""The newest incidents as an Atom feed (RFC 4287). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import NAMESPACE_OID, uuid5
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from collector.core.book import Revision
from collector.core.times import stamp
from collector.page.cap import MEDIA as CAP_MEDIA
from collector.page.catalogues import words_in
from collector.page.incidents import title
from collector.page.markup import clean
from wire.facts import Language

ATOM: Final = "http://www.w3.org/2005/Atom"
MEDIA: Final = "application/atom+xml"
MOST: Final = 50
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
register_namespace("", ATOM)


def feed(told: Mapping[str, Sequence[Revision]], language: Language, sender: str, started: float) -> bytes:
    """Each incident's revisions (by id) as one entry, the newest first.

    `sender` makes the feed's own id; `started` (Unix seconds) dates a feed without entries.
    """
    words = words_in(language)
    root = Element(_name("feed"), {_XML_LANG: language})
    newest = sorted(told.values(), key=lambda one: (-one[-1].known_at, one[-1].incident.id))[:MOST]
    _add(root, "id", uuid5(NAMESPACE_OID, f"dabyl/{sender}/incidents").urn)
    _add(root, "title", f"{words('brand')}: {words('incidents-heading')}")
    _add(root, "updated", stamp(newest[0][-1].known_at if newest else started))
    _add(SubElement(root, _name("author")), "name", words("brand"))
    _link(root, "self", f"/incidents.atom?lang={language}", MEDIA)
    _link(root, "alternate", f"/?lang={language}", "text/html")
    for revisions in newest:
        _entry(SubElement(root, _name("entry")), revisions, language, sender)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _entry(entry: Element, revisions: Sequence[Revision], language: Language, sender: str) -> None:
    last = revisions[-1].incident
    words = words_in(language)
    state = f" ({words('incident-withdrawn')})" if last.withdrawn else ""
    _add(entry, "id", uuid5(NAMESPACE_OID, f"dabyl/{sender}/incidents/{last.id}").urn)
    _add(entry, "title", title(words, last, language) + state)
    _add(entry, "published", stamp(revisions[0].known_at))
    _add(entry, "updated", stamp(revisions[-1].known_at))
    _link(entry, "alternate", f"/incidents/{last.id}?lang={language}", "text/html")
    _link(entry, "related", f"/incidents/{last.id}.cap", CAP_MEDIA)
    SubElement(entry, _name("category"), {"term": last.kind})
    _add(entry, "summary", getattr(last.sentence, language))


def _link(parent: Element, relation: str, address: str, media: str) -> None:
    SubElement(parent, _name("link"), {"rel": relation, "href": address, "type": media})


def _name(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, _name(name)).text = clean(text)
