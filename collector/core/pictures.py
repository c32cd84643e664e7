"""The country as it looked at a moment, small enough to be kept for ever: a level and counts a region.

Rules of this file: a picture is made of what was published, so it tells of no person; what late
data changed later is not in it but in the incidents, which are laid over it when it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from msgspec import Struct

from collector.core.book import Revision, span_of
from collector.core.overview import Overview
from wire.incidents import Incident
from wire.levels import Level

EVERY_S: Final = 300.0
Cover = Literal["cut", "silent", "warning"]
_CUTS: Final = frozenset({"connectivity_loss", "international_loss", "allowlist_only"})


class RegionThen(Struct, frozen=True, kw_only=True, array_like=True):
    """One region: its level, how many probes told it, how many should have."""

    code: str
    level: Level
    probes: int
    expected: int


class Picture(Struct, frozen=True, kw_only=True):
    """The country at `at` (wire time). `blind`: nothing had been heard for the whole window."""

    v: Literal[1] = 1
    at: str
    blind: bool
    probes: int
    expected: int
    regions: tuple[RegionThen, ...]


def picture_of(seen: Overview) -> Picture:
    """What is kept of a published overview."""
    return Picture(
        at=seen.at,
        blind=seen.freshness.blind,
        probes=seen.freshness.probes_reporting,
        expected=seen.freshness.probes_expected,
        regions=tuple(
            RegionThen(code=one.code, level=one.level, probes=one.probes, expected=one.expected)
            for one in seen.regions
        ),
    )


def lasting(told: Iterable[Revision], at: float) -> list[Incident]:
    """The incidents that lasted at a moment (Unix seconds), as they are known today."""
    known = [one.incident for one in told if not one.incident.withdrawn]
    return [one for one in known if span_of(one)[0] <= at < span_of(one)[1]]


def covered(found: Iterable[Incident], region: str) -> Cover | None:
    """What the incidents say of a region: the worst of those that name it, or the whole country."""
    said = {_cover(one) for one in found if _names(one, region)}
    order: tuple[Cover, ...] = ("cut", "silent", "warning")
    return next((cover for cover in order if cover in said), None)


def _names(one: Incident, region: str) -> bool:
    scope = one.scope
    return region in scope.regions if scope.regions else scope.level == "national"


def _cover(one: Incident) -> Cover:
    whole = not (one.scope.operators or one.scope.access or one.scope.targets)
    if one.kind not in _CUTS or not whole:
        return "warning"  # a part of the networks or of the services there
    return "silent" if one.silent else "cut"
