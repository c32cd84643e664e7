"""The most likely course of hidden states over the minutes, for many groups at once.

The same recursion serves live and afterwards: its best last state is what could be said at
that minute, its traced path is what is known in the end.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from collector.core.detect.arrays import Floats, Singles, Small


class Courses(NamedTuple):
    """States by (group, minute): `path` with hindsight, `live` as of that minute."""

    path: Small
    live: Small


def courses(evidence: Singles, costs: Floats) -> Courses:
    """Decode. `evidence`: (state, group, minute), nats over state 0; `costs`: (group, from, to)."""
    states, groups, minutes = evidence.shape
    came = np.zeros((minutes, groups, states), np.int8)
    live = np.zeros((groups, minutes), np.int8)
    value = np.full((groups, states), -1e6)
    value[:, 0] = 0.0
    by_minute = np.ascontiguousarray(evidence.transpose(2, 1, 0))
    for minute in range(minutes):
        options = value[:, :, None] - costs
        came[minute] = options.argmax(axis=1)
        value = options.max(axis=1) + by_minute[minute]
        value -= value[:, :1]
        live[:, minute] = value.argmax(axis=1)
    return Courses(_traced(came, live), live)


def _traced(came: Small, live: Small) -> Small:
    minutes, groups, _ = came.shape
    path = np.zeros((groups, minutes), np.int8)
    if not minutes:
        return path
    here = live[:, -1].astype(np.int64)
    rows = np.arange(groups)
    for minute in range(minutes - 1, -1, -1):
        path[:, minute] = here
        here = came[minute, rows, here].astype(np.int64)
    return path
