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
    """The stations that a text names, each once, and the first thing amiss with them."""

    stations: tuple[str, ...]
    fault: Fault | None


def named(runs: Sequence[Sequence[str]], regions: Collection[str]) -> Named:
    """The stations in runs of digit groups and `KZ`; `regions` are the codes that exist (`KZ-71`)."""
    found: list[str] = []
    fault: Fault | None = None
    for run in runs:
        stations, wrong = _of_run(run)
        found += stations
        fault = fault or wrong
    return _judged(list(dict.fromkeys(found)), fault, regions)


def _judged(found: list[str], fault: Fault | None, regions: Collection[str]) -> Named:
    unknown = [station for station in found if station[:5] not in regions]
    if fault is None and unknown:
        fault = "unknown_region"
    elif fault is None and len(found) != 1:
        fault = "two_stations" if found else "no_station"
    elif fault is not None and found:
        fault = "extra_numbers"
    return Named(stations=tuple(found), fault=fault)


def _of_run(run: Sequence[str]) -> tuple[list[str], Fault | None]:
    groups, found = list(run), list[str]()
    while groups:
        taken = _first(groups)
        if taken == 0:
            return found, _fault(groups)
        found.append(_name("".join(_padded(groups[:taken]))))
        del groups[:taken]
    return found, None


def _first(groups: list[str]) -> int:
    """How many groups at the beginning name a station; 0 when they do not."""
    start = 1 if groups[0] == COUNTRY else 0
    match [len(group) if group != COUNTRY else 0 for group in groups[start : start + 2]]:
        case [6, *_]:
            end = start + 1
        case [2, 1 | 2 | 3 | 4]:
            end = start + 2
        case _:
            return 0
    return 0 if "".join(_padded(groups[:end])).endswith("0000") else end


def _padded(groups: list[str]) -> list[str]:
    bare = [group for group in groups if group != COUNTRY]
    return bare if len(bare[0]) == _WHOLE_DIGITS else [bare[0], bare[1].zfill(_NUMBER_DIGITS)]


def _name(digits: str) -> str:
    return f"{COUNTRY}-{digits[:_REGION_DIGITS]}-{digits[_REGION_DIGITS:]}"


def _fault(groups: list[str]) -> Fault:
    alone = len(groups) == 1 and groups[0] != COUNTRY
    return "no_region" if alone and len(groups[0]) <= _NUMBER_DIGITS else "bad_station"
