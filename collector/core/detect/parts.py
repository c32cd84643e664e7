"""What was found of one service, and which of it is one event."""

from __future__ import annotations

from typing import NamedTuple

from collector.core.detect.arrays import MINUTE_S, Ints
from collector.core.detect.merging import Finding
from collector.core.detect.tuning import TOGETHER_MINUTES


class Unit(NamedTuple):
    """A service: its name, and its roles by number."""

    name: str
    roles: Ints


class Seen(NamedTuple):
    """Visits that say something about a unit: their numbers, and what they say."""

    visit: Ints
    symbol: Ints


class Part(NamedTuple):
    """A finding of one service, with its edges in Unix seconds."""

    unit: Unit
    finding: Finding
    seen: Seen
    began: float
    ended: float | None
    detected: float


def together(parts: list[Part]) -> list[list[Part]]:
    """Services that went and came back together at one place: one event."""
    done: list[list[Part]] = []
    for part in sorted(parts, key=lambda one: one.began):
        match = next((group for group in done if _same(group[0], part)), None)
        if match is None:
            done.append([part])
        else:
            match.append(part)
    return done


def _same(a: Part, b: Part) -> bool:
    near = TOGETHER_MINUTES * MINUTE_S
    return (
        a.finding.mode == b.finding.mode
        and a.finding.groups[0].family == b.finding.groups[0].family
        and {group.key for group in a.finding.groups} == {group.key for group in b.finding.groups}
        and abs(a.began - b.began) <= near
        and (
            a.ended == b.ended
            or (a.ended is not None and b.ended is not None and abs(a.ended - b.ended) <= 2 * near)
        )
    )
