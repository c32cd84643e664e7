"""Expected heartbeats against heard ones: what silence says.

Each visit promises the next, one interval later. Whether a broken promise surprises depends on
the probe (how often it misses) and on its habit (whether it was there at this hour on earlier
days). A silence is told once, when it begins; that it lasts adds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from collector.core.detect.arrays import MINUTE_S, Bools, Floats, Ints, last_of_runs, lgamma
from collector.core.detect.grid import Visits

QUARTER_S: Final = 900.0
QUARTERS_A_DAY: Final = 96
_UNKNOWN_S: Final = 1_800.0  # no rounds are known so early: pauses within one look like them
_LEAST_GAPS: Final = 4  # to know a probe's own interval
_SHORT_S: Final = 300.0
_LONG_GAP_S: Final = 7200.0
_LATE: Final = 0.93
_LONGEST: Final = 0.98
_ROUNDS: Final = 2.5
_WITHIN: Final = 0.3  # of the longest gap: what is shorter lies within a round
_PATIENCE: Final = 1.15
_GRACE_S: Final = 15.0
_PRIOR_MISSES: Final = 0.2
_PRIOR_STAYS: Final = 10.0
_PRIOR_DUES: Final = 20.0
_SPREAD: Final = 24.0  # how far misses come together on a calm day: the size of the beta's prior sample
_HABIT_DAYS: Final = 1.0  # how many days the prior habit weighs
_PRIOR_PRESENCE: Final = 0.9
_EVENING: Final = 22
_MORNING: Final = 8
_NIGHT_ODDS: Final = 0.05  # of falling silent at one due report in an unlearnt night
_VOID: Final = 0.2  # a quarter of an hour when so few of the usual were heard teaches no habit


@dataclass(frozen=True)
class Promises:
    """One for each visit: when the next was due, when its absence was known (Unix seconds), how it ended.

    `lasting`: broken, and the one after it too; `stays`: how often that follows. `odds`: how likely
    the probe was to break it on a calm day. `interval`: seconds, of the visit's probe.
    """

    due: Floats
    known: Floats
    broken: Bools
    pending: Bools
    lasting: Bools
    stays: float
    odds: Floats
    interval: Floats


def promises_of(visits: Visits, now: float) -> Promises:
    """What each visit promised."""
    last = last_of_runs(visits.probe)
    following = np.append(visits.at[1:], np.inf)
    gap = np.where(last, np.inf, following - visits.at)
    interval, longest = _intervals(visits.probe, np.where(_beside_digest(visits), np.inf, gap))
    known = visits.at + longest * _PATIENCE + _GRACE_S
    broken = (visits.at + gap > known) & (known <= now) & ~visits.brought
    broken &= visits.at >= visits.start + _UNKNOWN_S
    pending = (last & ~broken) | visits.brought
    later = known + interval
    lasting = broken & (visits.at + gap > later) & (later <= now)
    stays = (lasting.sum() + _PRIOR_STAYS) / ((broken & (later <= now)).sum() + 2 * _PRIOR_STAYS)
    odds = _odds(visits, broken, interval)
    return Promises(visits.at + interval, known, broken, pending, lasting, float(stays), odds, interval)


def _beside_digest(visits: Visits) -> Bools:
    """Visits before or after which a digest came: the time between says nothing of the probe's rounds."""
    return np.asarray(visits.brought | np.append(visits.brought[1:], False), dtype=bool)


def usual_interval(promises: Promises) -> float:
    """The median interval between reports, seconds."""
    return float(np.median(promises.interval)) if len(promises.interval) else MINUTE_S


def _intervals(probe: Ints, gap: Floats) -> tuple[Floats, Floats]:
    """Each visit's probe: its median interval, and one that it rarely passes.

    A round that takes minutes has several visits: gaps within rounds promise nothing.
    """
    usable = gap <= _LONG_GAP_S
    middle, longest = _quantiles(probe, gap, usable, (0.5, _LONGEST))
    usable &= gap >= np.where(longest > _ROUNDS * middle, _WITHIN * longest, 0.0)[probe]
    usual, late = _quantiles(probe, gap, usable, (0.5, _LATE))
    return usual[probe], np.maximum(late, usual)[probe]


def _quantiles(probe: Ints, gap: Floats, usable: Bools, quantiles: tuple[float, float]) -> Floats:
    """(quantile, probe); of all probes' gaps where one has few of its own."""
    count = int(probe.max()) + 1
    order = np.lexsort((gap[usable], probe[usable]))
    own_gap, own_probe = gap[usable][order], probe[usable][order]
    whole = np.sort(own_gap) if len(own_gap) else np.array([MINUTE_S])
    size = np.bincount(own_probe, minlength=count)
    start = np.concatenate(([0], np.cumsum(size)[:-1]))
    found = np.empty((2, count))
    for row, quantile in enumerate(quantiles):
        common = whole[int((len(whole) - 1) * quantile)]
        place = np.minimum(start + ((size - 1).clip(0) * quantile).astype(np.int64), max(len(own_gap) - 1, 0))
        own = own_gap[place] if len(own_gap) else np.full(count, common)
        found[row] = np.where(size >= _LEAST_GAPS, own, common)
    return found


def _odds(visits: Visits, broken: Bools, interval: Floats) -> Floats:
    count = int(visits.probe.max()) + 1
    misses = np.bincount(visits.probe, broken, count) + _PRIOR_MISSES
    dues = np.bincount(visits.probe, minlength=count) + _PRIOR_DUES
    own = (misses / dues)[visits.probe]
    # Who reports rarely has longer to fall asleep in before the next report.
    leaving = absence(visits) * np.sqrt(np.maximum(1.0, interval / _SHORT_S))
    return np.clip(own + leaving, 0.002, 0.9)


def absence(visits: Visits) -> Floats:
    """How likely each visit's probe was to leave now, by its habit on earlier days."""
    first_quarter = int(visits.start // QUARTER_S)
    quarter = (visits.at // QUARTER_S).astype(np.int64) - first_quarter
    days = int(quarter.max()) // QUARTERS_A_DAY + 2
    present = np.zeros((int(visits.probe.max()) + 1, days * QUARTERS_A_DAY), bool)
    present[visits.probe, quarter] = True
    counted = ~_void(present)
    seen = _earlier_days(present & counted, days)
    told = _earlier_days(_since_first(present) & counted, days)
    ahead = quarter + 2
    there = (seen[visits.probe, ahead] + _HABIT_DAYS * _PRIOR_PRESENCE) / (
        told[visits.probe, ahead] + _HABIT_DAYS
    )
    night = np.where(is_night(visits.at) & (told[visits.probe, ahead] == 0), _NIGHT_ODDS, 0.0)
    return np.maximum(0.5 * (_PRIOR_PRESENCE - there).clip(0), night)


def _earlier_days(flags: Bools, days: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """For each quarter: on how many earlier days the flag held at the same time of day."""
    by_day = flags.reshape(len(flags), days, QUARTERS_A_DAY)
    sums = np.cumsum(by_day, axis=1, dtype=np.uint8) - by_day
    return sums.reshape(len(flags), days * QUARTERS_A_DAY)


def _since_first(present: Bools) -> Bools:
    return np.logical_or.accumulate(present, axis=1)


def _void(present: Bools) -> Bools:
    heard = present.sum(axis=0)
    usual = np.median(heard[heard > 0]) if heard.any() else 0
    return np.asarray(heard < _VOID * usual, dtype=bool)


def is_night(at: Floats | float) -> Bools:
    """From 22 to 8 by the clocks of Kazakhstan (UTC+5)."""
    hour = (at / 3600.0 + 5) % 24
    return np.asarray((hour >= _EVENING) | (hour < _MORNING), dtype=bool)


def calm_log(broken: Floats, due: Floats, odds: Floats) -> Floats:
    """Log P(so many of the promises due were broken) on a calm day: beta-binomial, misses come together."""
    a = _SPREAD * odds
    b = _SPREAD - a
    whole = np.full_like(a, _SPREAD)
    found: Floats = (
        lgamma(a + broken)
        - lgamma(a)
        + lgamma(b + due - broken)
        - lgamma(b)
        - lgamma(whole + due)
        + lgamma(whole)
    )
    return found


def mixed_log(due: Floats) -> Floats:
    """The same where it is a toss."""
    found: Floats = due * np.log(0.5)
    return found
