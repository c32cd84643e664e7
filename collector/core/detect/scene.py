"""From columns to a scene: who said what, when, and how much it counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from collector.core.detect import modes
from collector.core.detect.arrays import MINUTE_S, Bools, Codes, Floats, Ints
from collector.core.detect.columns import Columns, inside
from collector.core.detect.evidence import Scene, blind_minutes
from collector.core.detect.grid import Visits, visits_of
from collector.core.detect.groups import DIMENSIONS
from collector.core.detect.silence import promises_of
from collector.core.detect.trust import weights
from collector.core.detect.tuning import LIVE_DELAY_S

_SAMPLE = 60  # probes
_PAUSE_S = 20.0


@dataclass(frozen=True)
class Moment:
    """The stretch of time that is looked at, in Unix seconds.

    `start`: its first minute. `now`: until when silence says something. `known`: until when records came.
    """

    start: float
    now: float
    known: float


def last_heard(columns: Columns) -> float:
    """When the stream ended, to those who were there to the end: who spoke a moment before is not silent.

    Spools that come after it make nobody's silence longer.
    """
    fresh = in_time(columns)
    if not fresh.any():
        return float(columns.arrival.max())
    probe, arrival = columns.probe[fresh], columns.arrival[fresh]
    last = np.full(len(columns.probes), -np.inf)
    last[probe] = arrival  # in order of arrival: the last one stays
    there = last >= arrival[-1] - 1.5 * _rough_interval(probe, arrival)
    return float(np.median(last[there]))


def _rough_interval(probe: Codes, arrival: Floats) -> float:
    """What few pauses of some probes exceed, seconds."""
    step = max(1, int(probe.max()) // _SAMPLE)
    some = probe % step == 0
    order = np.lexsort((arrival[some], probe[some]))
    gaps = np.diff(arrival[some][order])[np.diff(probe[some][order]) == 0]
    gaps = gaps[gaps >= _PAUSE_S]
    return float(np.quantile(gaps, 0.97)) if len(gaps) else MINUTE_S


def scene_of(columns: Columns, moment: Moment, ignored: Bools) -> Scene:
    """The scene. A cell is a place inside the country; the probes abroad have cell -1."""
    visits = visits_of(columns, moment.start, moment.now, ignored)
    symbol = modes.symbols(visits)
    promises = promises_of(visits, moment.now)
    number = cell_numbers(columns)
    cell = number[visits.place]
    return Scene(
        visits=visits,
        symbol=symbol,
        weight=weights(visits, columns, symbol),
        promises=promises,
        cell=cell,
        cells=int((number >= 0).sum()),
        blind=blind_minutes(promises, cell < 0, visits, _came_late(columns, visits)),
    )


def cell_numbers(columns: Columns) -> Ints:
    """The cell of each place, -1 for places abroad."""
    within = inside(columns)
    return np.where(within, np.cumsum(within) - 1, -1)


def in_time(columns: Columns) -> Bools:
    """Whether each record came while it was news."""
    return np.asarray(columns.arrival - columns.at <= LIVE_DELAY_S, dtype=bool)


def kin(columns: Columns) -> list[Ints]:
    """For region, operator and access: the group of each cell."""
    places = [columns.places[place] for place in np.flatnonzero(inside(columns))]
    return [
        np.unique(np.array([of(place) for place in places]), return_inverse=True)[1].astype(np.int64)
        for of in DIMENSIONS.values()
    ]


def arrivals(columns: Columns, visits: Visits) -> Floats:
    """When the first word of each visit came."""
    found = np.full(len(visits), np.inf)
    np.minimum.at(found, visits.of, columns.arrival)
    return found


def _came_late(columns: Columns, visits: Visits) -> Bools:
    return np.asarray(arrivals(columns, visits) - visits.at > LIVE_DELAY_S, dtype=bool)
