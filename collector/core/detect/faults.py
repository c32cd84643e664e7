"""Explaining records away: targets whose own fault it is."""

from __future__ import annotations

from typing import Final

import numpy as np

from collector.core.detect.arrays import MINUTE_S, Bools, Ints, one_of
from collector.core.detect.columns import (
    BAD,
    DOMESTIC,
    FORGED,
    GOOD,
    SLOW,
    SLUGGISH,
    TARGETS_FAULT,
    Columns,
    inside,
)

BIN_S: Final = 600.0
_LEAST: Final = 2
_FAILING: Final = 0.5
_UNSEEN: Final = 3
_REACH: Final = 4  # bins: a target that few probes abroad ask
_SAID_DOWN: Final = 0.3
_MANY: Final = 0.5
_NEVER_S: Final = 3 * 3600.0
_FIRST_S: Final = 1200.0
_NEVER_PART: Final = 0.25
_NEVER_SHARE: Final = 0.6
_NEVER_LEAST: Final = 4
_ALL: Final = 0.9  # of a side's tries, of a target's places
_SEVERAL: Final = 3  # targets, places
_WHILE_S: Final = 300.0


def ignored_records(columns: Columns, start: float) -> Bools:
    """Records that say nothing about the way to the target."""
    bins = ((columns.at - start) // BIN_S).astype(np.int64).clip(0)
    faulty = _faulty(columns, bins)
    foreign = np.array([role.side != DOMESTIC for role in columns.roles], bool)[columns.target]
    within = inside(columns)[columns.place]
    ill = faulty[columns.target, bins] & (within | foreign)
    return np.asarray(ill | _never_worked(columns, start), dtype=bool)


def _faulty(columns: Columns, bins: Ints) -> Bools:
    """By (target, bin): fails abroad too, or is called down by those who have a control."""
    shape = (len(columns.roles), int(bins.max()) + 1)
    key = columns.target.astype(np.int64) * shape[1] + bins
    abroad = ~inside(columns)[columns.place]
    bad = one_of(columns.outcome, (BAD, FORGED, TARGETS_FAULT))
    fails = _failing(key, abroad & bad, abroad & (bad | _answers(columns)), shape)
    fails &= ~_most_domestic(columns, fails)
    told = bad | _answers(columns)
    down = _share(key, columns.outcome == TARGETS_FAULT, told, shape, _SAID_DOWN)
    return _widened(fails | down)


def _answers(columns: Columns) -> Bools:
    return one_of(columns.outcome, (GOOD, SLOW, SLUGGISH))


def _share(key: Ints, part: Bools, whole: Bools, shape: tuple[int, int], least: float = _FAILING) -> Bools:
    size = shape[0] * shape[1]
    hits, tries = np.bincount(key[part], minlength=size), np.bincount(key[whole], minlength=size)
    return np.asarray((tries >= _LEAST) & (hits >= least * tries), dtype=bool).reshape(shape)


def _failing(key: Ints, part: Bools, whole: Bools, shape: tuple[int, int]) -> Bools:
    """As `_share`; where a bin has too few tries, with its neighbours, as far as needed."""
    size = shape[0] * shape[1]
    hits, tries = (np.bincount(key[one], minlength=size).reshape(shape) for one in (part, whole))
    found = (hits >= _LEAST) & (hits > _FAILING * tries)
    open_yet = tries < _LEAST
    for reach in range(1, _REACH + 1):
        near, told = _around(hits, reach), _around(tries, reach)
        found |= open_yet & (near >= _LEAST) & (near > _FAILING * told)
        open_yet &= told < _LEAST
    for _ in range(_UNSEEN):  # and before and after, while nobody abroad saw it work
        found |= _widened(found) & (hits == tries)
    return np.asarray(found, dtype=bool)


def _around(counts: Ints, reach: int) -> Ints:
    """Sums over `reach` bins before and after each."""
    total = np.cumsum(np.pad(counts, ((0, 0), (reach + 1, reach))), axis=1)
    return total[:, 2 * reach + 1 :] - total[:, : -2 * reach - 1]


def _most_domestic(columns: Columns, fails: Bools) -> Bools:
    """Domestic targets when most fail abroad at once: that is the country's border, not the targets."""
    domestic = np.array([role.side == DOMESTIC for role in columns.roles], bool)
    if not domestic.any():
        return np.zeros_like(fails)
    most = fails[domestic].mean(axis=0) >= _MANY
    return np.asarray(domestic[:, None] & most[None, :], dtype=bool)


def _widened(flags: Bools) -> Bools:
    """With the neighbouring bins: a fault begins within one."""
    found = flags.copy()
    found[:, 1:] |= flags[:, :-1]
    found[:, :-1] |= flags[:, 1:]
    return found


def _never_worked(columns: Columns, start: float) -> Bools:
    """Targets that failed from the first minutes and hours on at an operator: no news."""
    span = float(columns.at.max()) - start
    hours = min(_NEVER_S, _NEVER_PART * span)
    bad = one_of(columns.outcome, (BAD, FORGED))
    told = bad | _answers(columns)
    alone = told & ~_with_all_others(columns, told, bad, start + hours)
    return _failed_before(columns, alone, bad, start + hours) & _failed_before(
        columns, alone, bad, start + min(_FIRST_S, hours)
    )


def _failed_before(columns: Columns, told: Bools, bad: Bools, until: float) -> Bools:
    """Records of targets that mostly failed before that time where the record comes from.

    Where nobody was up so early, what nearly all others in the country saw holds.
    """
    early = told & (columns.at < until)
    shape = (len(columns.places), len(columns.roles))
    key = columns.place.astype(np.int64) * shape[1] + columns.target
    tries = np.bincount(key[early], minlength=shape[0] * shape[1]).reshape(shape)
    hits = np.bincount(key[early & bad], minlength=tries.size).reshape(shape)
    knows = tries >= _NEVER_LEAST
    never = knows & (hits > _NEVER_SHARE * tries)
    here = inside(columns)
    witnesses = knows[here].sum(axis=0)
    nowhere = (witnesses >= _SEVERAL) & (never[here].sum(axis=0) >= _ALL * witnesses)
    never |= ~knows & here[:, None] & nowhere
    return np.asarray(never[columns.place, columns.target], dtype=bool)


def _with_all_others(columns: Columns, told: Bools, bad: Bools, until: float) -> Bools:
    """Early records of some minutes in which a side fails as a whole, which at other times it does not.

    In the country or at a place: an outage soon after the beginning makes no target one that never worked.
    """
    side = np.array([role.side for role in columns.roles], np.int64)[columns.target]
    found = np.zeros(len(columns), bool)
    rows = np.flatnonzero(told & (columns.at < until))
    for group, width_s in ((side, MINUTE_S), (2 * columns.place.astype(np.int64) + side, _WHILE_S)):
        size = int(group.max()) + 1
        tries, hits = np.bincount(group[told], minlength=size), np.bincount(group[bad], minlength=size)
        well = hits < _ALL * tries
        bins = (columns.at[rows] // width_s).astype(np.int64)
        key = np.unique(np.stack([group[rows], bins]), axis=1, return_inverse=True)[1].ravel()
        targets = np.unique(key * len(columns.roles) + columns.target[rows]) // len(columns.roles)
        wide = np.bincount(targets) >= _SEVERAL
        all_fail = wide & (np.bincount(key, bad[rows]) >= _ALL * np.bincount(key))
        found[rows] |= all_fail[key] & well[group[rows]]
    return found
