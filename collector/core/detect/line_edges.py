"""When a line incident began and ended: each probe's last and first word."""

from __future__ import annotations

from typing import Final

import numpy as np

from collector.core.detect import modes
from collector.core.detect.arrays import MINUTE_S, Bools, Floats
from collector.core.detect.case import LineCase
from collector.core.detect.edges import change_point
from collector.core.detect.merging import Finding
from collector.core.detect.modes import ALARMS, NORMAL

_FAR: Final = 3  # minutes


def edges_of(one: Finding, case: LineCase, scope: Bools) -> tuple[float, float | None]:
    """When it began and ended, in Unix seconds; None while it lasts."""
    start = case.moment.start
    begin = start + one.first * MINUTE_S
    end = start + one.last * MINUTE_S
    window = MINUTE_S * (4 + 2 * case.ground.half_interval)
    half = 2 * MINUTE_S if one.pauses else min(window, max((end - begin) / 2, 2 * MINUTE_S))
    begin = _edge(case, scope, one.mode, (begin - window, begin + half), begins=True) or begin
    if one.open:
        return begin, None
    ended = _edge(case, scope, one.mode, (end - half, end + window), begins=False) or end
    return begin, max(ended, begin + 1)


def _edge(
    case: LineCase, scope: Bools, mode: int, span: tuple[float, float], *, begins: bool
) -> float | None:
    visits, promises = case.scene.visits, case.scene.promises
    says = _against(case, scope, mode, span if begins else (span[1], span[0]))
    told = scope & (says != 0) & (visits.at >= span[0]) & (visits.at < span[1])
    gone = scope & promises.broken & (promises.due >= span[0]) & (promises.due < span[1]) & begins
    times: Floats = np.concatenate((visits.at[told], promises.due[gone]))
    affected = np.concatenate((says[told] > 0, np.ones(int(gone.sum()), bool)))
    probe = np.concatenate((visits.probe[told], visits.probe[gone]))
    # Who was affected all along, by something older, knows nothing of this edge.
    changing = np.isin(probe, probe[~affected])
    return change_point(times[changing], affected[changing], begins=begins)


def _against(case: LineCase, scope: Bools, mode: int, span: tuple[float, float]) -> Floats:
    """What each visit says for the mode against its probe's one beyond the edge (`span`: far end first)."""
    visits, table = case.scene.visits, modes.table()
    reach = MINUTE_S * max(_FAR, 2 * case.ground.half_interval)  # a report of each is heard in it
    far = span[0] + reach * (1 if span[0] < span[1] else -1)
    there = scope & (visits.at >= min(span[0], far)) & (visits.at < max(span[0], far))
    others = np.array([other for other in (NORMAL, *ALARMS) if other != mode])
    probe, said = visits.probe[there], table[others][:, case.scene.symbol[there]]
    size, crowd = int(visits.probe.max()) + 1, said.sum(axis=1) / max(1, len(probe))
    # Before a list is all that answers, one line may be well and the next one lost for days. Of whom nothing
    # was heard there, the others' word is taken; to the rest it counts as one more report.
    sums = np.array([np.bincount(probe, one, size) for one in said]) + crowd[:, None]
    other = others[sums.argmax(axis=0)][visits.probe]
    found: Floats = table[mode, case.scene.symbol] - table[other, case.scene.symbol]
    return found
