"""A finding as an incident: scope, confidence, a sentence that a newsroom could print."""

from __future__ import annotations

import hashlib
from collections.abc import Container
from dataclasses import dataclass
from itertools import chain, count
from typing import Final

from collector.core.detect.columns import Place
from collector.core.detect.merging import Finding
from collector.core.detect.sentences import sentence
from collector.core.times import stamp
from wire.incidents import Incident, Kind, ProbeCount, Scope, ScopeLevel

_LEVELS: Final[dict[str, ScopeLevel]] = {
    "nation": "national", "access": "national", "region": "region", "operator": "operator",
    "operator_access": "operator", "region_access": "region", "region_operator": "local", "cell": "local",
}  # fmt: skip
_NAMES: Final = {
    "nation": (), "access": ("access",), "region": ("region",), "operator": ("operator",),
    "operator_access": ("operator", "access"), "region_access": ("region", "access"),
    "region_operator": ("region", "operator"), "cell": ("region", "operator", "access"),
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """Everything that goes into an incident. Times in Unix seconds.

    `wide`: so many services that it is the place, not a service, that names the level.
    `rewritten`: late records of its time came in after it was told.
    """

    kind: Kind
    finding: Finding
    places: list[Place]
    began: float
    ended: float | None
    detected: float
    affected: int
    reporting: int
    expected: int
    witnesses: list[str]
    silent: bool = False
    categories: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    wide: bool = False
    rewritten: bool = False


def incident(told: Told) -> Incident:
    """The record."""
    scope = scope_of(told)
    began, ended = stamp(told.began), None if told.ended is None else stamp(told.ended)
    return Incident(
        id=_id(told, scope),
        kind=told.kind,
        scope=scope,
        started_at=began,
        ended_at=ended,
        detected_at=stamp(told.detected),
        confidence=_confidence(told),
        # plain numbers: numpy's own cannot be put into JSON, and the writer would stop over them
        probes=ProbeCount(
            affected=int(told.affected), reporting=int(told.reporting), expected=int(told.expected)
        ),
        witnesses=tuple(told.witnesses),
        revision=1 + (ended is not None) + told.rewritten,
        pauses=int(told.finding.pauses),
        silent=bool(told.silent),
        sentence=sentence(told.kind, scope, told.began, told.ended, (told.affected, told.expected)),
    )


def scope_of(told: Told) -> Scope:
    """The scope of the finding's groups: what they share is named, what is not named is all."""
    family = told.finding.groups[0].family
    named: dict[str, set[str]] = {"region": set(), "operator": set(), "access": set()}
    for group in told.finding.groups:
        for name, value in zip(_NAMES[family], group.key, strict=True):
            named[name].add(value)
    return Scope(
        level=_level(told, family),
        regions=tuple(sorted(named["region"] - {""})),
        operators=tuple(sorted(named["operator"])),
        access=tuple(sorted(named["access"])),
        categories=told.categories,
        targets=told.targets,
    )


def _level(told: Told, family: str) -> ScopeLevel:
    if told.targets and not told.wide:
        return "service"
    if family == "region_access" and told.silent and told.finding.groups[0].key[1] != "mobile":
        return "local"  # fixed lines of one region, silent alone: may be no more than its power
    return _LEVELS[family]


def _confidence(told: Told) -> float:
    """From 0 to 1: by how many probes say it and how much they say; less where all are only silent."""
    crowd = told.affected / (told.affected + 1.0)
    weight = told.finding.weight / (told.finding.weight + 10.0)
    share = min(1.0, told.affected / max(told.expected, 1))
    silence = 0.8 if told.silent else 1.0
    # numpy's own numbers would end the writer, which puts this into JSON
    return round(float(min(0.99, crowd * weight * (0.5 + 0.5 * share) * silence)), 3)


def own_id(name: str, taken: Container[str]) -> str:
    """The id, or the first like it that is not taken: one spool may tell of two events in one minute."""
    tried = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(one for one in tried if one not in taken)


def _id(told: Told, scope: Scope) -> str:
    """The same event keeps its id while late data move its edges: by kind, scope and detection."""
    names = (told.kind, scope.level, *scope.regions, *scope.operators, *scope.access, *scope.targets)
    text = "/".join((*names, stamp(told.detected)[:16]))
    return "i-" + hashlib.sha256(text.encode()).hexdigest()[:16]
