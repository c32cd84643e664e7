"""Top-down: each stretch of evidence is told once, at the highest level that it fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from collector.core.detect.arrays import Bools, Floats, Ints, Singles, runs
from collector.core.detect.columns import Place
from collector.core.detect.groups import DIMENSIONS, LEVELS, Group, groups_of
from collector.core.detect.merging import Finding, bridged, together, without_spread
from collector.core.detect.modes import LOSS
from collector.core.detect.tuning import (
    ALARM_MINUTES,
    CHANGE_COST,
    DOUBT_DISCOUNT,
    LEAVE_COST,
    SPREAD_MINUTES,
    TOGETHER_MINUTES,
)  # fmt: skip
from collector.core.detect.viterbi import courses

_IMPURE: Final = -15.0
_AGAINST: Final = -3.0
_MOST_AGAINST: Final = {"region": 0.2, "operator": 0.25, "access": 0.15}
_BLOCK: Final = 15
_WIDE_REGIONS: Final = 3
_WIDE_OPERATORS: Final = 2
_OTHERWISE: Final = 20.0  # nats by which a cell says another kind
_MOST_APART: Final = 0.35
_WIDE: Final = {"nation", "access", "operator", "operator_access"}
_LASTING: Final = 1e-5  # where nothing is heard, a cut lasts until somebody is


@dataclass(frozen=True)
class Ground:
    """What the search stands on: places, the place of each cell, its probes, alarm modes.

    `half_interval`: half a report interval, minutes. `tests`: how many such searches there are.
    `absent`: reports missed of probes that fell silent, by (cell, minute): they outweigh the few
    that still get through.
    """

    places: list[Place]
    cells: Ints
    probes: Floats
    alarms: tuple[int, ...]
    half_interval: int
    tests: int = 1
    absent: Singles | None = None


def explain(evidence: Singles, ground: Ground) -> list[Finding]:
    """All findings. `evidence`: (mode, cell, minute), used up by what it explains."""
    left = evidence.copy()
    outline = _Outline(evidence, ground)
    found: list[Finding] = []
    for families in LEVELS:
        groups = _allowed(groups_of(ground.places, ground.cells, families), ground)
        groups = [group for group in groups if outline.may_alarm(group)]
        fresh = [one for one in bridged(_fitting(left, groups, ground)) if _is_sudden(left, one, ground)]
        for one in sorted(fresh, key=lambda finding: -finding.weight):
            if _worth(left, one, ground) >= 0.5 * one.weight:
                _use_up(left, one, ground)
                found.append(one)
    return without_spread(together(bridged(found, found)))


def decode(evidence: Singles, groups: Sequence[Group], ground: Ground) -> tuple[Singles, Floats]:
    """Evidence by (mode, group, minute) with contradiction counted, and the costs."""
    joined = np.stack([evidence[:, group.cells].sum(axis=1) for group in groups], axis=1)
    if ground.absent is not None:
        absent = np.stack([ground.absent[group.cells].sum(axis=0) for group in groups])
        joined[LOSS] = outweighed(joined[LOSS], absent)
    joined[list(ground.alarms)] += _LASTING
    for index, group in enumerate(groups):
        joined[list(ground.alarms), index] += _IMPURE * impure(evidence, group, ground)
    return joined, costs(len(evidence), groups, ground)


def outweighed(said: Singles, absent: Singles) -> Singles:
    """What is said against a loss, less what those would say who are not heard; never more than nothing."""
    return np.where(said < 0, np.minimum(0.0, said + absent), said).astype(np.float32)


def alarm_cost(group: Group, ground: Ground) -> float:
    """What an alarm of a group must pay: one false alarm in 30 days over all groups of its kind."""
    size = {"nation": 1, "access": 3}.get(group.family, max(8, len(ground.cells)))
    return float(np.log(ALARM_MINUTES * size * ground.tests))


def costs(modes: int, groups: Sequence[Group], ground: Ground) -> Floats:
    """(group, from, to)."""
    found = np.full((len(groups), modes, modes), CHANGE_COST)
    for index, group in enumerate(groups):
        found[index, :, 1:] = alarm_cost(group, ground) - DOUBT_DISCOUNT
        for mode in ground.alarms:
            found[index, :, mode] = alarm_cost(group, ground)
    for alarm in ground.alarms:
        found[:, list(ground.alarms), alarm] = CHANGE_COST
    found[:, :, 0] = LEAVE_COST
    found[:, range(modes), range(modes)] = 0.0
    return found


def impure(evidence: Singles, group: Group, ground: Ground) -> Bools:
    """Minutes when too large a part of the group's regions, operators or kinds of access says otherwise."""
    best = evidence[list(ground.alarms)][:, group.cells].max(axis=0)
    found = np.zeros(evidence.shape[2], bool)
    for name, of in DIMENSIONS.items():
        names = np.array([of(ground.places[ground.cells[cell]]) for cell in group.cells])
        values, index = np.unique(names, return_inverse=True)
        if len(values) > 1:
            share = _share_against(best, index, group, ground)
            found |= share > _MOST_AGAINST[name]
    return found


def _share_against(best: Singles, index: Ints, group: Group, ground: Ground) -> Floats:
    probes = ground.probes[group.cells]
    sums = np.zeros((int(index.max()) + 1, best.shape[1]), np.float32)
    np.add.at(sums, index, best)
    if ground.absent is not None:
        absent = np.zeros_like(sums)
        np.add.at(absent, index, ground.absent[group.cells])
        sums = outweighed(sums, absent)
    said = _trailing(sums, ground.half_interval)
    weight = np.bincount(index, probes)
    weight = np.minimum(weight, max(0.3 * weight.sum(), 1.0))[:, None]
    telling = (np.abs(said) > 1.0) * weight
    against = (said < _AGAINST) * weight
    found: Floats = against.sum(axis=0) / np.maximum(telling.sum(axis=0), 1e-9)
    return found


def _trailing(values: Singles, width: int) -> Singles:
    total = np.cumsum(np.pad(values, ((0, 0), (width, 0))), axis=1, dtype=np.float64)
    found = total[:, width:] - total[:, :-width]
    return found.astype(np.float32)


def _allowed(groups: list[Group], ground: Ground) -> list[Group]:
    """A nation, or its mobile part, is more than one network and more than two regions."""
    return [group for group in groups if group.family not in {"nation", "access"} or _is_wide(group, ground)]


def _is_wide(group: Group, ground: Ground) -> bool:
    places = [ground.places[ground.cells[cell]] for cell in group.cells]
    return len({place.region for place in places}) >= _WIDE_REGIONS and (
        group.family == "access" or len({place.operator for place in places}) >= _WIDE_OPERATORS
    )


def _fitting(left: Singles, groups: list[Group], ground: Ground) -> list[Finding]:
    if not groups:
        return []
    joined, prices = decode(left, groups, ground)
    path = courses(joined, prices).path
    return [
        one
        for index, group in enumerate(groups)
        for mode in ground.alarms
        for one in _stretches(path[index] == mode, joined[mode, index], (mode, group), ground)
    ]


def _is_sudden(left: Singles, one: Finding, ground: Ground) -> bool:
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
    onset = [_run_start(flags) for flags in in_mode if flags[-1]]
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
        telling = np.flatnonzero(np.abs(evidence[begin:end]) > 2 * _LASTING)
        if not len(telling):
            continue
        first = begin + int(telling[0])
        weight = float(evidence[first:end].sum())
        if weight >= alarm_cost(group, ground):
            worth = float(evidence[first:end].clip(0).sum())
            yield Finding(mode, (group,), group.cells, first, end, end == len(flags), worth)


def _worth(left: Singles, one: Finding, ground: Ground) -> float:
    sums = left[list(ground.alarms)][:, one.cells, one.first : one.last].sum(axis=1)
    return float(sums.clip(0).sum(axis=1).max())


def _use_up(left: Singles, one: Finding, ground: Ground) -> None:
    """What is told is taken away, but for cells that say another kind with great certainty."""
    pad = 2 * ground.half_interval + 2
    begin, end = max(0, one.first - pad), one.last + pad
    for cell in one.cells:
        sums = left[list(ground.alarms), cell, one.first : one.last].sum(axis=1)
        own = left[one.mode, cell, one.first : one.last].sum()
        if max(sums.max(), 0.0) - max(own, 0.0) <= _OTHERWISE:
            left[:, cell, begin:end] = 0.0
