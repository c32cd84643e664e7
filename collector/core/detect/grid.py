"""Minutes by cells: what every later step counts in.

A cell is a place (region, operator, access) inside the country. A visit is one probe in one
minute: everything that it said then, counted once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.core.detect.arrays import MINUTE_S, Bools, Floats, Ints, first_of_runs, one_of, stable_order
from collector.core.detect.columns import (
    BAD,
    DOMESTIC,
    FORGED,
    GOOD,
    LINE_DOWN,
    NOTHING,
    SLOW,
    SLUGGISH,
    UNSURE,
    Columns,
    brought_by_sms,
)  # fmt: skip

_DUMB: Final = 0.8  # a probe that says nothing in so many of its visits never says anything


@dataclass(frozen=True)
class Visits:
    """One probe in one minute, a row each, sorted by probe and minute.

    `minute`: since `start`. `at`: mean event time in the minute. `good`, `bad`: counts of targets
    by side (rows: DOMESTIC, FOREIGN). `slow`: targets that were throttled. `dead`: whether the probe said
    that its line was down. `blank`: whether it, who usually can, could say nothing of any target.
    `brought`: whether all of it came in a digest by SMS, which promises no next one. `of`: for each
    record, its visit.
    """

    start: float
    minutes: int
    probe: Ints
    minute: Ints
    place: Ints
    at: Floats
    good: Floats
    bad: Floats
    slow: Floats
    dead: Bools
    blank: Bools
    brought: Bools
    of: Ints

    def __len__(self) -> int:
        """How many visits."""
        return len(self.probe)


def start_of(columns: Columns) -> float:
    """The first minute, as Unix seconds."""
    return float(np.floor(columns.at.min() / MINUTE_S) * MINUTE_S)


def visits_of(columns: Columns, start: float, now: float, ignored: Bools) -> Visits:
    """All visits. `ignored`: records whose target is at fault, or has never worked."""
    minutes = int((now - start) // MINUTE_S) + 1
    minute = np.clip((columns.at - start) // MINUTE_S, 0, minutes - 1).astype(np.int64)
    order = stable_order(columns.probe, minute)
    first = first_of_runs((columns.probe.astype(np.int64) * minutes + minute)[order])
    of = np.empty(len(columns), np.int64)
    of[order] = np.cumsum(first) - 1
    heads = order[first]
    count = len(heads)
    good, bad = _by_side(columns, of, count, ignored)
    told = np.bincount(of, minlength=count)
    return Visits(
        start=start,
        minutes=minutes,
        probe=columns.probe[heads].astype(np.int64),
        minute=minute[heads],
        place=columns.place[heads].astype(np.int64),
        at=np.bincount(of, columns.at - start, count) / told + start,
        good=good,
        bad=bad,
        slow=np.bincount(of, (columns.outcome == SLOW) & ~ignored, count).astype(np.float64),
        dead=np.bincount(of, columns.outcome == LINE_DOWN, count) > 0,
        blank=_blank(columns, of, heads),
        brought=np.bincount(of, ~brought_by_sms(columns)[columns.target], count) == 0,
        of=of,
    )


def _blank(columns: Columns, of: Ints, heads: Ints) -> Bools:
    """Visits of nothing but records that say nothing, of probes that say something as a rule."""
    dumb = one_of(columns.outcome, (NOTHING, UNSURE))
    nothing = np.bincount(of, ~dumb, len(heads)) == 0
    probe = columns.probe[heads]
    visits = np.bincount(probe)
    usual = np.bincount(probe, nothing) < _DUMB * visits
    return np.asarray(nothing & usual[probe], dtype=bool)


def _by_side(columns: Columns, of: Ints, count: int, ignored: Bools) -> tuple[Floats, Floats]:
    side = np.array([role.side for role in columns.roles], dtype=np.int64)[columns.target]
    answers = one_of(columns.outcome, (GOOD, FORGED, SLOW, SLUGGISH)) & ~ignored
    fails = one_of(columns.outcome, (BAD, UNSURE)) & ~ignored
    good, bad = np.zeros((2, count)), np.zeros((2, count))
    for one in (DOMESTIC, 1 - DOMESTIC):
        good[one] = np.bincount(of, answers & (side == one), count)
        bad[one] = np.bincount(of, fails & (side == one), count)
    return good, bad
