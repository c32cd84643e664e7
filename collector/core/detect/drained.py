"""A place that empties: probe after probe falls silent within hours, none comes back, hardly one is left.

Rules of this file: no single fall surprises here, that they add up does. A probe that comes and goes, or
goes to bed at this hour as a rule, says little; who was heard for less than some hours says nothing. A fall
counts as long as it lasts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.core.detect.arrays import MINUTE_S, Bools, Floats, Ints
from collector.core.detect.decoding import Ground, alarm_cost
from collector.core.detect.evidence import Scene
from collector.core.detect.explain import allowed
from collector.core.detect.falls import minute_of, there
from collector.core.detect.groups import Group, groups_of
from collector.core.detect.merging import Finding
from collector.core.detect.modes import LOSS
from collector.core.detect.partial import Part, finding_in, span_of
from collector.core.detect.silence import QUARTER_S, QUARTERS_A_DAY

_FAMILIES: Final = ("nation", "region", "operator")
_WIDTHS: Final = (30, 60, 120, 240)  # minutes within which a place empties
_LEAST: Final = 6  # probes that fell
_SHARE: Final = 0.75  # of those that were there
_HEARD_S: Final = 3 * 3600.0  # for less nobody knows a probe
_PRIOR_LEFT: Final = 0.3
_PRIOR_S: Final = 6 * 3600.0
_IF_EMPTIED: Final = 0.9
_SURPRISE: Final = 2.5  # nats that one fall says at most: people go home together
_STAYED: Final = 1.5  # and what each that stayed says against it
_DOUBT: Final = 4.0
_DAY_S: Final = 86_400.0
_AHEAD: Final = 24  # quarters of an hour
_MOSTLY: Final = 0.7
_EVENING, _MORNING = 17, 8  # by the clocks of Kazakhstan (UTC+5)
_UNSURE: Final = 0.02  # so far off may be what is known of a probe's misses
_PIECES: Final = 0.5
_NEAR: Final = 8  # minutes


@dataclass(frozen=True)
class Leavings:
    """Who fell silent and stayed so. `rate`: how likely it was to, per second. Times: Unix seconds."""

    at: Floats
    known: Floats
    rise: Floats
    probe: Ints
    cell: Ints
    rate: Floats


@dataclass(frozen=True)
class _Drain:
    """How sure; from which minute on it could be said; when most were away; how many minutes that took."""

    score: float
    first: int
    worst: int
    width: int


def with_drained(parts: list[Part], found: Sequence[Finding], scene: Scene, ground: Ground) -> list[Part]:
    """The parts that fell at once, and the places that emptied; of one event, what begins first.

    `found`: what is known already; a cut that rolls over the country is told place by place.
    """
    left, present = leavings_of(scene), there(scene)
    for group in allowed(groups_of(ground.places, ground.cells, _FAMILIES), ground):
        part = _best(left, group, scene, ground, present)
        if (
            part is None
            or _is_known(part, [*found, *(one.finding for one in parts)])
            or any(_tells(other, part) for other in parts)
        ):
            continue
        parts = [*(other for other in parts if not _tells(part, other)), part]
    return parts


def leavings_of(scene: Scene) -> Leavings:
    """All that left for more than a moment, of those that were known."""
    visits, promises = scene.visits, scene.promises
    count = int(visits.probe.max()) + 1 if len(visits) else 0
    heard_s = np.bincount(visits.probe, np.minimum(promises.interval, 3600.0), count)
    left = np.bincount(visits.probe, promises.lasting, count)
    own = (left - 1).clip(0) + _PRIOR_LEFT
    which = promises.lasting & (scene.cell >= 0) & (scene.weight > 0)
    which &= (heard_s >= _HEARD_S)[visits.probe] & ~scene.blind[minute_of(scene, promises.due)]
    probe, due, interval = visits.probe[which], promises.due[which], promises.interval[which]
    same = np.append(visits.probe[1:] == visits.probe[:-1], False)
    rise = np.where(same, np.append(visits.at[1:], np.inf), np.inf)[which]
    rate = own[probe] / (heard_s[probe] + _PRIOR_S) + _habit(scene, which) / interval
    # Everybody goes home and to bed: of who does so as a rule, or may, leaving says nothing.
    rate[_unknown_night(due, visits.start) | ~_stays(scene, which)] = np.inf
    return Leavings(due, promises.known[which] + interval, rise, probe, scene.cell[which], rate)


def _habit(scene: Scene, which: Bools) -> Floats:
    """How likely each was to leave at its due report, beyond how often it misses one at all."""
    visits, promises = scene.visits, scene.promises
    count = int(visits.probe.max()) + 1 if len(visits) else 0
    misses = np.bincount(visits.probe, promises.broken, count) / np.bincount(
        visits.probe, minlength=count
    ).clip(1)
    habit: Floats = (promises.odds[which] - misses[visits.probe[which]] - _UNSURE).clip(0.0)
    return habit


def _unknown_night(at: Floats, start: float) -> Bools:
    """Whether it is an evening or a night, the first that is seen."""
    hour = (at / 3600.0 + 5) % 24
    return np.asarray(((hour >= _EVENING) | (hour < _MORNING)) & (at < start + _DAY_S), dtype=bool)


def _stays(scene: Scene, which: Bools) -> Bools:
    """Of each that left: whether on earlier days it was there for most of the hours that follow this one."""
    visits = scene.visits
    quarter = (visits.at // QUARTER_S).astype(np.int64) - int(visits.start // QUARTER_S)
    days = int(quarter.max(initial=0)) // QUARTERS_A_DAY + 1
    span = (days + 1) * QUARTERS_A_DAY
    keys = np.unique(visits.probe * span + quarter)
    first = np.full(int(visits.probe.max(initial=0)) + 1, span)
    np.minimum.at(first, visits.probe, quarter)
    probe, now = visits.probe[which], quarter[which]
    there, could = np.zeros(len(now)), np.zeros(len(now))
    for day in range(1, days):
        since = now - day * QUARTERS_A_DAY
        known = since >= first[probe]
        begin, end = (np.searchsorted(keys, probe * span + since + ahead) for ahead in (0, _AHEAD))
        there += np.where(known, end - begin, 0)
        could += np.where(known, _AHEAD, 0)
    return np.asarray(there >= _MOSTLY * could, dtype=bool)


def _best(left: Leavings, group: Group, scene: Scene, ground: Ground, present: Ints) -> Part | None:
    mine = np.isin(left.cell, group.cells)
    if len(np.unique(left.probe[mine])) < _LEAST:
        return None
    were = present[group.cells].sum(axis=0)
    price = alarm_cost(group, ground) + _DOUBT + float(np.log(len(_WIDTHS)))
    scores = np.stack([_scores(left, mine, scene, were, width) for width in _WIDTHS]) - price
    width, minute = np.unravel_index(int(scores.argmax()), scores.shape)
    if scores[width, minute] <= 0:
        return None
    since = max(0, int(minute) - _WIDTHS[width])
    first = since + int((scores[:, since : minute + 1] > 0).any(axis=0).argmax())
    return _part(
        left, mine, group, scene, _Drain(float(scores[width, minute]), first, int(minute), _WIDTHS[width])
    )


def _scores(left: Leavings, mine: Bools, scene: Scene, were: Ints, width: int) -> Floats:
    """By minute: what those say that left within the width and are still away."""
    minutes = scene.visits.minutes
    first = minute_of(scene, left.known[mine])
    last = np.minimum(minute_of(scene, np.minimum(left.rise[mine], 1e15)), first + width)
    surprise = _IF_EMPTIED / -np.expm1(-left.rate[mine] * width * MINUTE_S)
    worth = np.clip(np.log(surprise), 0.0, _SURPRISE)
    gone, told = (_lasting(first, last, weight, minutes) for weight in (np.ones(len(first)), worth))
    before = np.concatenate((np.full(min(width, minutes), were[0]), were))[:minutes]
    score: Floats = told - _STAYED * (before - gone).clip(0)
    score[(gone < _LEAST) | (gone < _SHARE * before)] = -np.inf
    return score


def _lasting(first: Ints, last: Ints, weight: Floats, minutes: int) -> Floats:
    change = np.bincount(first, weight, minutes + 1).astype(np.float64)
    change -= np.bincount(np.clip(last, first, minutes), weight, minutes + 1)
    return np.asarray(np.cumsum(change)[:minutes], dtype=np.float64)


def _part(left: Leavings, mine: Bools, group: Group, scene: Scene, drain: _Drain) -> Part:
    start = scene.visits.start
    at, since = (start + (minute + 1) * MINUTE_S for minute in (drain.worst, drain.worst - drain.width - 1))
    fell = mine & (left.known <= at) & (left.known > since) & (left.rise > at)
    span = span_of(left.at[fell], left.rise[fell])
    finding = finding_in(scene, group, LOSS, span, (drain.score, drain.score))
    told = start + (drain.first + 1) * MINUTE_S
    return Part(finding, *span, told, np.unique(left.probe[fell]), left.cell[fell])


def _is_known(part: Part, found: Sequence[Finding]) -> bool:
    """Whether a wider finding tells of it, or else narrower ones tell of most that fell."""
    whole = part.finding
    near = [one for one in found if one.first < whole.last and whole.first < one.last]
    around = [one for one in near if np.isin(whole.cells, one.cells).all()]
    if around:
        return any(len(one.cells) > len(whole.cells) for one in around)
    pieces = [one.cells for one in near]
    return bool(pieces) and bool(np.isin(part.cells, np.concatenate(pieces)).mean() >= _PIECES)


def _tells(other: Part, part: Part) -> bool:
    """Whether another part tells of this one: as wide at least, there when it began, and most of its time."""
    a, b = other.finding, part.finding
    common = min(a.last, b.last) - max(a.first, b.first)
    return (
        bool(np.isin(b.cells, a.cells).all())
        and a.first <= b.first + _NEAR
        and 2 * common >= b.last - b.first
    )
