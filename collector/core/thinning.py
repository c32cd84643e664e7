"""Fewer records of a large country: enough of each visit, all of what is suspect.

Rules of this file: what is kept is chosen without a look at what it says, so that no share is bent:
of each probe, minute and side a few by the hash of their ids; of a target that begins to fail
somewhere, everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from collector.core.detect.columns import BAD, FORGED, SLOW, Role

OF_A_VISIT: Final = 4  # as many of a side say as much of the line as all of them
SUSPECT_S: Final = 3600.0
MOST_SUSPECTS: Final = 20
_LEAST: Final = 3  # records of one place
_FAILING: Final = 0.5
_MINUTE_S: Final = 60.0
_Array = npt.NDArray[Any]


class Thinning:
    """Chooses. Remembers which targets are suspect, and till when (Unix seconds)."""

    def __init__(self) -> None:
        """Nobody is suspect."""
        self._suspects: dict[int, float] = {}

    def kept(self, rows: _Array, roles: Sequence[Role]) -> _Array:
        """Which rows to keep (`at`, `arrival`, `key`, `probe`, `place`, ...). `roles`: by `target`."""
        now = float(rows["arrival"].max())
        self._suspects |= dict.fromkeys(_failing(rows), now + SUSPECT_S)
        self._suspects = {role: until for role, until in self._suspects.items() if until > now}
        few = _few_of_each_visit(rows, np.array([role.side for role in roles], np.int64))
        return few | np.isin(rows["target"], list(self._suspects))


def _failing(rows: _Array) -> list[int]:
    """Targets that fail for most of those who stand at one place, those of most places first."""
    key = rows["place"].astype(np.int64) * (int(rows["target"].max()) + 1) + rows["target"]
    pairs, of = np.unique(key, return_inverse=True)
    bad = np.bincount(of, np.isin(rows["outcome"], (BAD, FORGED, SLOW)))
    hit = pairs[(bad >= _LEAST) & (bad >= _FAILING * np.bincount(of))]
    found, often = np.unique(hit % (int(rows["target"].max()) + 1), return_counts=True)
    return [int(one) for one in found[np.argsort(-often, kind="stable")][:MOST_SUSPECTS]]


def _few_of_each_visit(rows: _Array, side: _Array) -> _Array:
    """The first few of each probe, minute and side, in the order of their hashes."""
    minute = (rows["at"] // _MINUTE_S).astype(np.int64)
    order = np.lexsort((rows["key"], side[rows["target"]], minute, rows["probe"]))
    names = (rows["probe"][order], minute[order], side[rows["target"]][order])
    begins = np.append(True, np.logical_or.reduce([np.diff(name) != 0 for name in names]))
    first = np.maximum.accumulate(np.where(begins, np.arange(len(rows)), 0))
    kept = np.zeros(len(rows), bool)
    kept[order] = np.arange(len(rows)) - first < OF_A_VISIT
    return kept
