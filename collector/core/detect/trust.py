"""How much each probe counts: crowds of fresh probes little, liars not at all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from collector.core.detect.arrays import Bools, Floats, Ints, distinct
from collector.core.detect.columns import Columns
from collector.core.detect.grid import Visits
from collector.core.detect.modes import fine, line_fails
from collector.core.detect.tuning import CROWD_SHARE, FIRST_HOURS_S, FRESH_S, LIAR_ROUNDS, LIAR_SHARE

_WINDOW_MINUTES = 10
_MAJORITY = 0.75
_QUORUM = 3
_BEGUN = 0.15  # the stream has begun when so many of its probes were heard
_CROWD_S = 900.0
_AT_ONCE_S = 300.0
_FIRST_HOUR_S = 3600.0
_LEAST_TURNED = 4
_LEAST_PLACES = 4
_TOLD = 0.25
_RELEASE = 0.45  # a release that hits more than this is a cut
_BY_CHANCE = 4.0  # standard deviations


def weights(visits: Visits, columns: Columns, symbol: Ints) -> Floats:
    """A weight from 0 to 1 for each visit."""
    standing = columns.standing
    found = np.ones(len(visits)) if standing is None else standing.weight[visits.probe]
    found[_fresh(visits, columns)] = 0.0
    found[liars(visits, symbol)[visits.probe]] = 0.0
    found[_unproven(visits)] = 0.0
    kin = [_numbered(columns, name) for name in ("region", "operator", "access")]
    found[broken_release(visits, symbol, kin)] = 0.0
    return found


def _unproven(visits: Visits) -> Bools:
    """Visits of probes to which nothing has answered yet: who never had a line has none to lose."""
    proven = np.full(int(visits.probe.max()) + 1, len(visits))
    answered = np.flatnonzero(visits.good.sum(axis=0) > 0)
    np.minimum.at(proven, visits.probe[answered], answered)
    return np.asarray(np.arange(len(visits)) < proven[visits.probe], dtype=bool)


def _numbered(columns: Columns, name: str) -> Ints:
    names = np.array([getattr(place, name) for place in columns.places])
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


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
    fresh |= (born > begun + _FIRST_HOUR_S) & _at_once(born)
    return np.asarray(fresh[visits.probe] & (visits.at < (born + FRESH_S)[visits.probe]), dtype=bool)


def _at_once(born: Floats) -> Bools:
    """Whether a probe came within minutes of so many others that they did not just wake up."""
    known = np.sort(born[np.isfinite(born)])
    before = np.searchsorted(known, born - _AT_ONCE_S)
    with_it = np.searchsorted(known, born + _AT_ONCE_S, side="right") - before
    return np.asarray((with_it > CROWD_SHARE * before) & np.isfinite(born), dtype=bool)


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


def broken_release(visits: Visits, symbol: Ints, kin: Sequence[Ints]) -> Bools:
    """Visits of probes that began at once to fail everything, beside others that see all well.

    `kin`: for region, operator, access: the group of each place.
    """
    fails = (symbol > 0) & line_fails(symbol)
    return fails & _turned(visits, symbol, fails, kin)[visits.probe] if fails.any() else fails


def _turned(visits: Visits, symbol: Ints, fails: Bools, kin: Sequence[Ints]) -> Bools:
    """By probe number: whether it is one of those that turned together without the others of their place."""
    probes = int(visits.probe.max()) + 1
    onset = fails & np.append(fails[1:], False) & np.append(fails[2:], (False, False))[: len(fails)]
    onset &= ~np.append(False, fails[:-1]) & (
        visits.probe == np.append(visits.probe[2:], (-1, -1))[: len(fails)]
    )
    window = visits.minute // _WINDOW_MINUTES
    turned = np.zeros(probes, bool)
    if not onset.any():
        return turned
    for one in np.flatnonzero(np.bincount(window[onset]) >= _LEAST_TURNED):
        near = onset & (np.abs(window - one) <= 1)
        hit = np.unique(visits.place[near])
        if len(hit) < _LEAST_PLACES:
            continue
        after = (symbol > 0) & (window > one) & (window <= one + 3)
        if _others_are_well(visits, after, near, fails) and _evenly(visits, after, near, kin):
            turned[visits.probe[near]] = True
    return turned


def _others_are_well(visits: Visits, after: Bools, near: Bools, fails: Bools) -> bool:
    """Whether those who stand beside the ones that turned see all well."""
    hit = np.unique(visits.place[near])
    mates = after & np.isin(visits.place, hit) & ~np.isin(visits.probe, visits.probe[near])
    # Small places where all turned say neither this nor that: of the others most must see all well.
    told, well = np.unique(visits.place[mates]), np.unique(visits.place[mates & ~fails])
    enough = len(told) >= max(_LEAST_PLACES, _TOLD * len(hit)) and len(well) >= _MAJORITY * len(told)
    return bool(enough and (mates & ~fails).sum() >= _MAJORITY * mates.sum())


def _evenly(visits: Visits, after: Bools, near: Bools, kin: Sequence[Ints]) -> bool:
    """Whether those that turned are less than half, and no more in one place than by chance."""
    turned = np.unique(visits.probe[near])
    place_of = np.zeros(int(visits.probe.max()) + 1, np.int64)
    place_of[visits.probe] = visits.place
    others = np.setdiff1d(np.unique(visits.probe[after]), turned)
    part = len(turned) / max(len(turned) + len(others), 1)
    if part > _RELEASE:
        return False
    for group in kin:
        gone = np.bincount(group[place_of[turned]], minlength=int(group.max()) + 1)
        whole = gone + np.bincount(group[place_of[others]], minlength=int(group.max()) + 1)
        chance = np.sqrt(whole * part * (1 - part)) + 1e-9
        if ((gone - part * whole) > _BY_CHANCE * chance).any():
            return False
    return True


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
    pairs = distinct(group * size + probe)
    return np.bincount(pairs // size, minlength=int(group.max()) + 1)
