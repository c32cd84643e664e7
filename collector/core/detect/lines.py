"""Incidents of the line: nothing answers, only home answers, only a list answers, all is slow."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from collector.core.detect import modes, services
from collector.core.detect.arrays import MINUTE_S, Bools, Singles, one_of
from collector.core.detect.case import LineCase, in_scope, trusted
from collector.core.detect.columns import BAD, LINE_DOWN, NOTHING, SLOW, UNSURE, Columns
from collector.core.detect.decoding import Ground, live_course
from collector.core.detect.drained import with_drained
from collector.core.detect.evidence import Scene, absent, evidence
from collector.core.detect.explain import explain, short_pause, used_up
from collector.core.detect.falls import falls_of
from collector.core.detect.leavings import is_asleep, is_left_over, is_scattered
from collector.core.detect.line_edges import edges_of
from collector.core.detect.merging import Finding, bridged, together
from collector.core.detect.modes import ALARMS, ALLOWLIST, FOREIGN_CUT, LOSS, THROTTLED
from collector.core.detect.naming import named
from collector.core.detect.narrowing import narrowed
from collector.core.detect.partial import Part, parts, settled
from collector.core.detect.scene import Moment, arrivals, cell_numbers, in_time, kin, scene_of
from collector.core.detect.silence import usual_interval
from collector.core.detect.telling import Told, incident
from collector.core.detect.tuning import LEAST_PROBES, LIVE_DELAY_S, WITNESSES
from wire.incidents import Incident, Kind

_KINDS: Final[dict[int, Kind]] = {
    LOSS: "connectivity_loss",
    FOREIGN_CUT: "international_loss",
    ALLOWLIST: "allowlist_only",
    THROTTLED: "throttling",
}
_SOON: Final = 180  # minutes: within which most alarms are raised
_AFTER: Final = 2  # minutes after a finding that it still explains: who is back speaks for itself
_TELLING: Final = {
    LOSS: (BAD, LINE_DOWN, NOTHING, UNSURE),
    FOREIGN_CUT: (BAD,),
    ALLOWLIST: (BAD,),
    THROTTLED: (SLOW,),
}


def incidents(columns: Columns, moment: Moment, ignored: Bools) -> tuple[list[Incident], services.Case]:
    """The incidents of lines inside the country, and what the search for others stands on."""
    scene = scene_of(columns, moment, ignored)
    ground = ground_of(columns, scene)
    if not scene.cells:
        nothing = np.zeros((0, scene.visits.minutes), bool)
        return [], services.Case(columns, moment, ignored, scene, ground, nothing, nothing)
    found = explain(evidence(scene, live=False), ground)
    live, gone, heard = _live(columns, moment, ignored, scene)
    case = LineCase(columns, moment, ignored, scene, ground, live, gone, _delay(columns), heard)
    kept = named(found, case)
    kept, torn = _settled(together(bridged(kept, kept, used_up(ground), short_pause(ground))), case)
    whole = [*kept, *(one.finding for one in torn if one.finding.mode == LOSS)]
    slowed = _covered([one for one in whole if one.mode == THROTTLED], scene, ground)
    covered = _covered([one for one in whole if one.mode != THROTTLED], scene, ground)
    told = [told for one in kept if (told := _told(one, case, whole)) is not None]
    told += [_told_part(one, case) for one in torn]
    return told, services.Case(columns, moment, ignored, scene, ground, covered, slowed)


def _covered(found: list[Finding], scene: Scene, ground: Ground) -> Bools:
    """By (cell, minute): where one of the findings tells it."""
    covered = np.zeros((scene.cells, scene.visits.minutes), bool)
    for one in found:
        first = max(0, one.first - ground.half_interval - 1)
        covered[one.cells, first : one.last + _AFTER] = True
    return covered


def ground_of(columns: Columns, scene: Scene) -> Ground:
    """The cells with their places and probes."""
    number = cell_numbers(columns)
    pairs = np.unique(scene.visits.probe * (scene.cells + 1) + scene.cell + 1) % (scene.cells + 1)
    probes = np.bincount(pairs, minlength=scene.cells + 1)[1:].astype(np.float64)
    half = max(1, round(usual_interval(scene.promises) / MINUTE_S / 2))
    return Ground(
        columns.places, np.flatnonzero(number >= 0), probes, ALARMS, half, absent=absent(scene, kin(columns))
    )


def _live(
    columns: Columns, moment: Moment, ignored: Bools, whole: Scene
) -> tuple[Singles, Singles, tuple[Columns, Scene]]:
    """Evidence, absence and scene as they were known minute by minute: without what a spool brought later."""
    fresh = in_time(columns)
    if fresh.all():
        return evidence(whole, live=True), absent(whole, kin(columns)), (columns, whole)
    if not fresh.any():
        shape = (whole.cells, 1)
        return np.zeros((modes.MODES, *shape), np.float32), np.zeros(shape, np.float32), (columns, whole)
    heard = columns.only(fresh)
    scene = scene_of(heard, moment, ignored[fresh])
    return evidence(scene, live=True), absent(scene, kin(columns)), (heard, scene)


def _settled(found: list[Finding], case: LineCase) -> tuple[list[Finding], list[Part]]:
    """With what only a part of a group felt."""
    said = ((case.columns, case.scene), case.heard)
    whole, live = (falls_of(scene, arrivals(columns, scene.visits)) for columns, scene in said)
    fallen = parts(whole, live, case.scene, case.ground)
    return settled(found, with_drained(fallen, found, case.scene, case.ground))


def _told_part(one: Part, case: LineCase) -> Incident:
    visits, weight = case.scene.visits, case.scene.weight
    scope = in_scope(one.finding, case, visits.place) & (weight > 0)
    during = scope & (visits.at >= one.began) & (visits.at < (one.ended or np.inf))
    before = scope & (visits.at < one.began) & (visits.at >= one.began - 3600)
    span = (one.began, one.ended)
    says = modes.table()[one.finding.mode, case.scene.symbol]
    heard = np.isin(one.probes, visits.probe[during & (says > 0)])
    return incident(
        Told(
            kind=_KINDS[one.finding.mode],
            finding=one.finding,
            places=[case.columns.places[place] for place in case.ground.cells[one.finding.cells]],
            began=one.began,
            ended=one.ended,
            detected=min(max(one.detected, one.began), case.moment.known),
            affected=len(one.probes),
            reporting=len(np.unique(visits.probe[during])),
            expected=len(np.union1d(np.unique(visits.probe[before]), one.probes)),
            witnesses=_witnesses(one.finding, case, span, one.probes),
            silent=bool(heard.sum() < LEAST_PROBES),
            rewritten=_rewritten(one.finding, case, span),
        )
    )


def _delay(columns: Columns) -> float:
    """How long the news usually takes to arrive, seconds."""
    delay = columns.arrival - columns.at
    fresh = delay[delay <= LIVE_DELAY_S]
    return float(np.quantile(fresh, 0.9)) if len(fresh) else 0.0


def _told(one: Finding, case: LineCase, whole: list[Finding]) -> Incident | None:
    visits, weight = case.scene.visits, case.scene.weight
    scope = in_scope(one, case, visits.place) & (weight > 0)
    begin, end = edges_of(one, case, scope)
    says = modes.table()[one.mode, case.scene.symbol]
    during = scope & (visits.at >= begin) & (visits.at < (end or np.inf))
    affected = np.unique(visits.probe[during & (says > 0)])
    silent = np.unique(visits.probe[scope & _silent(case, begin, end)])
    hit = np.union1d(affected, silent)
    if len(hit) < LEAST_PROBES or is_asleep(one, case, begin, hit, affected):
        return None
    if is_scattered(one, case, hit) or is_left_over(one, whole, case, hit):
        return None
    one = narrowed(one, case, hit)
    before = scope & (visits.at < begin) & (visits.at >= begin - 86_400)
    return incident(
        Told(
            kind=_KINDS[one.mode],
            finding=one,
            places=[case.columns.places[place] for place in case.ground.cells[one.cells]],
            began=begin,
            ended=end,
            detected=_detected(one, case, begin),
            affected=len(hit),
            reporting=len(np.unique(visits.probe[during])),
            expected=len(np.union1d(np.unique(visits.probe[before]), hit)),
            witnesses=_witnesses(one, case, (begin, end), silent),
            silent=len(affected) < LEAST_PROBES,
            rewritten=_rewritten(one, case, (begin, end)),
        )
    )


def _rewritten(one: Finding, case: LineCase, span: tuple[float, float | None]) -> bool:
    """Whether records of its time and place came late."""
    columns = case.columns
    which = (columns.at >= span[0]) & (columns.at < (span[1] or np.inf))
    which &= columns.arrival - columns.at > LIVE_DELAY_S
    return bool(which.any() and in_scope(one, case, columns.place[which]).any())


def _silent(case: LineCase, begin: float, end: float | None) -> Bools:
    promises = case.scene.promises
    due = promises.due
    return promises.broken & (due >= begin - promises.interval) & (due < (end or np.inf))


def _detected(one: Finding, case: LineCase, begin: float) -> float:
    """The first minute in which live evidence alone raised it, else when enough late evidence was in."""
    now, start = case.moment.known, case.moment.start
    first = max(0, one.first - 2)
    for last in sorted({min(one.last + 5, first + _SOON), one.last + 5}):
        minute = _first_alarm(one, case, (first, last))
        if minute is not None:
            return min(max(start + (minute + 1) * MINUTE_S + case.delay, begin), now)
    return min(max(_late(one, case), begin), now)


def _first_alarm(one: Finding, case: LineCase, span: tuple[int, int]) -> int | None:
    """The minute: of any alarm, or of this mode's where another alarm was already on."""
    first, live = live_course(case.live, one.groups, replace(case.ground, absent=case.absent), span)
    own = np.flatnonzero((live == one.mode).any(axis=0))
    if live.shape[1] and not np.isin(live[:, 0], ALARMS).any():
        own = np.flatnonzero(np.isin(live, ALARMS).any(axis=0))
    return first + int(own[0]) if len(own) else None


def _late(one: Finding, case: LineCase) -> float:
    """When late records had brought the word of enough probes."""
    columns, start = case.columns, case.moment.start
    which = one_of(columns.outcome, _TELLING[one.mode]) & in_scope(one, case, columns.place)
    which &= (columns.at >= start + one.first * MINUTE_S) & (columns.at < start + one.last * MINUTE_S)
    rows = np.flatnonzero(which)
    _, first = np.unique(columns.probe[rows], return_index=True)
    arrivals = np.sort(columns.arrival[rows[first]])
    if not len(arrivals):
        return start + one.last * MINUTE_S
    return float(arrivals[min(max(LEAST_PROBES, len(arrivals) // 10), len(arrivals) - 1)])


def _witnesses(
    one: Finding,
    case: LineCase,
    span: tuple[float, float | None],
    silent: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> list[str]:
    """Ids of up to 20 measurements of as many probes; where all is silent, the last that was heard."""
    columns = case.columns
    which = one_of(columns.outcome, _TELLING[one.mode]) & ~case.ignored
    which &= (columns.at >= span[0]) & (columns.at < (span[1] or np.inf))
    rows = np.flatnonzero(which & in_scope(one, case, columns.place) & trusted(case)[columns.probe])
    _, first = np.unique(columns.probe[rows], return_index=True)
    chosen = rows[np.sort(first)][:WITNESSES]
    if not len(chosen):
        rows = np.flatnonzero((columns.at < span[0]) & np.isin(columns.probe, silent))[::-1]
        _, first = np.unique(columns.probe[rows], return_index=True)
        chosen = np.sort(rows[np.sort(first)][:WITNESSES])
    return [columns.id_of(int(columns.row[row])) for row in chosen]
