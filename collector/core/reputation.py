"""How far each probe is believed: its age, its agreement with others, and what canaries said of it.

Rules of this file: pure arrays; a weight is from 0 to 1, so that no probe ever counts more than one;
nobody is doubted for lack of company; a canary speaks against a probe only where its neighbours
see the canary as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from msgspec import Struct

from collector.core.detect.arrays import Bools, Floats, Ints, distinct
from collector.core.detect.columns import BAD, FORGED, GOOD, SLOW, SLUGGISH, Columns
from collector.core.detect.standing import Standing

CANARY: Final = "canary/"  # ids of targets that measure probes, not networks
ALWAYS_DOWN: Final = "canary/down"
CONTROL: Final = "control"  # the category of targets that are always up
FULL_AGE_S: Final = 7 * 86_400.0
FIRST_HOURS_S: Final = 6 * 3_600.0  # who was there when the collector began is known
FRESH_WEIGHT: Final = 0.5
_WINDOW_S: Final = 1_800.0
_MAJORITY: Final = 0.75
_QUORUM: Final = 4  # with the probe itself
_LEAST_JUDGED: Final = 12
_FULL: Final = 0.95  # who agrees so often is believed fully,
_NONE: Final = 0.55  # and who agrees no more often than this not at all
_DENSE: Final = 1 << 24  # so many numbers may be counted without closing the gaps between them
_LEAST_LIES: Final = 2
_LEAST_FAILED: Final = 6
_FAILED_SHARE: Final = 0.5


class Known(NamedTuple):
    """What the roster knows of a probe: when it was enrolled (Unix seconds), what its past counts."""

    enrolled: float
    past: float = 1.0


class Reputation(Struct, frozen=True, kw_only=True):
    """Of one probe. `agreement`: None when too little could be compared."""

    age_s: float
    agreement: float | None
    unmasked: bool
    past: float = 1.0
    founder: bool = False

    @property
    def weight(self) -> float:
        """Age times agreement, capped."""
        if self.unmasked:
            return 0.0
        grown = min(1.0, max(0.0, self.age_s) / FULL_AGE_S)
        age = 1.0 if self.founder else FRESH_WEIGHT + (1 - FRESH_WEIGHT) * grown
        agrees = 1.0 if self.agreement is None else (self.agreement - _NONE) / (_FULL - _NONE)
        return round(min(1.0, age * min(1.0, max(0.0, agrees)) * self.past), 3)


def reputations(columns: Columns, known: Mapping[str, Known], now: float) -> dict[str, Reputation]:
    """By the probe's name, for all that have a measurement and are known. `now`: Unix seconds."""
    agreed = agreement(columns)
    lies = unmasked(columns)
    first = min((one.enrolled for one in known.values()), default=now)
    return {
        name: Reputation(
            age_s=now - known[name].enrolled,
            agreement=None if np.isnan(agreed[number]) else float(agreed[number]),
            unmasked=bool(lies[number]),
            past=known[name].past,
            founder=known[name].enrolled <= first + FIRST_HOURS_S,
        )
        for number, name in enumerate(columns.probes)
        if name in known
    }


def with_standing(columns: Columns, known: Mapping[str, Known], now: float) -> Columns:
    """The columns without canaries, with each probe's weight and date of enrolment for the detector."""
    found = reputations(columns, known, now)
    weight, enrolled = np.ones(len(columns.probes)), np.full(len(columns.probes), np.nan)
    for number, name in enumerate(columns.probes):
        if name in found:
            weight[number], enrolled[number] = found[name].weight, known[name].enrolled
    return columns.only(~_of(columns, _canaries(columns))).with_standing(Standing(weight, enrolled))


def agreement(columns: Columns) -> Floats:
    """By probe: the share of its words that a clear majority of its place shares; nan: too few."""
    probes = len(columns.probes)
    told = _of(columns, ~_canaries(columns)) & np.isin(columns.outcome, _WORDS)
    probe, works = columns.probe[told].astype(np.int64), np.isin(columns.outcome[told], _WORKS)
    group = _groups(columns, told)
    if not len(group):
        return np.full(probes, np.nan)
    share = np.bincount(group, works) / np.maximum(np.bincount(group), 1)
    company = np.bincount(distinct(group * probes + probe) // probes)
    clear = (company >= _QUORUM) & ((share >= _MAJORITY) | (share <= 1 - _MAJORITY))
    judged = clear[group]
    right = judged & (works == (share >= _MAJORITY)[group])
    count = np.bincount(probe, judged, probes)
    found: Floats = np.where(
        count >= _LEAST_JUDGED, np.bincount(probe, right, probes) / np.maximum(count, 1), np.nan
    )
    return found


def unmasked(columns: Columns) -> Bools:
    """By probe: whether it alone says that what is always down works, or that what is always up fails."""
    down = np.array([role.id.startswith(ALWAYS_DOWN) for role in columns.roles], bool)
    up = np.array([role.category == CONTROL for role in columns.roles], bool) & ~down
    says_up = np.isin(columns.outcome, _WORKS)
    says_down = np.isin(columns.outcome, _FAILS)
    lies = _against(columns, _of(columns, down), says_up)
    fails = _against(columns, _of(columns, up) & (says_up | says_down), says_down)
    others = _of(columns, ~up & ~down)
    probes = len(columns.probes)
    well = np.bincount(columns.probe, others & says_up, probes)
    told = np.bincount(columns.probe, others & (says_up | says_down), probes)
    # Where its own line is down too, a failing canary says nothing of the probe.
    line = (well >= _FAILED_SHARE * told) & (told > 0)
    return np.asarray(
        (lies.wrong >= _LEAST_LIES) & lies.often | ((fails.wrong >= _LEAST_FAILED) & fails.often & line),
        bool,
    )


class _Wrong(NamedTuple):
    wrong: Floats
    often: Bools


def _against(columns: Columns, asked: Bools, says: Bools) -> _Wrong:
    """By probe: how often it said so of what was asked, where most words of its place were others."""
    probes, places = len(columns.probes), len(columns.places)
    of_place = np.bincount(columns.place[asked], minlength=places)
    said_there = np.bincount(columns.place[asked], says[asked], places)
    alone = (said_there < _FAILED_SHARE * of_place)[columns.place]
    wrong: Floats = np.bincount(columns.probe, asked & says & alone, probes).astype(np.float64)
    told = np.bincount(columns.probe, asked, probes)
    return _Wrong(wrong, wrong >= _FAILED_SHARE * np.maximum(told, 1))


_WORKS: Final = (GOOD, SLOW, SLUGGISH)
_FAILS: Final = (BAD, FORGED)
_WORDS: Final = (*_WORKS, *_FAILS)


def _canaries(columns: Columns) -> Bools:
    return np.array([role.id.startswith(CANARY) for role in columns.roles], bool)


def _of(columns: Columns, roles: Bools) -> Bools:
    """Whether each measurement is of one of some roles."""
    return np.asarray(roles[columns.target], bool) if len(roles) else np.zeros(len(columns), bool)


def _groups(columns: Columns, which: Bools) -> Ints:
    """For each of some measurements the number of its (place, target, half hour)."""
    window = (columns.at[which] // _WINDOW_S).astype(np.int64)
    if not len(window):
        return window
    window -= window.min()
    targets, windows = len(columns.roles), int(window.max()) + 1
    key = (columns.place[which].astype(np.int64) * targets + columns.target[which]) * windows + window
    if len(columns.places) * targets * windows <= _DENSE:
        return np.asarray(key, np.int64)
    found: Ints = np.unique(key, return_inverse=True)[1].astype(np.int64)
    return found
