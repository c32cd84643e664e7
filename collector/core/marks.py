"""Where one life of a probe's spool stands: what is here, what is missing.

`boot` names the life, sequences count from 1 within it. All up to `high_water` are here;
`islands` are the ranges above it that are here too, sorted, never touching.
"""

from __future__ import annotations

from bisect import bisect
from typing import Final

from msgspec import Struct

from collector.core.refusals import Refused

MAX_ISLANDS: Final = 1_000
MAX_MISSING: Final = 100
Range = tuple[int, int]


class Mark(Struct, frozen=True, kw_only=True):
    """The sequences of one boot that are durable here."""

    high_water: int = 0
    islands: tuple[Range, ...] = ()

    def has(self, sequence: int) -> bool:
        """Whether this one is here."""
        place = bisect(self.islands, sequence, key=lambda island: island[0]) - 1
        return sequence <= self.high_water or (place >= 0 and sequence <= self.islands[place][1])

    def plus(self, sequence: int) -> Mark:
        """With one more; raises `Refused` ("gaps") when there would be too many islands."""
        if sequence == self.high_water + 1:
            return _landed(sequence, self.islands)
        islands = _joined([*self.islands, (sequence, sequence)])
        if len(islands) > MAX_ISLANDS:
            raise Refused("gaps")
        return Mark(high_water=self.high_water, islands=islands)

    def missing(self, limit: int = MAX_MISSING) -> tuple[int, ...]:
        """The lowest sequences that are not here though higher ones are."""
        found: list[int] = []
        last = self.high_water
        for first, end in self.islands:
            found.extend(range(last + 1, min(first, last + 1 + limit - len(found))))
            last = end
        return tuple(found)


def _landed(high_water: int, islands: tuple[Range, ...]) -> Mark:
    if islands and islands[0][0] == high_water + 1:
        return Mark(high_water=islands[0][1], islands=islands[1:])
    return Mark(high_water=high_water, islands=islands)


def _joined(ranges: list[Range]) -> tuple[Range, ...]:
    found: list[Range] = []
    for first, end in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((first, end))
    return tuple(found)
