"""A polling station's name in any form that people type: `KZ-71-0379`, `71 379`, `КЗ71-О379`, `710379`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from msgspec import Struct

from sms_gateway.core.reading import Fault

COUNTRY: Final = "KZ"
"""Stands for the letters KZ in a run of digits."""
_REGION_DIGITS: Final = 2
_NUMBER_DIGITS: Final = 4
_WHOLE_DIGITS: Final = _REGION_DIGITS + _NUMBER_DIGITS


class Named(Struct, frozen=True, kw_only=True):
    """The stations that a text names, each once, the digits behind the first, and what is amiss first."""

    stations: tuple[str, ...]
    rest: tuple[str, ...] = ()
    fault: Fault | None


def named(runs: Sequence[Sequence[str]], regions: Collection[str], counted: bool) -> Named:
    """The station in runs of digit groups and `KZ`; `regions` are the codes that exist (`KZ-71`).

    It stands where a run begins, or behind a `KZ`. What is around it is left to others, but a second
    station. `counted`: the word takes an hour and a count, which look like a station: 10 1250.
    """
    for place, run in enumerate(runs):
        start = _start(run)
        taken = _first(run[start:])
        if taken:
            station = _said(list(run[start : start + taken]))
            around = [*runs[:place], run[:start], run[start + taken :], *runs[place + 1 :]]
            return _alone(station, [list(one) for one in around if one], regions, counted)
    return Named(stations=(), fault=_fault(runs[0]) if runs else "no_station")


def _start(run: Sequence[str]) -> int:
    """Where a station may begin: at the run's first group, unless a KZ comes later."""
    return 0 if _first(run) or COUNTRY not in run else list(run).index(COUNTRY)


def _alone(station: str, around: list[list[str]], regions: Collection[str], counted: bool) -> Named:
    found = dict.fromkeys([station, *_others(around, regions, counted)])
    if len(found) > 1:
        return Named(stations=tuple(found), fault="two_stations")
    return _single(station, _without(station, around), regions)


def _single(station: str, rest: list[list[str]], regions: Collection[str]) -> Named:
    left = tuple(group for run in rest for group in run)
    fault: Fault | None = "extra_numbers" if COUNTRY in left else None
    if station[:5] not in regions:
        fault = "unknown_region"
    return Named(stations=(station,), rest=left, fault=fault)


def _others(runs: list[list[str]], regions: Collection[str], counted: bool) -> list[str]:
    """Further stations: with KZ, or, where nothing is counted, a whole run that names one that can exist."""
    found = []
    for run in runs:
        taken = _first(run)
        whole = not counted and taken == len(run) > 1
        if taken and (run[0] == COUNTRY or whole):
            name = _said(run[:taken])
            if run[0] == COUNTRY or name[:5] in regions:
                found.append(name)
    return found


def _without(station: str, runs: list[list[str]]) -> list[list[str]]:
    """The runs less those that only say the station again. Six digits alone may be a code that is like it."""
    return [run for run in runs if not (_first(run) == len(run) > 1 and _said(run) == station)]


def _said(run: list[str]) -> str:
    return _name("".join(_padded(run)))


def _first(groups: Sequence[str]) -> int:
    """How many groups at the beginning name a station; 0 when they do not."""
    start = 1 if groups and groups[0] == COUNTRY else 0
    match [len(group) if group != COUNTRY else 0 for group in groups[start : start + 2]]:
        case [6, *_]:
            end = start + 1
        case [2, 1 | 2 | 3 | 4]:
            end = start + 2
        case _:
            return 0
    return 0 if "".join(_padded(list(groups[:end]))).endswith("0000") else end


def _padded(groups: list[str]) -> list[str]:
    bare = [group for group in groups if group != COUNTRY]
    return bare if len(bare[0]) == _WHOLE_DIGITS else [bare[0], bare[1].zfill(_NUMBER_DIGITS)]


def _name(digits: str) -> str:
    return f"{COUNTRY}-{digits[:_REGION_DIGITS]}-{digits[_REGION_DIGITS:]}"


def _fault(groups: Sequence[str]) -> Fault:
    alone = len(groups) == 1 and groups[0] != COUNTRY
    return "no_region" if alone and len(groups[0]) <= _NUMBER_DIGITS else "bad_station"
