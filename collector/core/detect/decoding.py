"""What some groups were in, minute by minute: joined evidence, contradictions counted, and its price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from collector.core.detect.arrays import Bools, Floats, Ints, Singles, Small
from collector.core.detect.columns import Place
from collector.core.detect.groups import DIMENSIONS, Group
from collector.core.detect.modes import LOSS
from collector.core.detect.tuning import ALARM_MINUTES, CHANGE_COST, DOUBT_DISCOUNT, LEAVE_COST
from collector.core.detect.viterbi import courses

LASTING: Final = 1e-5  # where nothing is heard, a cut lasts until somebody is
_BEFORE: Final = 240  # minutes
_IMPURE: Final = -15.0
_AGAINST: Final = -3.0
_MOST_AGAINST: Final = {"region": 0.2, "operator": 0.25, "access": 0.15}


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


def decode(evidence: Singles, groups: Sequence[Group], ground: Ground) -> tuple[Singles, Floats]:
    """Evidence by (mode, group, minute) with contradiction counted, and the costs."""
    joined = np.stack([evidence[:, group.cells].sum(axis=1) for group in groups], axis=1)
    if ground.absent is not None:
        absent = np.stack([ground.absent[group.cells].sum(axis=0) for group in groups])
        joined[LOSS] = outweighed(joined[LOSS], absent)
    joined[list(ground.alarms)] += LASTING
    for index, group in enumerate(groups):
        joined[list(ground.alarms), index] += _IMPURE * impure(evidence, group, ground)
    return joined, costs(len(evidence), groups, ground)


def live_course(
    evidence: Singles, groups: Sequence[Group], ground: Ground, span: tuple[int, int]
) -> tuple[int, Small]:
    """What could be said at each minute of the span (first, last): its first minute, and by (group, minute).

    Some hours before it are enough to know what state the groups were in.
    """
    begin, end = max(0, span[0] - _BEFORE), max(0, min(span[1], evidence.shape[2]))
    part = ground if ground.absent is None else replace(ground, absent=ground.absent[:, begin:end])
    joined, prices = decode(evidence[:, :, begin:end], groups, part)
    first = min(span[0], end)
    return first, courses(joined, prices).live[:, first - begin :]


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
