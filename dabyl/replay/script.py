"""The script of January 2022: half an hour a row, three profiles of regions. Sources: dabyl/data."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from importlib import resources
from math import ceil
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from wire.errors import BadInput
from wire.incidents import Kind
from wire.times import epoch_seconds

STEP_S: Final = 1800.0
PROFILES: Final = ("REST", "ASTANA", "ALMATY")
PROFILE_OF: Final = {"KZ-71": "ASTANA", "KZ-75": "ALMATY"}
LISTED_ONLY: Final = "whitelist_only"
NATIONAL: Final = "national cut"
LISTED: Final = "allowlist"
_DEAF: Final = 0.5  # levels of a profile below this are a cut; of mobile networks half of them is one already


@dataclass(frozen=True)
class Script:
    """Levels by (profile, half hour), 0 to 1; flags likewise. `start` in Unix seconds."""

    start: float
    fixed: npt.NDArray[np.float64]
    mobile: npt.NDArray[np.float64]
    messengers: npt.NDArray[np.bool_]
    listed_only: npt.NDArray[np.bool_]
    from_abroad: npt.NDArray[np.bool_]

    @property
    def steps(self) -> int:
        """How many half hours."""
        return int(self.fixed.shape[1])


@dataclass(frozen=True)
class Truth:
    """What should be told: Unix seconds; `until` is None where the script ends first."""

    name: str
    kind: Kind
    access: str
    since: float
    until: float | None


def read_script() -> Script:
    """The shipped script."""
    text = (
        resources.files("dabyl").joinpath("data", "replay-halfhour-2022-01.csv").read_text(encoding="utf-8")
    )
    rows = list(csv.DictReader(text.splitlines()))
    by_profile = [[row for row in rows if row["profile"] == profile] for profile in PROFILES]
    first = rows[0]["time_utc"].removesuffix("Z")

    def column(name: str) -> npt.NDArray[np.float64]:
        return np.array([[float(row[name]) for row in some] for some in by_profile])

    return Script(
        start=epoch_seconds(f"{first}:00.000Z"),
        fixed=column("fixed_level"),
        mobile=column("mobile_level"),
        messengers=column("messenger_ok") > 0,
        listed_only=np.array([[row["state"] == LISTED_ONLY for row in some] for some in by_profile]),
        from_abroad=column("outside_in_ok") > 0,
    )


def part(script: Script, since: float, until: float) -> Script:
    """The half hours between two times (Unix seconds); raises `BadInput` when there are none."""
    first = int(max(0.0, since - script.start) // STEP_S)
    last = ceil(min(script.steps * STEP_S, until - script.start) / STEP_S)
    if first >= last:
        raise BadInput("nothing of the script lies between these times")
    which = slice(first, last)
    return replace(
        script,
        start=script.start + first * STEP_S,
        fixed=script.fixed[:, which],
        mobile=script.mobile[:, which],
        messengers=script.messengers[:, which],
        listed_only=script.listed_only[:, which],
        from_abroad=script.from_abroad[:, which],
    )


def moved(script: Script, start: float) -> Script:
    """The same events as if the first of them had been at that time (Unix seconds)."""
    return replace(script, start=start)


def with_calm(script: Script, days: int) -> Script:
    """The script with so many days before it in which nothing happens."""
    steps = days * 48

    def before(levels: npt.NDArray[Any], calm: float) -> npt.NDArray[Any]:
        still = np.full((len(PROFILES), steps), calm).astype(levels.dtype)
        return np.concatenate((still, levels), axis=1)

    return Script(
        start=script.start - steps * STEP_S,
        fixed=before(script.fixed, 1.0),
        mobile=before(script.mobile, 1.0),
        messengers=before(script.messengers, True),
        listed_only=before(script.listed_only, False),
        from_abroad=before(script.from_abroad, True),
    )


def truths(script: Script) -> list[Truth]:
    """What the script says of the most of the country, run by run."""
    rest = PROFILES.index("REST")
    listed = script.listed_only[rest]
    cut = (script.fixed[rest] < _DEAF) & ~listed
    mobile = script.mobile[rest] <= _DEAF
    found = [
        *_runs(script, ~script.messengers[rest], "messengers blocked", "service_block", ""),
        *_runs(script, mobile, "mobile cut", "connectivity_loss", "mobile"),
        *_runs(script, cut, NATIONAL, "connectivity_loss", ""),
        *_runs(script, listed, LISTED, "allowlist_only", ""),
        *_runs(script, ~script.from_abroad[rest], "dark from abroad", "dark_from_abroad", ""),
    ]
    return sorted(found, key=lambda one: one.since)


def _runs(script: Script, flags: npt.NDArray[np.bool_], name: str, kind: Kind, access: str) -> list[Truth]:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [
        Truth(
            name,
            kind,
            access,
            script.start + first * STEP_S,
            None if last == script.steps else script.start + last * STEP_S,
        )
        for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
    ]
