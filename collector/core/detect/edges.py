"""Change points to the second: when something began and ended, from each probe's last and first word."""

from __future__ import annotations

import numpy as np

from collector.core.detect.arrays import Bools, Floats


def change_point(times: Floats, affected: Bools, *, begins: bool) -> float | None:
    """The moment that best parts what is affected from what is not; None without both.

    `begins`: unaffected before, affected after; else the other way round.
    """
    order = np.argsort(times, kind="stable")
    at, after = times[order], affected[order] == begins
    if not len(at) or after.all() or not after.any():
        return None
    wrong_before = np.concatenate(([0], np.cumsum(after)))
    wrong_after = np.concatenate((np.cumsum(~after[::-1])[::-1], [0]))
    wrong = wrong_before + wrong_after
    best = np.flatnonzero(wrong == wrong.min())
    place = int(best[len(best) // 2])
    if place == 0:
        return float(at[0])
    if place == len(at):
        return float(at[-1])
    return float((at[place - 1] + at[place]) / 2)
