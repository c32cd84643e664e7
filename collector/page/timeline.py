"""90 days at a glance: a strip for each kind of incident, drawn and told in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from collector.core.book import Revision, span_of
from collector.core.times import epoch_seconds, stamp
from collector.page.incidents import KIND_WORDS
from collector.page.moments import DAY_S, day, span
from collector.page.words import Words
from wire.incidents import KINDS, Incident, Kind

DAYS: Final = 90
STRIP: Final = 900  # units of the drawing's width
_THINNEST: Final = 4
_MOST_TOLD: Final = 30


class Bar(Struct, frozen=True, kw_only=True):
    """A stretch of the strip, in its units."""

    x: int
    width: int


class Lane(Struct, frozen=True, kw_only=True):
    """One kind's incidents of 90 days: drawn, counted, and told in words."""

    name: str
    count: int
    bars: tuple[Bar, ...]
    told: str


def timeline(words: Words, told: Sequence[Revision], now: str) -> tuple[Lane, ...]:
    """A lane for each kind that there was in 90 days; none in calm ones."""
    end = epoch_seconds(now)
    known = [one.incident for one in told if not one.incident.withdrawn]
    recent = [one for one in known if span_of(one)[1] > end - DAYS * DAY_S]
    lanes = [(kind, [one for one in recent if one.kind == kind]) for kind in KINDS]
    return tuple(_lane(words, kind, found, end) for kind, found in lanes if found)


def _lane(words: Words, kind: Kind, found: Sequence[Incident], end: float) -> Lane:
    spans = [(began, min(ended, end)) for began, ended in map(span_of, found)]
    said = [f"{day(words, stamp(began))} {span(words, ended - began)}" for began, ended in spans]
    return Lane(
        name=words(KIND_WORDS[kind]),
        count=len(found),
        bars=tuple(_bar(began, ended, end) for began, ended in spans),
        told="; ".join(said[-_MOST_TOLD:]),
    )


def _bar(began: float, ended: float, end: float) -> Bar:
    unit = DAYS * DAY_S / STRIP
    left = max(0.0, STRIP - (end - began) / unit)
    width = max(float(_THINNEST), (ended - end) / unit + STRIP - left)
    return Bar(x=int(min(left, STRIP - width)), width=round(width))
