"""Which stations were heard by text, region by region, against those that are expected."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping

from msgspec import Struct


class Region(Struct, frozen=True, kw_only=True):
    """One region. `expected` is 0 where nobody enrolled stations; `silent`: expected and not heard."""

    code: str
    expected: int
    heard: int
    silent: tuple[str, ...]


def coverage(regions: Collection[str], expected: Collection[str], heard: Mapping[str, str]) -> list[Region]:
    """All regions in their order; `heard` maps a station to when it was heard last."""
    return [_region(code, expected, heard) for code in regions]


def _region(code: str, expected: Collection[str], heard: Mapping[str, str]) -> Region:
    ours = sorted(station for station in expected if station.startswith(code + "-"))
    return Region(
        code=code,
        expected=len(ours),
        heard=sum(station.startswith(code + "-") for station in heard),
        silent=tuple(station for station in ours if station not in heard),
    )


def as_csv(expected: Collection[str], heard: Mapping[str, str]) -> str:
    """One line a station: its region, whether it is expected, when it was heard last (empty: never)."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["region", "station", "expected", "heard_at"])
    for station in sorted({*expected, *heard}):
        rows.writerow([station[:5], station, "yes" if station in expected else "no", heard.get(station, "")])
    return out.getvalue()
