"""Explaining records away: wrong clocks.

A clock that runs ahead shows itself (nothing arrives before it was measured). One that runs
behind looks like a spool; but a spool is emptied much faster than it was filled, while under a
wrong clock event and arrival keep the same pace.
"""

from __future__ import annotations

import numpy as np

from collector.core.detect.arrays import Floats, Ints, first_of_runs, stable_order
from collector.core.detect.columns import Columns
from collector.core.detect.tuning import SKEW_S

_LEAST_SPAN_S = 600.0
_PACE = 1.5


def with_true_times(columns: Columns) -> Columns:
    """Event times with wrong clocks put right, never later than arrival."""
    if not len(columns):
        return columns
    at = np.minimum(columns.at, columns.arrival)
    delay = columns.arrival - at
    if (delay > SKEW_S).any():
        at = at + _skew(columns, at, delay)
    return columns.at_event_time(at)


def _skew(columns: Columns, at: Floats, delay: Floats) -> Floats:
    """How far each record's clock was behind: of each probe, stretch by stretch of steady delay."""
    order = stable_order(columns.probe)
    apart = np.abs(np.diff(delay[order], prepend=0.0)) > SKEW_S
    first = first_of_runs(columns.probe[order].astype(np.int64)) | apart
    starts = np.flatnonzero(first)
    least = np.minimum.reduceat(delay[order], starts)
    behind = (least > SKEW_S) & _same_pace(at[order], columns.arrival[order], starts)
    shift = np.zeros(len(columns))
    shift[order] = np.where(behind, least, 0.0)[np.cumsum(first) - 1]
    return shift


def _same_pace(at: Floats, arrival: Floats, starts: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    event_span = np.maximum.reduceat(at, starts) - np.minimum.reduceat(at, starts)
    arrival_span = np.maximum.reduceat(arrival, starts) - np.minimum.reduceat(arrival, starts)
    steady = (event_span <= arrival_span * _PACE) & (arrival_span <= event_span * _PACE)
    return np.asarray(steady & (arrival_span >= _LEAST_SPAN_S), dtype=bool)
