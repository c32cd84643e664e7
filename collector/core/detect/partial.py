"""Half a city at once: many probes of a group fall together, and many do not.

Rules of this file: each probe counts once, when it falls (silent, or its line fails) and when it
rises; how many of those that were there fell within a few minutes is what tells. Who was told
of elsewhere does not count here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from collector.core.detect.arrays import MINUTE_S, Bools, Floats, Ints
from collector.core.detect.decoding import Ground, alarm_cost
from collector.core.detect.evidence import Scene
from collector.core.detect.explain import allowed
from collector.core.detect.falls import Falls, minute_of, there, width_of
from collector.core.detect.groups import FAMILIES, Group, groups_of
from collector.core.detect.merging import Finding
from collector.core.detect.modes import FOREIGN_CUT, LOSS
from collector.core.detect.tuning import MERGE_MINUTES

_LEAST: Final = 5  # probes that fell
_SHARE: Final = 0.4  # of those that were there
_MOST: Final = 50
_NEAR: Final = 8  # minutes
_WHOLE: Final = 0.75
_DOUBT: Final = 4.0  # what a part must pay beyond the price of an alarm
_STAYED: Final = 0.9  # what each that did not fall says against it
_FIRST: Final = 0.1  # the quantile of falls (rises) that is told as the beginning (the end)


@dataclass(frozen=True)
class Part:
    """What was found: as a finding, with its edges in Unix seconds, who fell, and the cell of each fall."""

    finding: Finding
    began: float
    ended: float | None
    detected: float
    probes: Ints
    cells: Ints


def parts(falls: Falls, live: Falls, scene: Scene, ground: Ground) -> list[Part]:
    """All that fell in part, or as a whole. `live`: the falls as they were known in time."""
    groups = allowed(groups_of(ground.places, ground.cells, FAMILIES), ground)
    known = scene, ground, there(scene)
    width = width_of(scene)
    best = [_best(falls, group, known, width) for group in groups]
    found: list[Part] = []
    while len(found) < _MOST:
        one = max((part for part in best if part), key=lambda part: part.finding.score, default=None)
        if one is None:
            break
        found.append(_with_detection(one, live, width))
        falls = falls.only(~_same(falls, one))
        for index, group in enumerate(groups):
            if best[index] is not None and np.isin(group.cells, one.finding.cells).any():
                best[index] = _best(falls, group, known, width)
    return _bridged(found, MERGE_MINUTES * MINUTE_S + 0.5 * width)


def _bridged(found: list[Part], pause: float) -> list[Part]:
    """Parts of one group and kind that overlap, or follow upon each other: one that grows, or flaps."""
    done: list[Part] = []
    for one in sorted(found, key=lambda part: (*part.finding.groups[0][:2], part.finding.mode, part.began)):
        if done and _goes_on(done[-1], one, pause):
            done[-1] = _joined(done[-1], one)
        else:
            done.append(one)
    return done


def _goes_on(last: Part, one: Part, pause: float) -> bool:
    same = last.finding.groups[0] is one.finding.groups[0] and last.finding.mode == one.finding.mode
    return same and (last.ended is None or one.began <= last.ended + pause)


def _joined(last: Part, one: Part) -> Part:
    """From the beginning of the first to the end of whichever ends last."""
    ended = None if last.ended is None or one.ended is None else max(last.ended, one.ended)
    finding = replace(
        last.finding,
        last=max(last.finding.last, one.finding.last),
        open=last.finding.open or one.finding.open,
        pauses=last.finding.pauses + (last.ended is not None and one.began > last.ended),
        weight=last.finding.weight + one.finding.weight,
    )
    probes, cells = np.union1d(last.probes, one.probes), np.append(last.cells, one.cells)
    return replace(last, finding=finding, ended=ended, probes=probes, cells=cells)


def settled(found: list[Finding], parts: list[Part]) -> tuple[list[Finding], list[Part]]:
    """Of findings and parts that tell one event, the one that tells it whole."""
    told: list[Part] = []
    for part in parts:
        same = [one for one in found if _is_of(one, part)]
        within = [one for one in same if _lies_in(one, part) and _is_short(one, part)]
        others = [one for one in same if all(one is not other for other in within)]
        if any(_covers([one], part) for one in same) or _covers(others, part):
            continue
        found = [one for one in found if all(one is not other for other in within)]
        told.append(_as_most_say(part, within))
    return found, told


def _is_of(one: Finding, part: Part) -> bool:
    near = abs(one.first - part.finding.first) <= _NEAR or one.first <= part.finding.first < one.last
    near |= _is_short(one, part)
    return near and bool(np.isin(one.cells, part.finding.cells).any())


def _lies_in(one: Finding, part: Part) -> bool:
    return bool(np.isin(one.cells, part.finding.cells).all())


def _is_short(one: Finding, part: Part) -> bool:
    """Whether it lay in the part's time: it was not there before, and most of it is not after."""
    common = min(one.last, part.finding.last) - max(one.first, part.finding.first)
    return one.first >= part.finding.first - _NEAR and 2 * common >= one.last - one.first


def _covers(found: list[Finding], part: Part) -> bool:
    """Whether they tell of most of those that fell."""
    cells = [one.cells for one in found if one.first <= part.finding.first + _NEAR]
    return bool(cells) and bool(np.isin(part.cells, np.concatenate(cells)).mean() >= _WHOLE)


def _as_most_say(part: Part, within: list[Finding]) -> Part:
    """Its kind is that of the findings that it stands for."""
    if not within:
        return part
    mode = max(within, key=lambda one: one.weight).mode
    return replace(part, finding=replace(part.finding, mode=mode))


def _same(falls: Falls, part: Part) -> Bools:
    """Falls of those that fell in it, while it lasted."""
    during = (falls.at >= part.began - 1) & (falls.at <= (part.ended or np.inf))
    return np.asarray(during & np.isin(falls.cell, part.finding.cells), dtype=bool)


def _best(falls: Falls, group: Group, known: tuple[Scene, Ground, Ints], width: float) -> Part | None:
    scene, ground, present = known
    mine = falls.only(np.isin(falls.cell, group.cells))
    if len(mine.at) < _LEAST:
        return None
    first = np.searchsorted(mine.at, mine.at - width)
    count = np.arange(len(mine.at)) - first + 1
    total = np.concatenate(([0.0], np.cumsum(mine.worth)))
    worth = total[1:] - total[first]
    were = present[group.cells].sum(axis=0)[(minute_of(scene, mine.at - width) - 1).clip(0)]
    score = worth - _STAYED * (were - count).clip(0) - alarm_cost(group, ground) - _DOUBT
    score[(count < _LEAST) | (count < _SHARE * were)] = -np.inf
    place = int(score.argmax())
    if score[place] <= 0:
        return None
    return _part(
        mine.only(np.arange(len(mine.at)) >= first[place]), group, (scene, float(score[place])), width
    )


def _part(mine: Falls, group: Group, known: tuple[Scene, float], width: float) -> Part | None:
    scene, score = known
    fell = mine.only(mine.at <= mine.at[0] + 1.5 * width)
    probes = np.unique(fell.probe)
    if len(probes) < _LEAST:
        return None
    span = span_of(fell.at, fell.rise)
    mode = FOREIGN_CUT if _most(fell.foreign) else LOSS
    finding = finding_in(scene, group, mode, span, (float(fell.worth.sum()), score))
    return Part(finding, *span, float("inf"), probes, fell.cell)


def span_of(at: Floats, rise: Floats) -> tuple[float, float | None]:
    """When it began and ended (Unix seconds; None: it lasts), by when its probes fell and rose."""
    back = np.sort(rise[np.isfinite(rise)])
    ended = float(np.quantile(back, _FIRST)) if _most(np.isfinite(rise)) else None
    return float(np.quantile(at, _FIRST / 2)), ended


def finding_in(
    scene: Scene, group: Group, mode: int, span: tuple[float, float | None], said: tuple[float, float]
) -> Finding:
    """The finding of a group's falls. `said`: its weight and its score, in nats."""
    began, ended = span
    first = int(minute_of(scene, np.array([began]))[0])
    last = scene.visits.minutes if ended is None else int(minute_of(scene, np.array([ended]))[0]) + 1
    weight, score = said
    return Finding(
        mode, (group,), group.cells, first, max(last, first + 1), ended is None, weight, score=score
    )


def _most(flags: Bools) -> bool:
    return bool(2 * flags.sum() > len(flags))


def _with_detection(part: Part, live: Falls, width: float) -> Part:
    """With the moment when enough of its falls were known."""
    near = (live.at >= part.began - width) & (live.at <= part.began + 3 * width)
    near &= np.isin(live.cell, part.finding.cells)
    known = np.sort(live.known[near])
    enough = max(_LEAST, int(np.ceil(0.7 * len(part.probes))))
    detected = float(known[min(enough, len(known)) - 1]) if len(known) else part.began + width
    return replace(part, detected=detected)
