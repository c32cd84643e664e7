"""The hierarchy: which cells stand together, from the nation down to one cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

import numpy as np

from collector.core.detect.arrays import Ints
from collector.core.detect.columns import Place

_Key = Callable[[Place], tuple[str, ...]]


class Group(NamedTuple):
    """Cells that share something. `of`: which of region, operator, access they share, by name."""

    family: str
    key: tuple[str, ...]
    cells: Ints


FAMILIES: Final[dict[str, _Key]] = {
    "nation": lambda _: (),
    "access": lambda place: (place.access,),
    "region": lambda place: (place.region,),
    "operator": lambda place: (place.operator,),
    "operator_access": lambda place: (place.operator, place.access),
    "region_access": lambda place: (place.region, place.access),
    "region_operator": lambda place: (place.region, place.operator),
    "cell": lambda place: (place.region, place.operator, place.access),
}
# Top-down: what an upper level explains is no longer there for the lower ones.
LEVELS: Final = (
    ("nation",),
    ("access",),
    ("region", "operator"),
    ("operator_access", "region_access", "region_operator"),
    ("cell",),
)
DIMENSIONS: Final[dict[str, Callable[[Place], str]]] = {
    "region": lambda place: place.region,
    "operator": lambda place: place.operator,
    "access": lambda place: place.access,
}


def groups_of(places: list[Place], cells: Ints, families: Iterable[str]) -> list[Group]:
    """The groups of some families. `cells`: the place of each cell. No two groups have the same cells."""
    found: dict[frozenset[int], Group] = {}
    for family in families:
        members: dict[tuple[str, ...], list[int]] = {}
        for cell, place in enumerate(cells):
            members.setdefault(FAMILIES[family](places[place]), []).append(cell)
        for key, inside in members.items():
            found.setdefault(frozenset(inside), Group(family, key, np.array(inside)))
    return list(found.values())
