"""What one probe says now: its outcomes, one a target, as shares.

Rules of this file: `ok` and `impaired` are reachable; `insufficient` says nothing and is left out; `down` is
the target's own fault, says nothing about the line and is left out too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from collector.core.places import Place
from collector.core.vocabulary import CATEGORY_NAMES, MECHANISM_NAMES, SIDE_NAMES, Codes
from wire.names import STATES, State

ALL: Final = ""
REACHABLE: Final = frozenset({"ok", "impaired"})
COUNTED: Final = frozenset({"ok", "impaired", "blocked", "likely_blocked"})
_BADNESS: Final[tuple[State, ...]] = ("insufficient", "ok", "down", "impaired", "likely_blocked", "blocked")
_WORST_FIRST: Final = np.array([STATES.index(state) for state in reversed(_BADNESS)])
_IS_COUNTED: Final = np.array([state in COUNTED for state in STATES])
_TOLD: Final = np.array([[state in REACHABLE, state in COUNTED] for state in STATES], np.int64)
_CATEGORIES, _SIDES, _STATES = len(CATEGORY_NAMES), len(SIDE_NAMES), len(STATES)
_MECHANISMS: Final = len(MECHANISM_NAMES)
_SHAPE: Final = (_CATEGORIES, _SIDES, _STATES)
_CELLS: Final = _CATEGORIES * _SIDES * _STATES
_KEYS: Final = [(category, side) for category in (*CATEGORY_NAMES, ALL) for side in (*SIDE_NAMES, ALL)]
_SHOWN: Final = [(category, mechanism) for category in CATEGORY_NAMES for mechanism in MECHANISM_NAMES]
_Counts = npt.NDArray[Any]


class ProbeNow(Struct, frozen=True, kw_only=True):
    """One probe now: its share of reachable targets by (category, side), ALL being every one.

    `interference`: its share of targets by (category, mechanism), of those with a mechanism.
    """

    place: Place
    shares: dict[tuple[str, str], float]
    interference: dict[tuple[str, str], float]
    worst: State | None
    worst_in: dict[str, State]


def probe_now(place: Place, outcomes: Codes) -> ProbeNow:
    """A probe's outcomes (see `digest.outcome_code`), one a target, as shares."""
    found = np.bincount(outcomes // _MECHANISMS, minlength=_CELLS).reshape(_SHAPE)
    sums = _with_sums(found @ _TOLD)
    good, counted = sums[..., 0], sums[..., 1]
    told = np.flatnonzero(counted)
    shares = (good.ravel()[told] / counted.ravel()[told]).tolist()
    worst_in = _worst_in(found.sum(axis=1))
    return ProbeNow(
        place=place,
        shares=dict(zip([_KEYS[key] for key in told.tolist()], shares, strict=True)),
        interference=_interference(outcomes, counted[:, -1]),
        worst=worst(worst_in.values()),
        worst_in=worst_in,
    )


def worst(states: Iterable[State | None]) -> State | None:
    """The worst of some states; None when there is none."""
    return max((state for state in states if state), key=_BADNESS.index, default=None)


def _with_sums(counts: _Counts) -> _Counts:
    """Reachable and counted ones by category and side, with a row and a column for all of them."""
    found = np.zeros((_CATEGORIES + 1, _SIDES + 1, 2), np.int64)
    found[:-1, :-1] = counts
    found[-1, :-1] = counts.sum(axis=0)
    found[:, -1] = found[:, :-1].sum(axis=1)
    return found


def _interference(outcomes: Codes, counted: _Counts) -> dict[tuple[str, str], float]:
    mechanism, state = outcomes % _MECHANISMS, outcomes // _MECHANISMS % _STATES
    shown = outcomes[(mechanism > 0) & _IS_COUNTED[state]]
    if not len(shown):
        return {}
    many = np.bincount(shown // (_SIDES * _STATES * _MECHANISMS) * _MECHANISMS + shown % _MECHANISMS)
    kinds = np.flatnonzero(many)
    shares = (many[kinds] / counted[kinds // _MECHANISMS]).tolist()
    return dict(zip([_SHOWN[kind] for kind in kinds.tolist()], shares, strict=True))


def _worst_in(counts: _Counts) -> dict[str, State]:
    """By category the worst state that there is."""
    there = counts[:, _WORST_FIRST] > 0
    some = np.flatnonzero(there.any(axis=1))
    found = zip(some.tolist(), there.argmax(axis=1)[some].tolist(), strict=True)
    return {CATEGORY_NAMES[category]: _BADNESS[-1 - first] for category, first in found}
