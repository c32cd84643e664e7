"""What OASIS CAP 1.2 (section 3.2 and the schema of section 3.4) demands of the elements that we write.

Each row: element, least and most times, and the pattern or the words that its text must be.
"""

from __future__ import annotations

import re
from typing import Final
from xml.etree.ElementTree import Element

CAP: Final = "{urn:oasis:names:tc:emergency:cap:1.2}"
MANY: Final = 1_000
_ANY = r"(?s).+"
_TOKEN = r"[^\s,<&]+"
_TIME = r"\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d"
_TRIPLE = rf"{_TOKEN},{_TOKEN},{_TIME}"
Row = tuple[str, int, int, str]
RULES: Final[dict[str, tuple[Row, ...]]] = {
    "alert": (
        ("identifier", 1, 1, _TOKEN), ("sender", 1, 1, _TOKEN), ("sent", 1, 1, _TIME),
        ("status", 1, 1, "Actual|Exercise|System|Test|Draft"),
        ("msgType", 1, 1, "Alert|Update|Cancel|Ack|Error"), ("source", 0, 1, _ANY),
        ("scope", 1, 1, "Public|Restricted|Private"), ("restriction", 0, 1, _ANY), ("addresses", 0, 1, _ANY),
        ("code", 0, MANY, _ANY), ("note", 0, 1, _ANY), ("references", 0, 1, rf"{_TRIPLE}( {_TRIPLE})*"),
        ("incidents", 0, 1, _ANY), ("info", 0, MANY, ""),
    ),
    "info": (
        ("language", 0, 1, r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*"),
        ("category", 1, MANY, "Geo|Met|Safety|Security|Rescue|Fire|Health|Env|Transport|Infra|CBRNE|Other"),
        ("event", 1, 1, _ANY),
        ("responseType", 0, MANY, "Shelter|Evacuate|Prepare|Execute|Avoid|Monitor|Assess|AllClear|None"),
        ("urgency", 1, 1, "Immediate|Expected|Future|Past|Unknown"),
        ("severity", 1, 1, "Extreme|Severe|Moderate|Minor|Unknown"),
        ("certainty", 1, 1, "Observed|Likely|Possible|Unlikely|Unknown"), ("audience", 0, 1, _ANY),
        ("eventCode", 0, MANY, ""), ("effective", 0, 1, _TIME), ("onset", 0, 1, _TIME), ("expires", 0, 1, _TIME),
        ("senderName", 0, 1, _ANY), ("headline", 0, 1, _ANY), ("description", 0, 1, _ANY),
        ("instruction", 0, 1, _ANY), ("web", 0, 1, _ANY), ("contact", 0, 1, _ANY), ("parameter", 0, MANY, ""),
        ("resource", 0, MANY, ""), ("area", 0, MANY, ""),
    ),
    "parameter": (("valueName", 1, 1, _ANY), ("value", 1, 1, _ANY)),
    "area": (
        ("areaDesc", 1, 1, _ANY), ("polygon", 0, MANY, _ANY), ("circle", 0, MANY, _ANY), ("geocode", 0, MANY, ""),
        ("altitude", 0, 1, _ANY), ("ceiling", 0, 1, _ANY),
    ),
    "geocode": (("valueName", 1, 1, _ANY), ("value", 1, 1, _ANY)),
}  # fmt: skip


def faults(element: Element) -> list[str]:
    """Everything in an element that the standard does not allow."""
    name = element.tag.removeprefix(CAP)
    rows = RULES[name]
    order = [row[0] for row in rows]
    children = [child.tag.removeprefix(CAP) for child in element]
    found = [f"{name}: unknown {child}" for child in children if child not in order]
    places = [order.index(child) for child in children if child in order]
    if places != sorted(places):
        found.append(f"{name}: wrong order")
    for wanted, least, most, _ in rows:
        if not least <= children.count(wanted) <= most:
            found.append(f"{name}: {children.count(wanted)} times {wanted}")
    texts = {row[0]: row[3] for row in rows}
    for child in element:
        plain = child.tag.removeprefix(CAP)
        found += (
            faults(child) if plain in RULES else _text_faults(plain, child.text or "", texts.get(plain, _ANY))
        )
    return found


def _text_faults(name: str, text: str, pattern: str) -> list[str]:
    return [] if re.fullmatch(pattern, text) else [f"{name}: {text!r}"]
