"""States and figures as text: the chip that names a state, the figure with its probes.

Rules of this file: a figure stands only on three probes or more; a share is rounded down, so
that 100% means all; a state is always a word and a mark, never a colour alone.
"""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from collector.core.cells import Reach
from collector.core.few import LEAST_PROBES
from collector.core.overview import CategoryNow, OperatorNow, RegionNow, level_of
from collector.page.words import Words
from wire.levels import Level

Mark = Literal["ok", "degraded", "warning", "cut", "unknown", "silent"]
MARKS: Final[tuple[Mark, ...]] = ("ok", "degraded", "warning", "cut", "silent", "unknown")
TROUBLE: Final = frozenset({"warning", "cut"})
_PLACE_WORDS: Final[dict[Mark, str]] = {
    "ok": "level-ok",
    "degraded": "level-degraded",
    "warning": "level-warning",
    "cut": "level-cut",
    "unknown": "level-unknown",
    "silent": "level-silent",
}
_SERVICE_WORDS: Final[dict[Mark, str]] = _PLACE_WORDS | {"cut": "service-cut"}


class Chip(Struct, frozen=True, kw_only=True):
    """A state: `mark` chooses colour and shape, `word` says it."""

    mark: Mark
    word: str


class Figure(Struct, frozen=True, kw_only=True):
    """A share as text, with the number of probes in words; `percent` (0 to 100) only when it may be shown."""

    text: str
    probes: str
    percent: int | None = None


def place_chip(words: Words, mark: Mark) -> Chip:
    """The state of a region or an operator, by its mark."""
    return Chip(mark=mark, word=words(_PLACE_WORDS[mark]))


def chip_of(words: Words, now: RegionNow | OperatorNow) -> Chip:
    """The state of a region or an operator; where a state may not be told, the reason stands for it."""
    mark = place_mark(now)
    if mark == "unknown" and now.probes > 0:
        return Chip(mark=mark, word=figure(words, now.reach).text)
    if mark == "unknown" and now.expected > 0:
        return Chip(mark=mark, word=words("figure-few"))
    return place_chip(words, mark)


def service_chip(words: Words, now: CategoryNow) -> Chip:
    """The state of a kind of services, or why it is not told."""
    mark = level_with(now.level, now.reach)
    if mark == "unknown":
        return Chip(mark=mark, word=figure(words, now.reach).text)
    return Chip(mark=mark, word=words(_SERVICE_WORDS[mark]))


def figure(words: Words, reach: Reach) -> Figure:
    """A share with what stands behind it."""
    probes = words("probes", probes=reach.probes)
    if 0 < reach.probes < LEAST_PROBES:
        return Figure(text=words("figure-few"), probes=probes)
    if reach.ratio is None:
        return Figure(text=words("figure-withheld" if reach.probes else "figure-none"), probes=probes)
    percent = percent_of(reach.ratio)
    return Figure(text=words("percent", value=percent), probes=probes, percent=percent)


def percent_of(ratio: float) -> int:
    """A share of 0 to 1 in percent: 100 only for all, 0 only for nothing."""
    floor = int(ratio * 100 + 1e-9)
    return max(floor, 1) if ratio > 0 else 0


def place_mark(now: RegionNow | OperatorNow) -> Mark:
    """A place's mark: silent when several probes are expected and none reports; one may be switched off."""
    if now.probes == 0:
        return "silent" if now.expected >= LEAST_PROBES else "unknown"
    return level_with(now.level, now.reach)


def level_with(level: Level, reach: Reach) -> Level:
    """A level, told by the whole when targets of neither side are known to tell it."""
    return level_of(reach) if level == "unknown" else level
