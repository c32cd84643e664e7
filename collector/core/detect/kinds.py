"""Which kind of cut a finding is, from what each target did in it."""

from __future__ import annotations

from typing import Final

import numpy as np

from collector.core.detect.arrays import Bools, Floats, one_of
from collector.core.detect.columns import (
    BAD,
    FOREIGN,
    FORGED,
    GOOD,
    LINE_DOWN,
    NOTHING,
    SLOW,
    SLUGGISH,
    UNSURE,
    Columns,
)
from collector.core.detect.modes import ALLOWLIST, FOREIGN_CUT, LOSS

_MUTE: Final = (LINE_DOWN, NOTHING, UNSURE)
_NOTHING: Final = 0.06
_STABLE: Final = 0.7
_GONE: Final = 0.3
_FEW: Final = 0.12
_HALF: Final = 0.5


def kind_of_cut(columns: Columns, which: Bools, ignored: Bools, mode: int) -> int:
    """The mode, corrected. `which`: the finding's records of probes that count, without its edges."""
    if mode == LOSS and one_of(columns.outcome[which], _MUTE).mean() > _STABLE:
        return LOSS
    good, tried = _by_target(columns, which & ~ignored)
    foreign = np.array([role.side == FOREIGN for role in columns.roles], bool)
    share = np.divide(good, tried, out=np.zeros(len(good)), where=tried > 0)
    seen = tried >= max(2.0, 0.1 * float(np.median(tried[tried > 0]))) if (tried > 0).any() else tried > 0
    if not (seen & ~foreign).any():
        return LOSS if good.sum() <= _NOTHING * max(tried.sum(), 1.0) else mode
    if good[foreign].sum() > 0.25 * max(tried[foreign].sum(), 1.0):
        return mode
    return _by_domestic(share[seen & ~foreign])


def _by_domestic(share: Floats) -> int:
    works, gone = (share >= _STABLE).mean(), (share <= _GONE).mean()
    if works == 0 and share.mean() <= _FEW:
        return LOSS
    if works > 0 and gone > _FEW:
        return ALLOWLIST
    return FOREIGN_CUT if share.mean() > _HALF else LOSS


def _by_target(columns: Columns, which: Bools) -> tuple[Floats, Floats]:
    count = len(columns.roles)
    good = one_of(columns.outcome, (GOOD, FORGED, SLOW, SLUGGISH))
    return (
        np.bincount(columns.target[which & good], minlength=count).astype(np.float64),
        np.bincount(columns.target[which & (good | (columns.outcome == BAD))], minlength=count).astype(
            np.float64
        ),
    )
