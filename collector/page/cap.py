"""An incident as an alert of the Common Alerting Protocol (OASIS CAP 1.2). Pure.

The order of the elements is that of the standard's schema. A revision is a message of its own
that refers to all earlier ones; a withdrawn incident is cancelled; one that is over is an update
that says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from collector.core.book import Revision, is_active
from collector.core.times import epoch_seconds, stamp
from collector.page.catalogues import words_in
from collector.page.incidents import KIND_WORDS, everywhere, title
from collector.page.markup import clean
from wire.facts import LANGUAGES, Language
from wire.incidents import Incident

CAP: Final = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA: Final = "application/cap+xml"
_LANGUAGES: Final[dict[Language, str]] = {"kk": "kk-KZ", "ru": "ru-KZ", "en": "en"}
_SEVERITY: Final = {"national": "Severe", "region": "Severe", "operator": "Severe"}
_CERTAINTY: Final = ((0.9, "Observed"), (0.5, "Likely"), (0.0, "Possible"))
register_namespace("cap", CAP)


def alert(told: Sequence[Revision], sender: str) -> bytes:
    """The last of an incident's revisions as XML. `sender`: who we are, no blanks or commas."""
    root = Element(_name("alert"))
    last = told[-1]
    _add(root, "identifier", identifier(last.incident))
    _add(root, "sender", sender)
    _add(root, "sent", _time(last.known_at))
    _add(root, "status", "Actual")
    _add(root, "msgType", _kind_of_message(told))
    _add(root, "scope", "Public")
    if len(told) > 1:
        earlier = (
            f"{sender},{identifier(one.incident)},{_time(one.known_at)}" for one in told[:-1]
        )  # the standard's form
        _add(root, "references", " ".join(earlier))
    for language in LANGUAGES:
        _info(SubElement(root, _name("info")), last.incident, language)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def identifier(one: Incident) -> str:
    """The name of a revision's message."""
    return f"{one.id}.{one.revision}"


def _info(info: Element, one: Incident, language: Language) -> None:
    words = words_in(language)
    lasts = is_active(one)
    _add(info, "language", _LANGUAGES[language])
    _add(info, "category", "Infra")
    _add(info, "event", words(KIND_WORDS[one.kind]))
    _add(info, "responseType", "Monitor" if lasts else "AllClear")
    _add(info, "urgency", "Immediate" if lasts else "Past")
    _add(info, "severity", _SEVERITY.get(one.scope.level, "Moderate"))
    _add(info, "certainty", next(word for least, word in _CERTAINTY if one.confidence >= least))
    _add(info, "onset", _time(epoch_seconds(one.started_at)))
    _add(info, "senderName", "Dabyl")
    _add(info, "headline", title(words, one, language))
    _add(info, "description", " ".join(_description(one, language)))
    for name, value in _parameters(one):
        parameter = SubElement(info, _name("parameter"))
        _add(parameter, "valueName", name)
        _add(parameter, "value", value)
    _area(SubElement(info, _name("area")), one, everywhere(words, one, language))


def _description(one: Incident, language: Language) -> Iterator[str]:
    yield getattr(one.sentence, language)
    if one.silent:
        yield words_in(language)("incident-silent")


def _parameters(one: Incident) -> Iterator[tuple[str, str]]:
    yield "kind", one.kind
    yield "revision", str(one.revision)
    yield "confidence", str(one.confidence)
    if one.ended_at is not None:
        yield "ended_at", one.ended_at
    for name in ("operators", "access", "categories", "targets"):
        if values := getattr(one.scope, name):
            yield name, " ".join(values)


def _area(area: Element, one: Incident, name: str) -> None:
    _add(area, "areaDesc", name)
    for code in one.scope.regions or ("KZ",):
        geocode = SubElement(area, _name("geocode"))
        _add(geocode, "valueName", "ISO3166-2" if one.scope.regions else "ISO3166-1")
        _add(geocode, "value", code)


def _kind_of_message(told: Sequence[Revision]) -> str:
    if told[-1].incident.withdrawn:
        return "Cancel"
    return "Update" if len(told) > 1 else "Alert"


def _time(seconds: float) -> str:
    """As CAP wants it: no fraction, and UTC as -00:00, never Z."""
    return stamp(seconds)[:19] + "-00:00"


def _name(name: str) -> str:
    return f"{{{CAP}}}{name}"


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, _name(name)).text = clean(text)
