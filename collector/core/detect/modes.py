"""The modes of a line, and how likely each makes what one probe says in one minute.

Rows of this file's table are the hidden states; columns are the symbols of a visit: for the
foreign and the domestic targets, whether few, some or (nearly) all failed.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from collector.core.detect.arrays import Floats, Ints
from collector.core.detect.columns import DOMESTIC, FOREIGN
from collector.core.detect.grid import Visits

NORMAL: Final = 0
MIXED: Final = 1  # some probes say this, some that: a bug, lies, half a repair; no alarm
TROUBLE: Final = 2  # some services fail: told elsewhere
LOSS: Final = 3
FOREIGN_CUT: Final = 4
ALLOWLIST: Final = 5
THROTTLED: Final = 6
MODES: Final = 7
ALARMS: Final = (LOSS, FOREIGN_CUT, ALLOWLIST, THROTTLED)

_NONE, _FEW, _SOME, _ALL = 0, 1, 2, 3
_SYMBOLS: Final = 16
DEAD: Final = 16
FINE: Final = (1, 4, 5)  # few of one side, or of both, failed
LINE_FAILS: Final = (3, 12, 15)  # all of one side, or of both, failed
_SLOW: Final = 17
_LIES: Final = 0.04
_FEW_SHARE: Final = 0.25
_ALL_SHARE: Final = 0.9

# Pure modes: P(few, some, all failed) for foreign, then for domestic targets.
_PURE: Final = {
    NORMAL: ((0.965, 0.025, 0.01), (0.965, 0.025, 0.01)),
    TROUBLE: ((0.25, 0.65, 0.10), (0.60, 0.30, 0.10)),
    LOSS: ((0.03, 0.05, 0.92), (0.03, 0.05, 0.92)),
    FOREIGN_CUT: ((0.03, 0.05, 0.92), (0.92, 0.06, 0.02)),
    ALLOWLIST: ((0.03, 0.05, 0.92), (0.28, 0.52, 0.20)),
}
# A line that is down says so; a normal one says so rarely; slow by a throttle's doing likewise.
_DEAD_ODDS: Final = {
    NORMAL: 0.006, MIXED: 0.4, TROUBLE: 0.01, LOSS: 0.93, FOREIGN_CUT: 0.05, ALLOWLIST: 0.06, THROTTLED: 0.02,
}  # fmt: skip
_SLOW_ODDS: Final = {
    NORMAL: 0.01, MIXED: 0.45, TROUBLE: 0.3, LOSS: 0.02, FOREIGN_CUT: 0.05, ALLOWLIST: 0.05, THROTTLED: 0.9,
}  # fmt: skip


def symbols(visits: Visits) -> Ints:
    """One number for what each visit says."""
    found = _share(visits, FOREIGN) * 4 + _share(visits, DOMESTIC)
    answers = visits.good.sum(axis=0)
    found = np.where((visits.slow >= 1) & (visits.slow >= 0.6 * answers), _SLOW, found)
    dead = (visits.dead & (answers <= 0.1 * visits.bad.sum(axis=0))) | (visits.dead & (answers == 0))
    return np.where(dead, DEAD, found)


def _share(visits: Visits, side: int) -> Ints:
    good, bad = visits.good[side], visits.bad[side]
    tried = good + bad
    share = np.where(tried > 0, bad / np.maximum(tried, 1), 0.0)
    level = np.where(share >= _ALL_SHARE, _ALL, np.where(share <= _FEW_SHARE, _FEW, _SOME))
    return np.where(tried > 0, level, _NONE).astype(np.int64)


def normal_odds() -> Floats:
    """P(symbol | NORMAL)."""
    found: Floats = _odds()[NORMAL]
    return found


def table() -> Floats:
    """Nats that a symbol says for a mode over NORMAL: (mode, symbol)."""
    odds = _odds()
    found: Floats = np.log(odds) - np.log(odds[NORMAL])
    found[:, 0] = 0.0
    return found


@cache
def _odds() -> Floats:
    odds = np.ones((MODES, _SYMBOLS + 2))
    for mode, (foreign, domestic) in _PURE.items():
        odds[mode, :_SYMBOLS] = np.outer((1.0, *foreign), (1.0, *domestic)).ravel()
    normal = odds[NORMAL].copy()
    odds[THROTTLED] = 0.15 * normal  # all else that a throttled line says, it says as a normal one would
    for mode in (LOSS, FOREIGN_CUT, ALLOWLIST):
        odds[mode] = (1 - _LIES) * odds[mode] + _LIES * normal
    odds[NORMAL, :_SYMBOLS] = (
        0.985 * normal[:_SYMBOLS] + 0.01 * odds[LOSS, :_SYMBOLS] + 0.005 * odds[TROUBLE, :_SYMBOLS]
    )
    odds[MIXED] = 0.5 * odds[NORMAL] + 0.3 * odds[LOSS] + 0.1 * odds[FOREIGN_CUT] + 0.1 * odds[ALLOWLIST]
    for mode in range(MODES):
        odds[mode, DEAD], odds[mode, _SLOW] = _DEAD_ODDS[mode], _SLOW_ODDS[mode]
    return odds
