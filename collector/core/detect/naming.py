"""Which kind each finding is, and which of them a wider one tells already."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from collector.core.detect import kinds
from collector.core.detect.arrays import MINUTE_S, Bools
from collector.core.detect.case import LineCase, in_scope, trusted
from collector.core.detect.merging import Finding
from collector.core.detect.modes import THROTTLED
from collector.core.detect.scene import cell_numbers

_LONG: Final = 8  # minutes: long enough to leave the edges out


def named(found: list[Finding], case: LineCase) -> list[Finding]:
    """Findings with their kinds, each by the records that no wider one tells.

    Of which a wider one tells every record, it is another event only by another kind.
    """
    told = np.zeros((case.scene.cells, case.scene.visits.minutes), bool)
    done: list[Finding] = []
    for one in sorted(found, key=lambda finding: -len(finding.cells)):
        said = _said(one, case)
        own = said & ~_is_told(said, told, case)
        if own.any() or not said.any():
            done.append(replace(one, mode=_kind(one, own, case)))
        elif not _is_told_wider(again := replace(one, mode=_kind(one, said, case)), done):
            done.append(again)
        told[one.cells, one.first : one.last] = True
    return done


def _is_told_wider(one: Finding, wider: list[Finding]) -> bool:
    """Whether a wider finding tells the same kind of its place, all the time."""
    return any(
        wide.mode == one.mode
        and wide.first <= one.first + _LONG
        and one.last <= wide.last + _LONG
        and np.isin(one.cells, wide.cells).all()
        for wide in wider
    )


def _said(one: Finding, case: LineCase) -> Bools:
    """The records of a finding by probes that count, without its edges."""
    edge = MINUTE_S * (2 if one.last - one.first > _LONG else 0)
    begin = case.moment.start + one.first * MINUTE_S + edge
    end = case.moment.start + one.last * MINUTE_S - edge
    which = (case.columns.at >= begin) & (case.columns.at < end)
    which[which] = in_scope(one, case, case.columns.place[which]) & trusted(case)[case.columns.probe[which]]
    return which


def _is_told(which: Bools, told: Bools, case: LineCase) -> Bools:
    """Of some records: whether another finding tells them. `told`: by (cell, minute)."""
    minute = ((case.columns.at[which] - case.moment.start) // MINUTE_S).astype(np.int64)
    found = np.zeros_like(which)
    cell = cell_numbers(case.columns)[case.columns.place[which]]
    found[which] = told[cell, minute.clip(0, told.shape[1] - 1)]
    return found


def _kind(one: Finding, which: Bools, case: LineCase) -> int:
    if one.mode == THROTTLED or not which.any():
        return one.mode
    return kinds.kind_of_cut(case.columns, which, case.ignored, one.mode)
