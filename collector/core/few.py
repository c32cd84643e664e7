"""Which figures may be published: none that would tell of one person's line.

Rules of this file: a figure stands for three probes at least; and what is left out must not be
found by taking the published figures from their total (statisticians call it complementary
suppression: the hidden rest of a total must be nobody, or three at least). Pure, and the only
place where the number stands.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Final, TypeVar

LEAST_PROBES: Final = 3
K = TypeVar("K", bound=Hashable)


def enough(probes: int, least: int = LEAST_PROBES) -> bool:
    """Whether a figure with so many probes behind it may be told at all."""
    return probes >= least


def publishable(
    probes: Mapping[K, int], total_of: Callable[[K], Hashable] = lambda _: None, least: int = LEAST_PROBES
) -> set[K]:
    """The cells that may be told. `probes`: how many stand behind each cell.

    `total_of`: the total into which a cell is added up (of metrics: their category and side); the
    cells of one total have no probe in common.
    """
    groups: dict[Hashable, list[K]] = {}
    for cell in probes:
        groups.setdefault(total_of(cell), []).append(cell)
    return {cell for cells in groups.values() for cell in _of_one_total(cells, probes, least)}


def _of_one_total(cells: Collection[K], probes: Mapping[K, int], least: int) -> list[K]:
    told = sorted((cell for cell in cells if enough(probes[cell], least)), key=lambda cell: -probes[cell])
    rest = sum(probes[cell] for cell in cells) - sum(probes[cell] for cell in told)
    # The smallest goes with a rest of one or two: together they are many enough to hide in.
    return told[:-1] if 0 < rest < least else told
