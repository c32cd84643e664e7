"""How much each probe counts: crowds of fresh probes little, liars not at all."""

from __future__ import annotations

import numpy as np

from collector.core.detect.arrays import Bools, Floats, Ints
from collector.core.detect.columns import Columns
from collector.core.detect.grid import Visits
from collector.core.detect.modes import fine, line_fails
from collector.core.detect.tuning import CROWD_SHARE, FIRST_HOURS_S, FRESH_S, LIAR_ROUNDS, LIAR_SHARE

_WINDOW_MINUTES = 10
_MAJORITY = 0.75
_QUORUM = 3
_BEGUN = 0.15  # the stream has begun when so many of its probes were heard
_CROWD_S = 900.0
_LEAST_TURNED = 4
_LEAST_PLACES = 4


def weights(visits: Visits, columns: Columns, symbol: Ints) -> Floats:
    """A weight from 0 to 1 for each visit."""
    standing = columns.standing
    found = np.ones(len(visits)) if standing is None else standing.weight[visits.probe]
    found[_fresh(visits, columns)] = 0.0
    found[liars(visits, symbol)[visits.probe]] = 0.0
    found[broken_release(visits, symbol)] = 0.0
    return found


def _fresh(visits: Visits, columns: Columns) -> Bools:
    """Visits of probes that came as a crowd, or after the first day, and are not a day old."""
    born = np.full(len(columns.probes), np.inf)
    first = np.unique(columns.probe, return_index=True)[1]
    born[columns.probe[first]] = columns.arrival[first]
    if columns.standing is not None:
        born = columns.standing.born(born)
    place = np.zeros(len(born), np.int64)
    place[columns.probe[first]] = columns.place[first]
    begun = float(np.quantile(born[np.isfinite(born)], _BEGUN))
    later = born > begun + FIRST_HOURS_S
    fresh = later & ((born > begun + FRESH_S) | _crowded(born, place, later))
    return np.asarray(fresh[visits.probe] & (visits.at < (born + FRESH_S)[visits.probe]), dtype=bool)


def _crowded(born: Floats, place: Ints, later: Bools) -> Bools:
    """Whether a probe came with many others, in the whole country or in its own place."""
    found = np.zeros(len(born), bool)
    born = np.where(np.isfinite(born), born, -1e12)  # never heard: neither before nor with anybody
    place = np.where(born > 0, place, -1)
    for probe in np.flatnonzero(later & (born > 0)):
        with_it = np.abs(born - born[probe]) <= _CROWD_S
        before = (born > 0) & (born < born[probe] - _CROWD_S)
        mates = place == place[probe]
        crowd, known = (with_it & mates).sum(), (before & mates).sum()
        found[probe] = with_it.sum() > CROWD_SHARE * before.sum() or crowd > max(2, CROWD_SHARE * known)
    return found


def broken_release(visits: Visits, symbol: Ints) -> Bools:
    """Visits of probes that began at once to fail everything, beside others that see all well."""
    fails = (symbol > 0) & line_fails(symbol)
    return fails & _turned(visits, symbol, fails)[visits.probe] if fails.any() else fails


def _turned(visits: Visits, symbol: Ints, fails: Bools) -> Bools:
    """By probe number: whether it is one of those that turned together without the others of their place."""
    probes, places = int(visits.probe.max()) + 1, int(visits.place.max()) + 1
    onset = fails & np.append(fails[1:], False) & np.append(fails[2:], (False, False))[: len(fails)]
    onset &= ~np.append(False, fails[:-1]) & (
        visits.probe == np.append(visits.probe[2:], (-1, -1))[: len(fails)]
    )
    window = visits.minute // _WINDOW_MINUTES
    turned = np.zeros(probes, bool)
    if not onset.any():
        return turned
    count = np.bincount(window[onset])
    for one in np.flatnonzero(count >= _LEAST_TURNED):
        near = onset & (np.abs(window - one) <= 1)
        after = (symbol > 0) & (window > one) & (window <= one + 3)
        hit = np.unique(visits.place[near])
        if len(hit) < _LEAST_PLACES:
            continue
        mates = after & np.isin(visits.place, hit) & ~np.isin(visits.probe, visits.probe[near])
        well = np.unique(visits.place[mates & ~fails])
        told = np.bincount(visits.place[mates], minlength=places)
        good = np.bincount(visits.place[mates & ~fails], minlength=places)
        if len(well) >= 0.5 * len(hit) and good.sum() >= _MAJORITY * told.sum():
            turned[visits.probe[near]] = True
    return turned


def liars(visits: Visits, symbol: Ints) -> Bools:
    """By probe number: whether it keeps contradicting the others of its place."""
    told = symbol > 0
    well = fine(symbol)
    window = visits.minute // _WINDOW_MINUTES
    key = visits.place * (visits.minutes // _WINDOW_MINUTES + 2) + window
    _, of = np.unique(key, return_inverse=True)
    count = np.bincount(of, told)
    share = np.bincount(of, well & told) / np.maximum(count, 1)
    crowd = _distinct(of, visits.probe) >= _QUORUM
    against = (well & (share <= 1 - _MAJORITY)[of]) | (~well & (share >= _MAJORITY)[of])
    judged = told & crowd[of] & ((share >= _MAJORITY) | (share <= 1 - _MAJORITY))[of]
    probes = int(visits.probe.max()) + 1
    rounds = np.bincount(visits.probe, judged, probes)
    wrong = np.bincount(visits.probe, judged & against, probes)
    return np.asarray((rounds >= LIAR_ROUNDS) & (wrong > LIAR_SHARE * rounds), dtype=bool)


def _distinct(group: Ints, probe: Ints) -> Ints:
    size = int(probe.max()) + 1
    pairs = np.unique(group * size + probe)
    return np.bincount(pairs // size, minlength=int(group.max()) + 1)
