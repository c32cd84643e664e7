"""Incidents of services: blocked, throttled, or answered by somebody else, while the line is well.

A unit is what a person would name: a messenger with all its roles, or one site.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from collector.core.detect.arrays import MINUTE_S, Bools, Floats, Ints, Singles, one_of, stable_order
from collector.core.detect.columns import BAD, FOREIGN, FORGED, GOOD, SLOW, SLUGGISH, Columns, brought_by_sms
from collector.core.detect.decoding import Ground, live_course
from collector.core.detect.edges import change_point
from collector.core.detect.evidence import Scene, capped
from collector.core.detect.explain import explain
from collector.core.detect.merging import Finding
from collector.core.detect.modes import line_fails
from collector.core.detect.parts import Part, Seen, Unit, together
from collector.core.detect.scene import Moment, in_time
from collector.core.detect.telling import Told, incident
from collector.core.detect.tuning import LEAST_PROBES, LIVE_DELAY_S, WITNESSES
from wire.incidents import Incident, Kind

NORMAL, MIXED, BLOCKED, INTERCEPTED, THROTTLED = range(5)
ALARMS: Final = (BLOCKED, INTERCEPTED, THROTTLED)
_KINDS: Final[dict[int, Kind]] = {
    BLOCKED: "service_block",
    INTERCEPTED: "tls_interception",
    THROTTLED: "throttling",
}
_OUTCOMES: Final = (GOOD, BAD, FORGED, SLOW, SLUGGISH)
# P(what a visit says of the service | mode): good, bad, forged, slow by a throttle, slow.
_ODDS: Final = np.array([
    (0.945, 0.02, 0.002, 0.008, 0.025),
    (0.5, 0.25, 0.1, 0.1, 0.05),
    (0.05, 0.88, 0.03, 0.01, 0.03),
    (0.05, 0.06, 0.86, 0.01, 0.02),
    (0.07, 0.05, 0.01, 0.75, 0.12),
])  # fmt: skip
_TABLE: Final = np.log(_ODDS) - np.log(_ODDS[NORMAL])
_BLOCK_MINUTES: Final = 15
_SHORT_MINUTES: Final = 5
_WORTH_A_LOOK: Final = 10.0
_STANDS_OUT: Final = 4.0  # times the usual noise
_MOST_FOREIGN: Final = 3
_LEAST_SLUGGISH: Final = 2
_SLUGGISH_SHARE: Final = 0.7
_SOON: Final = 180  # minutes: within which most alarms are raised
_WIDTH: Final = 9  # outcomes are less
_WIDE: Final = 0.5
_MAJORITY: Final = 0.5  # of a messenger's roles


@dataclass(frozen=True)
class Case:
    """What is known before services are looked at.

    By (cell, minute): `covered` where a line incident tells all, `slowed` where the whole line is throttled.
    """

    columns: Columns
    moment: Moment
    ignored: Bools
    scene: Scene
    ground: Ground
    covered: Bools
    slowed: Bools


def incidents(case: Case) -> list[Incident]:
    """The incidents of all services; those that began together at one place are told in one."""
    wholes = units_of(case.columns)
    rows = _Rows(case)
    ground = replace(case.ground, alarms=ALARMS, absent=None, tests=max(1, len(wholes)))
    parts = [part for unit in wholes for part in _parts(unit, rows, case, ground)]
    told = {part.unit.name for part in parts}
    roles = [
        Unit(case.columns.roles[role].id, np.array([role]))
        for unit in wholes
        if unit.name not in told and len(unit.roles) > 1
        for role in unit.roles
    ]
    parts += [part for unit in roles for part in _parts(unit, rows, case, ground)]
    return [one for group in together(parts) if (one := _told(group, case)) is not None]


def units_of(columns: Columns) -> list[Unit]:
    """The services: roles of one name before the slash stand together."""
    found: dict[str, list[int]] = {}
    summed_up = brought_by_sms(columns)
    for number, role in enumerate(columns.roles):
        if not summed_up[number]:
            found.setdefault(role.id.partition("/")[0], []).append(number)
    return [Unit(name, np.array(roles)) for name, roles in found.items()]


class _Rows:
    """The records of each role that say something about a service, found once."""

    def __init__(self, case: Case) -> None:
        columns, scene = case.columns, case.scene
        visit = scene.visits.of
        usable = one_of(columns.outcome, _OUTCOMES) & ~case.ignored & _line_is_well(case)[visit]
        usable &= ~((columns.outcome == SLOW) & _slowed(case)[visit])
        usable &= ~((columns.outcome == SLUGGISH) & _sluggish_lines(columns, visit)[visit])
        rows = np.flatnonzero(usable)
        order = stable_order(columns.target[rows])
        self._rows = rows[order]
        self._starts = np.searchsorted(columns.target[self._rows], np.arange(len(columns.roles) + 1))

    def of(self, unit: Unit) -> Ints:
        """The rows of all roles of the unit."""
        return np.concatenate(
            [self._rows[self._starts[role] : self._starts[role + 1]] for role in unit.roles]
        )


def _line_is_well(case: Case) -> Bools:
    """Visits whose line tells nothing that would explain a service away."""
    scene = case.scene
    visits = scene.visits
    tried = visits.good[FOREIGN] + visits.bad[FOREIGN]
    cut_off = (tried >= _MOST_FOREIGN) & (visits.good[FOREIGN] == 0)
    fails = line_fails(scene.symbol) & ((visits.good + visits.bad).sum(axis=0) >= _MOST_FOREIGN)
    sound = (scene.cell >= 0) & (scene.weight > 0) & ~visits.dead & ~cut_off & ~fails
    sound[sound] = ~case.covered[scene.cell[sound], visits.minute[sound]]
    return np.asarray(sound, dtype=bool)


def _sluggish_lines(columns: Columns, visit: Ints) -> Bools:
    """Visits of which nearly all is slow, nobody said by whose doing: the line is."""
    slow = np.bincount(visit, columns.outcome == SLUGGISH)
    told = np.bincount(visit, one_of(columns.outcome, _OUTCOMES))
    return np.asarray((slow >= _LEAST_SLUGGISH) & (slow >= _SLUGGISH_SHARE * told), dtype=bool)


def _slowed(case: Case) -> Bools:
    """Visits on a line that is throttled as a whole."""
    scene = case.scene
    if not scene.cells:
        return np.zeros(len(scene.visits), bool)
    return np.asarray((scene.cell >= 0) & case.slowed[scene.cell, scene.visits.minute], dtype=bool)


def _seen(rows: Ints, case: Case) -> Seen:
    """What each visit says of the unit whose records these are: what most of its roles say."""
    if not len(rows):
        return Seen(np.empty(0, np.int64), np.empty(0, np.int64))
    key = case.scene.visits.of[rows] * _WIDTH + case.columns.outcome[rows]
    counts = np.bincount(key, minlength=len(case.scene.visits) * _WIDTH).reshape(-1, _WIDTH)
    visit = np.flatnonzero(counts.any(axis=1))
    kinds = counts[visit][:, list(_OUTCOMES)].T
    worst = kinds[1:].argmax(axis=0) + 1
    share = kinds[1:].sum(axis=0) / kinds.sum(axis=0)
    return Seen(visit, np.where(share > _MAJORITY, worst, 0))


def _evidence(seen: Seen, case: Case) -> Singles:
    scene = case.scene
    minutes = scene.visits.minutes
    where = scene.cell[seen.visit] * minutes + scene.visits.minute[seen.visit]
    found = np.zeros((len(_ODDS), scene.cells, minutes), np.float32)
    for mode in range(1, len(_ODDS)):
        worth = _TABLE[mode, seen.symbol] * scene.weight[seen.visit]
        found[mode] = np.bincount(where, worth, scene.cells * minutes).reshape(scene.cells, minutes)
    return capped(found)


def _parts(unit: Unit, rows: _Rows, case: Case, ground: Ground) -> Iterator[Part]:
    own = rows.of(unit)
    seen = _seen(own, case)
    if not _worth_a_look(seen, case):
        return
    found = explain(_evidence(seen, case), ground)
    if not found:
        return
    fresh = own[in_time(case.columns)[own]]
    live = _evidence(_seen(fresh, case), case)
    for one in found:
        began, ended = _edges(one, seen, case)
        yield Part(unit, one, seen, began, ended, _detected(one, live, (case, ground), began))


def _worth_a_look(seen: Seen, case: Case) -> bool:
    """Whether some quarter of an hour holds any evidence at all, or some minutes that stand out.

    Most services on most days need no decoding. A short outage on both sides of a quarter's edge is hidden
    in either by what was well before and after.
    """
    probes = np.unique(case.scene.visits.probe[seen.visit[seen.symbol > 0]])
    if len(probes) < LEAST_PROBES:
        return False
    if _most_said(seen, case, _BLOCK_MINUTES).max() > _WORTH_A_LOOK:
        return True
    said = _most_said(seen, case, _SHORT_MINUTES)
    return bool(said.max() > _WORTH_A_LOOK + _STANDS_OUT * np.median(said))


def _most_said(seen: Seen, case: Case, minutes: int) -> Floats:
    """By stretch of so many minutes: what speaks for the likeliest alarm, where more does than not."""
    blocks = case.scene.visits.minutes // minutes + 1
    where = case.scene.cell[seen.visit] * blocks + case.scene.visits.minute[seen.visit] // minutes
    size = case.scene.cells * blocks
    best = np.zeros(blocks)
    for mode in ALARMS:
        sums = np.bincount(where, _TABLE[mode, seen.symbol], size).reshape(case.scene.cells, blocks)
        best = np.maximum(best, sums.clip(0).sum(axis=0))
    return best


def _edges(one: Finding, seen: Seen, case: Case) -> tuple[float, float | None]:
    start = case.moment.start
    begin, end = start + one.first * MINUTE_S, start + one.last * MINUTE_S
    window = MINUTE_S * (4 + 2 * case.ground.half_interval)
    half = 2 * MINUTE_S if one.pauses else min(window, max((end - begin) / 2, 2 * MINUTE_S))
    begin = _edge(one, seen, case, (begin - window, begin + half)) or begin
    if one.open:
        return begin, None
    return begin, max(_edge(one, seen, case, (end + window, end - half)) or end, begin + 1)


def _edge(one: Finding, seen: Seen, case: Case, span: tuple[float, float]) -> float | None:
    """`span`: the far side of the edge first."""
    at = case.scene.visits.at[seen.visit]
    near = np.isin(case.scene.cell[seen.visit], one.cells) & (at >= min(span)) & (at < max(span))
    return change_point(at[near], _TABLE[one.mode, seen.symbol[near]] > 0, begins=span[0] < span[1])


def _detected(one: Finding, live: Singles, known: tuple[Case, Ground], began: float) -> float:
    case, ground = known
    minute, first = one.last, max(0, one.first - 2)
    for last in sorted({min(one.last + 5, first + _SOON), one.last + 5}):
        begin, course = live_course(live, one.groups, ground, (first, last))
        alarm = np.flatnonzero((course == one.mode).any(axis=0))
        if len(alarm):
            minute = begin + int(alarm[0])
            break
    delay = case.columns.arrival - case.columns.at
    usual = float(np.quantile(delay[delay <= LIVE_DELAY_S], 0.9)) if len(alarm) else 0.0
    return min(max(case.moment.start + (minute + 1) * MINUTE_S + usual, began), case.moment.known)


def _told(parts: list[Part], case: Case) -> Incident | None:
    main = max(parts, key=lambda part: part.finding.weight)
    scene, one = case.scene, main.finding
    said = [_in_span(part, case) for part in parts]
    affected = np.unique(np.concatenate([scene.visits.probe[visit[bad]] for visit, bad in said]))
    if len(affected) < LEAST_PROBES:
        return None
    reporting = np.unique(np.concatenate([scene.visits.probe[visit] for visit, _ in said]))
    names = [part.unit for part in parts]
    roles = [case.columns.roles[role] for unit in names for role in unit.roles]
    return incident(
        Told(
            kind=_KINDS[one.mode],
            finding=one,
            places=[case.columns.places[place] for place in case.ground.cells[one.cells]],
            began=main.began,
            ended=main.ended,
            detected=min(part.detected for part in parts),
            affected=len(affected),
            reporting=len(reporting),
            expected=len(np.union1d(reporting, affected)),
            witnesses=_witnesses(parts, case),
            categories=tuple(sorted({role.category for role in roles})),
            wide=one.mode != BLOCKED and len(names) >= _WIDE * _measured(names, case),
            targets=tuple(dict.fromkeys([unit.name for unit in names] + [role.id for role in roles])),
        )
    )


def _measured(units: list[Unit], case: Case) -> int:
    """How many services there are on the sides that these are hosted on."""
    sides = {case.columns.roles[role].side for unit in units for role in unit.roles}
    return len({role.id.partition("/")[0] for role in case.columns.roles if role.side in sides})


def _in_span(part: Part, case: Case) -> tuple[Ints, Bools]:
    """The visits of the part's place and time, and whether each says so."""
    at, seen = case.scene.visits.at[part.seen.visit], part.seen
    during = (at >= part.began) & (at < (part.ended or np.inf))
    during &= np.isin(case.scene.cell[seen.visit], part.finding.cells)
    says: Floats = _TABLE[part.finding.mode, seen.symbol[during]]
    return seen.visit[during], says > 0


def _witnesses(parts: list[Part], case: Case) -> list[str]:
    """Ids of up to 20 measurements of as many probes."""
    columns, one = case.columns, parts[0]
    outcome = _OUTCOMES[{BLOCKED: 1, INTERCEPTED: 2, THROTTLED: 3}[one.finding.mode]]
    roles = np.concatenate([part.unit.roles for part in parts])
    which = (columns.outcome == outcome) & np.isin(columns.target, roles) & ~case.ignored
    which &= (columns.at >= one.began) & (columns.at < (one.ended or np.inf))
    rows = np.flatnonzero(which & np.isin(case.scene.cell[case.scene.visits.of], one.finding.cells))
    first = np.unique(columns.probe[rows], return_index=True)[1]
    return [columns.id_of(int(columns.row[row])) for row in rows[np.sort(first)][:WITNESSES]]
