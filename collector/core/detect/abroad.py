"""Dark from abroad: probes outside see the country's sites fail, and all else well."""

from __future__ import annotations

from typing import Final

import numpy as np

from collector.core.detect import modes
from collector.core.detect.arrays import MINUTE_S, Bools, Floats, Singles, one_of, runs
from collector.core.detect.columns import BAD, DOMESTIC, FOREIGN, GOOD, Columns
from collector.core.detect.edges import change_point
from collector.core.detect.evidence import Scene
from collector.core.detect.groups import Group
from collector.core.detect.merging import Finding, bridged
from collector.core.detect.scene import Moment
from collector.core.detect.telling import Told, incident
from collector.core.detect.tuning import ALARM_MINUTES, CELL_CAP, LEAST_PROBES, LEAVE_COST, WITNESSES
from collector.core.detect.viterbi import courses
from wire.incidents import Incident

_WINDOW_S: Final = 900.0
_HOME_WORKS: Final = 0.5
_TELLING: Final = 0.2
_DARK: Final = 2
_HALF: Final = 0.5


def incidents(columns: Columns, moment: Moment, scene: Scene) -> list[Incident]:
    """The incidents that only the probes abroad can see. `scene` knows no faults of targets."""
    abroad = (scene.cell < 0) & (scene.symbol > 0) & (scene.symbol < modes.DEAD)
    if not abroad.any():
        return []
    worth = modes.dark_table()[scene.symbol]
    evidence = _evidence(scene, abroad, worth)
    price = float(np.log(ALARM_MINUTES))
    costs = np.array([[[0.0, price - 1, price], [LEAVE_COST, 0.0, price], [LEAVE_COST, price, 0.0]]])
    course = courses(evidence, costs)
    where = Group("nation", (), np.empty(0, np.int64))
    found = [
        Finding(
            _DARK,
            (where,),
            where.cells,
            first,
            last,
            last == scene.visits.minutes,
            float(evidence[2, 0, first:last].sum()),
        )
        for first, last in runs(course.path[0] == _DARK)
    ]
    live = course.live[0] == _DARK
    told = [_told(one, (columns, moment, scene), (abroad, worth, live)) for one in bridged(found)]
    return [one for one in told if one is not None]


def _evidence(scene: Scene, abroad: Bools, worth: Floats) -> Singles:
    visits = scene.visits
    found = np.zeros((3, 1, visits.minutes), np.float32)
    said = np.bincount(visits.minute[abroad], worth[abroad], visits.minutes)
    told = np.bincount(visits.minute[abroad], minlength=visits.minutes)
    normal = np.bincount(visits.minute[abroad], (worth[abroad] < 0), visits.minutes)
    found[2, 0] = np.clip(said, -2 * CELL_CAP, 2 * CELL_CAP) + 1e-5
    found[1, 0] = np.clip(said * 0.5 - 0.3 * told + 0.5 * normal, -2 * CELL_CAP, 2 * CELL_CAP)
    return found


def _told(
    one: Finding, known: tuple[Columns, Moment, Scene], said: tuple[Bools, Floats, Bools]
) -> Incident | None:
    (columns, moment, scene), (abroad, worth, live) = known, said
    visits = scene.visits
    begin, end = moment.start + one.first * MINUTE_S, moment.start + one.last * MINUTE_S
    half = min(_WINDOW_S, max((end - begin) / 2, 2 * MINUTE_S))
    began = _edge(visits.at[abroad], worth[abroad], (begin - _WINDOW_S, begin + half), begins=True) or begin
    ended = None
    if not one.open:
        ended = _edge(visits.at[abroad], worth[abroad], (end - half, end + _WINDOW_S), begins=False) or end
    during = abroad & (visits.at >= began) & (visits.at < (ended or np.inf))
    if _home_is_broken(scene, (began, ended)) or not _most_is_dark(columns, scene, (began, ended)):
        return None
    affected = np.unique(visits.probe[during & (worth > 0)])
    before = abroad & (visits.at < began)
    if len(affected) < min(2, len(np.unique(visits.probe[abroad]))):
        return None
    alarm = np.flatnonzero(live[max(0, one.first - 1) :])
    minute = max(0, one.first - 1) + int(alarm[0]) if len(alarm) else one.last
    return incident(
        Told(
            kind="dark_from_abroad",
            finding=one,
            places=[],
            began=began,
            ended=ended,
            detected=min(max(moment.start + (minute + 1) * MINUTE_S, began), moment.known),
            affected=len(affected),
            reporting=len(np.unique(visits.probe[during])),
            expected=len(np.union1d(np.unique(visits.probe[before]), affected)),
            witnesses=_witnesses(columns, scene, (began, ended)),
        )
    )


def _edge(at: Floats, worth: Floats, span: tuple[float, float], *, begins: bool) -> float | None:
    near = (at >= span[0]) & (at < span[1]) & (worth != 0)
    return change_point(at[near], worth[near] > 0, begins=begins)


def _home_is_broken(scene: Scene, span: tuple[float, float | None]) -> bool:
    """Whether probes inside that reach foreign targets see domestic ones fail too: then it is the sites."""
    visits = scene.visits
    within = (scene.cell >= 0) & (scene.weight > 0)
    within &= (visits.at >= span[0]) & (visits.at < (span[1] or np.inf))
    during = within & (visits.good[FOREIGN] > visits.bad[FOREIGN])
    told = len(np.unique(visits.probe[during]))
    if told < max(LEAST_PROBES, _TELLING * len(np.unique(visits.probe[within]))):
        return False  # a few liars, or the few that a cut left over, say nothing about home
    good, bad = visits.good[DOMESTIC, during].sum(), visits.bad[DOMESTIC, during].sum()
    return bool(good + bad > 0 and good < _HOME_WORKS * (good + bad))


def _most_is_dark(columns: Columns, scene: Scene, span: tuple[float, float | None]) -> bool:
    """Whether most domestic targets fail abroad: one that fails at every visit says no more than itself."""
    domestic = np.array([role.side == DOMESTIC for role in columns.roles], bool)[columns.target]
    which = domestic & (scene.cell[scene.visits.of] < 0) & one_of(columns.outcome, (BAD, GOOD))
    which &= (columns.at >= span[0]) & (columns.at < (span[1] or np.inf))
    tries = np.bincount(columns.target[which], minlength=len(columns.roles))
    bad = np.bincount(columns.target[which & (columns.outcome == BAD)], minlength=len(columns.roles))
    seen = tries > 0
    return bool((2 * bad[seen] > tries[seen]).mean() > _HALF) if seen.any() else True


def _witnesses(columns: Columns, scene: Scene, span: tuple[float, float | None]) -> list[str]:
    domestic = np.array([role.side == DOMESTIC for role in columns.roles], bool)[columns.target]
    which = (columns.outcome == BAD) & domestic & (scene.cell[scene.visits.of] < 0)
    rows = np.flatnonzero(which & (columns.at >= span[0]) & (columns.at < (span[1] or np.inf)))[:WITNESSES]
    return [columns.id_of(int(columns.row[row])) for row in rows]
