"""The picture for everybody's eyes: without what would show one person's line.

Rules of this file: a figure, a level, a worst state, a time of last hearing of fewer than three
probes is told nowhere; nor is one from which, with the total, those could be found. How many
probes there are is told: it says why a figure is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from collector.core.cells import Reach
from collector.core.few import LEAST_PROBES, enough, publishable
from collector.core.overview import CategoryNow, OperatorNow, Overview, RegionNow, level_of

_REACHES: Final = ("reach", "domestic", "foreign")
_REST: Final = -1  # the probes of a total that stand in no cell of the list
_T = TypeVar("_T", bound=Struct)
_Place = TypeVar("_Place", RegionNow, OperatorNow)


def published(whole: Overview, least: int = LEAST_PROBES) -> Overview:
    """The same for everybody's eyes. `least`: how many probes must stand behind what is told."""
    told = _without_few(whole, least)
    return replace(
        told,
        level=level_of(told.domestic, told.foreign),
        regions=_places(whole, whole.regions, least),
        operators=_places(whole, whole.operators, least),
        categories=tuple(_category(one, least) for one in whole.categories),
    )


def _places(whole: Overview, found: Sequence[_Place], least: int) -> tuple[_Place, ...]:
    for name in _REACHES:
        kept = _told_cells(getattr(whole, name), [getattr(one, name) for one in found], least)
        found = [
            one if number in kept else _hidden(one, name)  # the number of probes stays
            for number, one in enumerate(found)
        ]
    return tuple(_place(one, least) for one in found)


def _told_cells(total: Reach, cells: Sequence[Reach], least: int) -> set[int]:
    probes = {number: cell.probes for number, cell in enumerate(cells)}
    rest = max(0, total.probes - sum(probes.values()))
    return publishable(probes | {_REST: min(rest, least - 1)}, least=least)


def _place(one: _Place, least: int) -> _Place:
    if not enough(one.expected, least):
        one = replace(one, last_heard=None)  # it would tell when somebody's computer is on
    worst = one.worst_state if enough(one.probes, least) else None
    return replace(one, level=level_of(one.domestic, one.foreign), worst_state=worst)


def _category(one: CategoryNow, least: int) -> CategoryNow:
    told = _without_few(one, least)
    worst = one.worst_state if enough(one.reach.probes, least) else None
    return replace(told, level=level_of(told.reach), worst_state=worst)


def _without_few(one: _T, least: int) -> _T:
    for name in _REACHES:
        if not enough(getattr(one, name).probes, least):
            one = _hidden(one, name)
    return one


def _hidden(one: _T, name: str) -> _T:
    return replace(one, **{name: replace(getattr(one, name), ratio=None)})
