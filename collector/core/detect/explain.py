"""Greatest first: each stretch of evidence is told once, by the group that it fits best.

Rules of this file: a group's score is all that its cells say over a stretch, for and against, less
the price of one alarm. A nation that is cut outweighs each of its regions; a region that is
cut outweighs the nation, since the others speak against it. What is told is used up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from collector.core.detect.arrays import Bools, Singles, runs
from collector.core.detect.decoding import LASTING, Ground, alarm_cost, decode
from collector.core.detect.groups import LEVELS, Group, groups_of
from collector.core.detect.merging import Finding, bridged, together, without_spread
from collector.core.detect.tuning import (
    LONGEST_PAUSE_MINUTES,
    MERGE_MINUTES,
    SPREAD_MINUTES,
    TOGETHER_MINUTES,
)
from collector.core.detect.viterbi import courses

_BLOCK: Final = 15
_WIDE_REGIONS: Final = 3
_WIDE_OPERATORS: Final = 2
_OTHERWISE: Final = 20.0  # nats by which a cell says another kind
_ANOTHER: Final = 3.0  # nats by which a minute says so
_MOST_APART: Final = 0.35
_WIDE: Final = {"nation", "access", "operator", "operator_access"}
_MARGIN: Final = 60  # minutes around what is looked at again
_MOST: Final = 1000
_CLOSED: Final = -50.0  # nats a minute against what was told already


def explain(evidence: Singles, ground: Ground) -> list[Finding]:
    """All findings. `evidence`: (mode, cell, minute)."""
    search = _Search(evidence, ground)
    while (one := search.best()) is not None and search.use_up(one) < _MOST:
        pass
    found = search.found
    return without_spread(together(bridged(found, found, used_up(ground), short_pause(ground))))


class _Search:
    """What is left to be told, and what each group would tell of it."""

    def __init__(self, evidence: Singles, ground: Ground) -> None:
        self._left, self._ground = evidence.copy(), ground
        self.found: list[Finding] = []
        outline = _Outline(evidence, ground)
        families = [family for level in LEVELS for family in level]
        groups = allowed(groups_of(ground.places, ground.cells, families), ground)
        loud = [group for group in groups if outline.may_alarm(group)]
        self._told = self._fitting(loud, 0, evidence.shape[2])

    def best(self) -> Finding | None:
        """The one with the highest score; one whose parts went one by one is none."""
        while self._told:
            place = max(range(len(self._told)), key=lambda n: self._told[n].score)
            one = self._told[place]
            if _is_sudden(self._left, one, self._ground, self.found):
                return one
            del self._told[place]
        return None

    def use_up(self, one: Finding) -> int:
        """Take away what is told, look again at who would have told of it too; how many are told."""
        self.found.append(one)
        first, last = _take(self._left, one, self._ground)
        near = [other for other in self._told if np.isin(other.cells, one.cells).any()]
        begin, end = max(0, first - _MARGIN), min(self._left.shape[2], last + _MARGIN)
        while over := [other for other in near if other.first < end and other.last > begin]:
            lower, upper = min(other.first for other in over), max(other.last for other in over)
            if lower >= begin and upper <= end:
                break
            begin, end = min(begin, lower), max(end, upper)
        again = {id(other.groups[0]): other.groups[0] for other in over}
        self._told = [other for other in self._told if all(other is not gone for gone in over)]
        self._told += self._fitting(list(again.values()), begin, end)
        return len(self.found)

    def _fitting(self, groups: list[Group], begin: int, end: int) -> list[Finding]:
        if not groups:
            return []
        ground, part = self._ground, self._left[:, :, begin:end]
        if ground.absent is not None:
            ground = replace(ground, absent=ground.absent[:, begin:end])
        joined, prices = decode(part, groups, ground)
        for index, group in enumerate(groups):
            for first, last in self._closed(group, begin, end):
                joined[list(ground.alarms), index, first:last] = _CLOSED
        path = courses(joined, prices).path
        found = [
            replace(
                one,
                first=one.first + begin,
                last=one.last + begin,
                open=one.open and end == self._left.shape[2],
            )
            for index, group in enumerate(groups)
            for mode in ground.alarms
            for one in _stretches(path[index] == mode, joined[mode, index], (mode, group), ground)
        ]
        return bridged(found, pause=short_pause(ground))

    def _closed(self, group: Group, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """Minutes of which the group, or most of it, was told already; parts of it may tell more."""
        for one in self.found:
            if len(one.cells) <= len(group.cells) and np.isin(one.cells, group.cells).all():
                yield max(0, one.first - begin), max(0, min(one.last, end) - begin)


def allowed(groups: list[Group], ground: Ground) -> list[Group]:
    """A nation, or its mobile part, is more than one network and more than two regions."""
    return [group for group in groups if group.family not in {"nation", "access"} or _is_wide(group, ground)]


def _is_wide(group: Group, ground: Ground) -> bool:
    places = [ground.places[ground.cells[cell]] for cell in group.cells]
    return len({place.region for place in places}) >= _WIDE_REGIONS and (
        group.family == "access" or len({place.operator for place in places}) >= _WIDE_OPERATORS
    )


def _is_sudden(left: Singles, one: Finding, ground: Ground, told: list[Finding]) -> bool:
    """Whether the parts of a wide finding went within half an hour; else each region is its own event."""
    if one.groups[0].family not in _WIDE:
        return True
    within = [ground.cells[cell] for cell in one.cells]
    parts = [
        Group("region", part.key, one.cells[part.cells])
        for part in groups_of(ground.places, np.array(within), ("region",))
    ]
    until = min(one.first + SPREAD_MINUTES, one.last - 1)
    before = None if ground.absent is None else ground.absent[:, : until + 1]
    joined, prices = decode(left[:, :, : until + 1], parts, replace(ground, absent=before))
    in_mode = courses(joined, prices).path == one.mode
    onset = [
        max(_run_start(flags), _told_until(part, one, told))
        for flags, part in zip(in_mode, parts, strict=True)
        if flags[-1]
    ]
    apart = [start for start in onset if abs(start - one.first) > SPREAD_MINUTES]
    if len(apart) <= _MOST_APART * len(onset):
        return True
    # Many that went at one earlier moment are what an earlier event left behind, not a spreading one.
    most = max(sum(abs(other - start) <= TOGETHER_MINUTES for other in apart) for start in apart)
    return 2 * most > len(apart)


def _run_start(flags: Bools) -> int:
    """Where the last run begins."""
    off = np.flatnonzero(~flags)
    return int(off[-1]) + 1 if len(off) else 0


def _told_until(part: Group, one: Finding, told: list[Finding]) -> int:
    """Until when something else was told of the part, before the finding: nothing could be seen there."""
    before = [other for other in told if other.last <= one.first + 1]
    return max((other.last for other in before if np.isin(part.cells, other.cells).all()), default=0)


class _Outline:
    """The best evidence for any alarm: shows that most groups on most days need no decoding."""

    def __init__(self, evidence: Singles, ground: Ground) -> None:
        self._best = evidence[list(ground.alarms)].max(axis=0)
        self._ground = ground

    def may_alarm(self, group: Group) -> bool:
        """Whether some half hour holds enough evidence at all."""
        best = self._best[group.cells].sum(axis=0).clip(0)
        blocks = np.add.reduceat(best, np.arange(0, len(best), _BLOCK))
        return bool((blocks + np.append(blocks[1:], 0)).max() > 0.7 * alarm_cost(group, self._ground))


def _stretches(flags: Bools, evidence: Singles, what: tuple[int, Group], ground: Ground) -> Iterator[Finding]:
    mode, group = what
    for begin, end in runs(flags):
        telling = np.flatnonzero(np.abs(evidence[begin:end]) > 2 * LASTING)
        if not len(telling):
            continue
        first = begin + int(telling[0])
        weight = float(evidence[first:end].sum())
        if weight >= alarm_cost(group, ground):
            worth = float(evidence[first:end].clip(0).sum())
            score = weight - alarm_cost(group, ground)
            yield Finding(mode, (group,), group.cells, first, end, end == len(flags), worth, score=score)


def used_up(ground: Ground) -> int:
    """How many minutes before and after a finding are used up with it."""
    return 2 * ground.half_interval + 2


def short_pause(ground: Ground) -> int:
    """How many minutes are no end yet: by the rounds of the probes, but half an hour is one if it can be."""
    two_rounds = min(4 * ground.half_interval, LONGEST_PAUSE_MINUTES)
    return max(MERGE_MINUTES, two_rounds, 3 * ground.half_interval)


def _take(left: Singles, one: Finding, ground: Ground) -> tuple[int, int]:
    """Take away what is told; of cells that say another kind with certainty this kind; from when to when."""
    pad = used_up(ground)
    begin, end = max(0, one.first - pad), one.last + pad
    for cell in one.cells:
        said = left[:, cell, one.first : one.last]
        if one.pauses:  # what the cell says while it is calm is nothing of the kind
            said = said[:, said[list(ground.alarms)].max(axis=0) > 0]
        sums = said.sum(axis=1).clip(0)
        otherwise = sums[list(ground.alarms)].max() - sums[one.mode] > _OTHERWISE
        left[one.mode if otherwise else slice(None), cell, one.first : one.last] = 0.0
        for edge in (slice(begin, one.first), slice(one.last, end)):
            said = left[:, cell, edge]
            another = said[list(ground.alarms)].max(axis=0) > said[one.mode] + _ANOTHER
            said[:, ~another] = 0.0  # what went before, or follows at once, has its own words
    return begin, end
