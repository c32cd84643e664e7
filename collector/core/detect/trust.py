"""How much each probe counts: crowds of fresh probes little, liars not at all."""

from __future__ import annotations

import numpy as np

from collector.core.detect.arrays import Bools, Floats, Ints
from collector.core.detect.columns import Columns
from collector.core.detect.grid import Visits
from collector.core.detect.tuning import FIRST_HOURS_S, FRESH_S, FRESH_SHARE, LIAR_ROUNDS, LIAR_SHARE

_WINDOW_MINUTES = 10
_MAJORITY = 0.75
_QUORUM = 3


def weights(visits: Visits, columns: Columns, symbol: Ints) -> Floats:
    """A weight from 0 to 1 for each visit."""
    fresh = _fresh(visits, columns)
    found = np.ones(len(visits))
    if fresh.any():
        found[fresh] = _share_of_fresh(visits, fresh)[fresh]
    found[liars(visits, symbol)[visits.probe]] = 0.0
    return found


def _fresh(visits: Visits, columns: Columns) -> Bools:
    first = np.full(len(columns.probes), np.inf)
    np.minimum.at(first, columns.probe, columns.arrival)
    born = first[visits.probe]
    begun = float(columns.arrival.min())
    return (born > begun + FIRST_HOURS_S) & (visits.at < born + FRESH_S)


def _share_of_fresh(visits: Visits, fresh: Bools) -> Floats:
    """What a fresh probe weighs: all of a place together a part of the place's known ones."""
    places = int(visits.place.max()) + 1
    known = _probes_by_place(visits, ~fresh, places)
    newer = np.maximum(_probes_by_place(visits, fresh, places), 1)
    whole = known.sum() / max(newer.sum(), 1.0)
    return np.minimum(1.0, FRESH_SHARE * np.minimum(known / newer, max(1.0, whole)))[visits.place]


def _probes_by_place(visits: Visits, which: Bools, places: int) -> Floats:
    pairs = np.unique(visits.probe[which] * places + visits.place[which])
    return np.bincount(pairs % places, minlength=places).astype(np.float64)


def liars(visits: Visits, symbol: Ints) -> Bools:
    """By probe number: whether it keeps contradicting the others of its place."""
    told = symbol > 0
    fine = symbol == 5  # few of either side failed
    fine |= (symbol == 1) | (symbol == 4)
    window = visits.minute // _WINDOW_MINUTES
    key = visits.place * (visits.minutes // _WINDOW_MINUTES + 2) + window
    _, of = np.unique(key, return_inverse=True)
    count = np.bincount(of, told)
    share = np.bincount(of, fine & told) / np.maximum(count, 1)
    crowd = _distinct(of, visits.probe) >= _QUORUM
    against = (fine & (share <= 1 - _MAJORITY)[of]) | (~fine & (share >= _MAJORITY)[of])
    judged = told & crowd[of] & ((share >= _MAJORITY) | (share <= 1 - _MAJORITY))[of]
    probes = int(visits.probe.max()) + 1
    rounds = np.bincount(visits.probe, judged, probes)
    wrong = np.bincount(visits.probe, judged & against, probes)
    return np.asarray((rounds >= LIAR_ROUNDS) & (wrong > LIAR_SHARE * rounds), dtype=bool)


def _distinct(group: Ints, probe: Ints) -> Ints:
    size = int(probe.max()) + 1
    pairs = np.unique(group * size + probe)
    return np.bincount(pairs // size, minlength=int(group.max()) + 1)
