"""Measurements as columns: one number for each string, no object for each record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np

from collector.core.detect.arrays import Bools, Codes, Floats, Ints, Small
from collector.core.detect.standing import Standing

# What one measurement says about its target and its line.
NOTHING: Final = 0
GOOD: Final = 1
BAD: Final = 2
FORGED: Final = 3
SLOW: Final = 4
TARGETS_FAULT: Final = 5
LINE_DOWN: Final = 6
SLUGGISH: Final = 7  # impaired, and nobody said by what: may be the line's own
UNSURE: Final = 8  # it failed, and nobody dares to say whose fault it is

DOMESTIC: Final = 0
FOREIGN: Final = 1
OUTSIDE: Final = "outside"
# What a digest by SMS tells of: a category's sides, and the line itself. No service is named so.
_SIDES: Final = ("domestic", "foreign")
_LINE: Final = "line"


class Place(NamedTuple):
    """Where a probe stands: region (ISO 3166-2), operator (AS number), access, side."""

    region: str
    operator: str
    access: str
    side: str


class Role(NamedTuple):
    """A target's stable role: its id, category, and where it is hosted (DOMESTIC, FOREIGN)."""

    id: str
    category: str
    side: int


@dataclass(frozen=True)
class Columns:
    """Measurements in the order of their arrival, none twice.

    `at`, `arrival`: Unix seconds. `probe`, `place`, `target`: numbers of `probes`, `places`, `roles`.
    `id_of`: the id of the n-th measurement. `standing`: what else is known of the probes, if anything.
    """

    at: Floats
    arrival: Floats
    probe: Codes
    place: Codes
    target: Codes
    outcome: Small
    row: Codes
    probes: list[str]
    places: list[Place]
    roles: list[Role]
    id_of: Callable[[int], str]
    standing: Standing | None = None

    def __len__(self) -> int:
        """How many measurements."""
        return len(self.at)

    def only(self, which: Bools | Ints) -> Columns:
        """Some of them, in the order given."""
        return Columns(
            self.at[which], self.arrival[which], self.probe[which], self.place[which], self.target[which],
            self.outcome[which], self.row[which], self.probes, self.places, self.roles, self.id_of,
            self.standing,
        )  # fmt: skip

    def at_event_time(self, at: Floats) -> Columns:
        """The same with other event times."""
        return Columns(
            at, self.arrival, self.probe, self.place, self.target, self.outcome, self.row, self.probes,
            self.places, self.roles, self.id_of, self.standing,
        )  # fmt: skip

    def with_standing(self, standing: Standing) -> Columns:
        """The same, with what is known of the probes."""
        return replace(self, standing=standing)


def brought_by_sms(columns: Columns) -> Bools:
    """Whether each role (by number) is one that only digests by SMS tell of."""
    return np.array([role.id == _LINE or role.id.partition("/")[2] in _SIDES for role in columns.roles], bool)


def inside(columns: Columns) -> Bools:
    """Whether each place (by number) is inside the country."""
    return np.array([place.side != OUTSIDE for place in columns.places], dtype=bool)
