"""Incidents as they are told: a region that is silent, a messenger that was blocked, one that was taken back."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from collector.core.book import Book, Revision
from collector.core.detect.sentences import sentence
from tests.collector.page.scenes import AT
from wire.incidents import Incident, Kind, ProbeCount, Scope
from wire.times import after, epoch_seconds

HOUR = 3_600.0


def incident(
    name: str, kind: Kind, scope: Scope, began_s: float, ended_s: float | None = None, **more: Any
) -> Incident:
    """An incident that began, and ended, so many seconds before `AT`."""
    began, ended = after(AT, -began_s), None if ended_s is None else after(AT, -ended_s)
    said = sentence(
        kind, scope, epoch_seconds(began), None if ended is None else epoch_seconds(ended), (9, 11)
    )
    return Incident(
        id=name, kind=kind, scope=scope, started_at=began, ended_at=ended, detected_at=after(began, 200.0),
        confidence=more.pop("confidence", 0.83), probes=ProbeCount(affected=9, reporting=0, expected=11),
        witnesses=("m-1", "m-2"), sentence=said, **more,
    )  # fmt: skip


SILENT = incident(
    "i-silent",
    "connectivity_loss",
    Scope(level="region", regions=("KZ-43",), access=("mobile",)),
    2 * HOUR,
    silent=True,
)
NATION = incident("i-nation", "international_loss", Scope(level="national"), 1 * HOUR, confidence=0.4)
BLOCK = incident(
    "i-block",
    "service_block",
    Scope(level="service", operators=("AS9198",), targets=("telegram<b>\x01",)),
    80 * HOUR,
    70 * HOUR,
)
GONE = incident("i-gone", "throttling", Scope(level="local", regions=("KZ-10",)), 9 * HOUR, 8 * HOUR)

DOORS = (
    "signal",
    "telegram",
    "whatsapp",
    "signal/cdn",
    "signal/chat",
    "telegram/dc1",
    "telegram/web",
    "whatsapp/e1",
)
WIDE = incident("i-wide", "service_block", Scope(level="service", targets=DOORS), 2 * HOUR)
SIX = incident(
    "i-six",
    "allowlist_only",
    Scope(
        level="region", regions=tuple(f"KZ-{code}" for code in (10, 11, 15, 19, 23, 27)), access=("mobile",)
    ),
    1.5 * HOUR,
)


def revision(one: Incident, known_s: float, number: int = 1, **changed: Any) -> Revision:
    return Revision(known_at=epoch_seconds(AT) - known_s, incident=replace(one, revision=number, **changed))


def book() -> Book:
    """All four, the newest twice."""
    return Book(
        [
            revision(BLOCK, 79 * HOUR, ended_at=None), revision(BLOCK, 69 * HOUR, 2),
            revision(GONE, 8.5 * HOUR), revision(GONE, 5 * HOUR, 2, withdrawn=True),
            revision(SILENT, 1.9 * HOUR, confidence=0.5), revision(NATION, 0.9 * HOUR), revision(SILENT, 0.5 * HOUR, 2),
        ]
    )  # fmt: skip
