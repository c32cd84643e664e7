"""What an incident rests on: its witnesses under public names, with what each saw.

Rules of this file: nothing here names a probe or its life; a witness that is not found any more is
left out, never told under its own id.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from collector.core.detect.columns import (
    BAD,
    FORGED,
    GOOD,
    LINE_DOWN,
    NOTHING,
    SLOW,
    SLUGGISH,
    TARGETS_FAULT,
    Place,
    Role,
)
from collector.core.naming import SecretOf, day_of, public_measurement, public_probe
from collector.core.places import place_of
from collector.core.times import stamp
from wire.incidents import Incident
from wire.records import Network

# What a measurement said, in the words of detection; the page has a text for each.
SAW: Final = {
    NOTHING: "nothing",
    GOOD: "works",
    BAD: "fails",
    FORGED: "forged",
    SLOW: "slow",
    TARGETS_FAULT: "down",
    LINE_DOWN: "line",
    SLUGGISH: "slow",
}


class Witness(Struct, frozen=True, kw_only=True):
    """One measurement of those that an incident rests on. `id`, `probe`: public names. `saw`: of `SAW`."""

    id: str
    probe: str
    at: str
    region: str
    operator: str
    access: str
    target: str
    saw: str


class Seen(NamedTuple):
    """A measurement as detection holds it; `at`: Unix seconds."""

    probe: str
    at: float
    place: Place
    role: Role
    outcome: int


def named(
    found: Incident, seen: Mapping[str, Seen], secret_of: SecretOf
) -> tuple[Incident, tuple[Witness, ...]]:
    """The incident with public names for its witnesses, and what these saw. `seen`: by measurements' ids."""
    rows = tuple(_witness(one, seen[one], secret_of) for one in found.witnesses if one in seen)
    return replace(found, witnesses=tuple(row.id for row in rows)), rows


def days_of(seen: Mapping[str, Seen]) -> set[str]:
    """Whose secrets are needed."""
    return {day_of(stamp(one.at)) for one in seen.values()}


def _witness(id_: str, one: Seen, secret_of: SecretOf) -> Witness:
    at = stamp(one.at)
    secret = secret_of(day_of(at))
    network = Network(asn=one.place.operator, region=one.place.region)
    return Witness(
        id=public_measurement(secret, id_),
        probe=public_probe(secret, network, one.probe),
        at=at,
        region=place_of(network).region,
        operator=place_of(network).operator,
        access=one.place.access,
        target=one.role.id,
        saw=SAW[one.outcome],
    )
