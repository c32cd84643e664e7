"""Naming no more than was seen: a region all of whose witnesses are one operator's is that operator there."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from collector.core.detect.arrays import Ints
from collector.core.detect.case import LineCase
from collector.core.detect.groups import Group
from collector.core.detect.merging import Finding

_NARROWER: Final = {"region": "region_operator", "region_access": "cell"}


def narrowed(one: Finding, case: LineCase, hit: Ints) -> Finding:
    """The finding, told of the one operator that all who were hit are with. `hit`: probe numbers."""
    family, key, cells = one.groups[0]
    if family not in _NARROWER or len(one.groups) > 1:
        return one
    operator = np.array([case.ground.places[place].operator for place in case.ground.cells[cells]])
    cell = np.full(len(case.columns.probes), -1)
    cell[case.scene.visits.probe] = case.scene.cell
    seen = np.unique(operator[np.isin(cells, cell[hit])])
    if len(seen) != 1 or not seen[0] or (operator == seen[0]).all():
        return one
    inside = cells[operator == seen[0]]
    group = Group(_NARROWER[family], (key[0], str(seen[0]), *key[1:]), inside)
    return replace(one, groups=(group,), cells=inside)
