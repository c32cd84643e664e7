"""What is no event of its own: single probes here and there, and what a wider event left behind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from collector.core.detect.arrays import MINUTE_S, Ints
from collector.core.detect.case import LineCase
from collector.core.detect.merging import Finding
from collector.core.detect.modes import fine
from collector.core.detect.silence import is_night
from collector.core.detect.tuning import LEAST_PROBES

_SMALL: Final = {"cell", "region_operator"}
_STAYED: Final = 0.75
_WHILE: Final = 3 * 60  # minutes: so long after a wider event nobody may be heard of a small place
_EDGE_S: Final = 120.0
_DAY_S: Final = 86_400.0
_MANY: Final = 6  # probes: so many do not go to bed in the same minutes


def is_scattered(one: Finding, case: LineCase, hit: Ints) -> bool:
    """Whether it is told of small places, and of one or two probes in each: no place is out."""
    if one.groups[0].family not in _SMALL:
        return False
    cell = np.full(len(case.columns.probes), -1)
    cell[case.scene.visits.probe] = case.scene.cell
    return all(np.isin(cell[hit], group.cells).sum() < LEAST_PROBES for group in one.groups)


def is_left_over(one: Finding, found: Sequence[Finding], case: LineCase, hit: Ints) -> bool:
    """Whether a small place was lost with a wider one, and only came back later than most.

    Of a region or an operator that stays out when the nation is back, this is told.
    """
    if one.groups[0].family not in _SMALL:
        return False
    return any(_stayed(case, hit, wide, one) for wide in found if _is_before(wide, one))


def is_asleep(one: Finding, case: LineCase, began: float, hit: Ints, heard: Ints) -> bool:
    """Whether a few of a small place fell silent in the first night that is seen: machines are switched off.

    `hit`: the probes that it is about; `heard`: those of them that said so themselves.
    """
    small = one.groups[0].family in {*_SMALL, "region_access"}
    first = began < case.moment.start + _DAY_S
    return small and first and len(heard) < LEAST_PROBES and len(hit) < _MANY and bool(is_night(began))


def _is_before(wide: Finding, one: Finding) -> bool:
    within = len(wide.cells) > len(one.cells) and bool(np.isin(one.cells, wide.cells).all())
    return within and wide.first < one.first <= wide.last + _WHILE


def _stayed(case: LineCase, hit: Ints, wide: Finding, one: Finding) -> bool:
    """Whether most of its probes were not well from the wider one's beginning to its own."""
    visits, start = case.scene.visits, case.moment.start
    since = start + wide.first * MINUTE_S + _EDGE_S
    between = (visits.at >= since) & (visits.at < start + one.first * MINUTE_S - _EDGE_S)
    back = np.unique(visits.probe[between & fine(case.scene.symbol)])
    return bool((~np.isin(hit, back)).mean() >= _STAYED)
