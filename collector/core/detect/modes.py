"""The modes of a line, and how likely each makes what one probe says in one minute.

Rows of this file's table are the hidden states; columns are the symbols of a visit: how many of
the foreign and of the domestic targets failed.
"""

from __future__ import annotations

from functools import cache
from math import comb, prod
from typing import Final

import numpy as np

from collector.core.detect.arrays import Bools, Floats, Ints
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

# What a visit says of one side: nothing; how many of up to three targets failed; of more: few, some, all.
_COUNTS: Final = (0, 1, 3, 6, 10)  # where the codes for so many targets begin
_CODES: Final = 13
_FEW, _SOME, _ALL = 10, 11, 12
_FULL: Final = 4
_SYMBOLS: Final = _CODES * _CODES
DEAD: Final = _SYMBOLS
SLOW_LINE: Final = _SYMBOLS + 1
BLANK: Final = _SYMBOLS + 2  # nothing could be said of any target
_EVERY: Final = _SYMBOLS + 3
_LIES: Final = 0.04
_FEW_SHARE: Final = 0.25
_ALL_SHARE: Final = 0.9
_WELL: Final = (0, 1, 3, 6, _FEW)
_GONE: Final = (2, 5, 9, _ALL)

# Pure modes, for foreign, then for domestic targets: how likely one target fails, and how much alike
# they fare (the two numbers of a beta distribution); P(few, some, all failed) of four and more.
_WORKS: Final = ((0.3, 9.7), (0.965, 0.025, 0.01))
_FAILS: Final = ((9.5, 0.5), (0.03, 0.05, 0.92))
_PURE: Final = {
    NORMAL: (_WORKS, _WORKS),
    TROUBLE: (((0.8, 1.6), (0.25, 0.65, 0.10)), ((0.6, 1.8), (0.60, 0.30, 0.10))),
    LOSS: (_FAILS, _FAILS),
    FOREIGN_CUT: (_FAILS, ((0.4, 9.6), (0.92, 0.06, 0.02))),
    ALLOWLIST: (_FAILS, ((1.3, 1.0), (0.28, 0.52, 0.20))),
}
_DARK: Final = ((2.6, 0.7), (0.04, 0.26, 0.70))  # domestic targets, seen from abroad
# A line that is down says so; a normal one says so rarely; slow by a throttle's doing likewise.
_DEAD_ODDS: Final = {
    NORMAL: 0.006, MIXED: 0.4, TROUBLE: 0.01, LOSS: 0.93, FOREIGN_CUT: 0.05, ALLOWLIST: 0.06, THROTTLED: 0.02,
}  # fmt: skip
_SLOW_ODDS: Final = {
    NORMAL: 0.01, MIXED: 0.45, TROUBLE: 0.3, LOSS: 0.02, FOREIGN_CUT: 0.05, ALLOWLIST: 0.05, THROTTLED: 0.9,
}  # fmt: skip

# Who cannot say anything of any target usually has no line; a probe that is ill says it too.
_BLANK_ODDS: Final = {
    NORMAL: 0.01, MIXED: 0.3, TROUBLE: 0.02, LOSS: 0.6, FOREIGN_CUT: 0.05, ALLOWLIST: 0.05, THROTTLED: 0.02,
}  # fmt: skip


def symbols(visits: Visits) -> Ints:
    """One number for what each visit says; 0 where it says nothing."""
    found = _code(visits, FOREIGN) * _CODES + _code(visits, DOMESTIC)
    answers = visits.good.sum(axis=0)
    found = np.where((found == 0) & visits.blank, BLANK, found)
    found = np.where((visits.slow >= 1) & (visits.slow >= 0.6 * answers), SLOW_LINE, found)
    dead = (visits.dead & (answers <= 0.1 * visits.bad.sum(axis=0))) | (visits.dead & (answers == 0))
    return np.where(dead, DEAD, found)


def fine(symbol: Ints) -> Bools:
    """Whether few of one side, or of both, failed."""
    return _both(symbol, _WELL)


def line_fails(symbol: Ints) -> Bools:
    """Whether all of one side, or of both, failed."""
    return _both(symbol, (0, *_GONE))


def foreign_fails(symbol: Ints) -> Bools:
    """Whether all of the foreign side failed, and few of the domestic one, which was asked."""
    table = np.zeros(_EVERY, bool)
    table[:_SYMBOLS] = np.outer(np.isin(range(_CODES), _GONE), np.isin(range(_CODES), _WELL[1:])).ravel()
    found: Bools = table[symbol]
    return found


def _both(symbol: Ints, codes: tuple[int, ...]) -> Bools:
    table = np.zeros(_EVERY, bool)
    table[:_SYMBOLS] = np.outer(np.isin(range(_CODES), codes), np.isin(range(_CODES), codes)).ravel()
    table[0] = False
    found: Bools = table[symbol]
    return found


def _code(visits: Visits, side: int) -> Ints:
    good, bad = visits.good[side], visits.bad[side]
    tried = (good + bad).astype(np.int64)
    share = np.divide(bad, tried, out=np.zeros(len(bad)), where=tried > 0)
    level = np.where(share >= _ALL_SHARE, _ALL, np.where(share <= _FEW_SHARE, _FEW, _SOME))
    counted = np.array(_COUNTS)[tried.clip(0, _FULL)] + bad.astype(np.int64)
    return np.where(tried >= _FULL, level, counted).astype(np.int64)


def dark_table() -> Floats:
    """Nats that a symbol of a probe abroad says for a country that is dark, over normal."""
    found = np.zeros(_EVERY)
    dark = np.outer(_side(*_WORKS), _side(*_DARK)).ravel()
    found[:_SYMBOLS] = np.log(dark) - np.log(_odds()[NORMAL, :_SYMBOLS])
    return found


def table() -> Floats:
    """Nats that a symbol says for a mode over NORMAL: (mode, symbol)."""
    odds = _odds()
    found: Floats = np.log(odds) - np.log(odds[NORMAL])
    found[:, 0] = 0.0
    return found


@cache
def _odds() -> Floats:
    odds = np.ones((MODES, _EVERY))
    for mode, (foreign, domestic) in _PURE.items():
        odds[mode, :_SYMBOLS] = np.outer(_side(*foreign), _side(*domestic)).ravel()
    normal = odds[NORMAL].copy()
    odds[THROTTLED] = 0.15 * normal  # all else that a throttled line says, it says as a normal one would
    for mode in (LOSS, FOREIGN_CUT, ALLOWLIST):
        odds[mode] = (1 - _LIES) * odds[mode] + _LIES * normal
    odds[NORMAL, :_SYMBOLS] = (
        0.985 * normal[:_SYMBOLS] + 0.01 * odds[LOSS, :_SYMBOLS] + 0.005 * odds[TROUBLE, :_SYMBOLS]
    )
    odds[MIXED] = 0.5 * odds[NORMAL] + 0.3 * odds[LOSS] + 0.1 * odds[FOREIGN_CUT] + 0.1 * odds[ALLOWLIST]
    for mode in range(MODES):
        odds[mode, DEAD], odds[mode, SLOW_LINE] = _DEAD_ODDS[mode], _SLOW_ODDS[mode]
        odds[mode, BLANK] = _BLANK_ODDS[mode]
    return odds


def _side(alike: tuple[float, float], many: tuple[float, float, float]) -> list[float]:
    """P(code) of one side, whatever the number of its targets."""
    counted = [_beta_binomial(bad, tried, *alike) for tried in range(1, _FULL) for bad in range(tried + 1)]
    return [1.0, *counted, *many]


def _beta_binomial(hits: int, tries: int, a: float, b: float) -> float:
    return comb(tries, hits) * _rising(a, hits) * _rising(b, tries - hits) / _rising(a + b, tries)


def _rising(x: float, steps: int) -> float:
    return prod(x + step for step in range(steps))
