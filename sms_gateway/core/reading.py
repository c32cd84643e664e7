"""What a text was understood as, or why not: the two records that `dabyl sms read` prints.

Rules of this file: names of kinds, values and errors are only added, never renamed; each stands in
docs/sms.md.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from msgspec import Struct

from wire.facts import Language
from wire.names import STATION_KINDS, Proof, StationKind

Query = Literal["info", "tel", "my"]
"""What a station asks: the words, the telephones, what is recorded of it. No report comes of it."""
Kind = StationKind | Query | Literal["digest"]
"""digest: a probe's, not a station's; no report comes of it either."""
Value = Literal["", "on", "off", "masked", "out", "back", "broken"]
Fault = Literal[
    "empty", "too_long", "undecodable", "partial", "unknown_word",
    "no_station", "no_region", "bad_station", "unknown_region", "ambiguous_region", "two_stations",
    "extra_numbers",
    "no_word", "two_words", "no_value", "two_values", "stray_value",
    "no_count", "bad_count", "no_check", "bad_check", "bad_code", "unknown_code", "used_code",
    "too_many_codes",
    "unknown_station", "revoked", "unproven", "unknown_probe",
    "typo", "forged", "unknown_version", "bad_time",
]  # fmt: skip

QUERIES: Final[tuple[Query, ...]] = get_args(Query)
KINDS: Final[tuple[Kind, ...]] = (*STATION_KINDS, *QUERIES, "digest")
UNREPORTED: Final[frozenset[Kind]] = frozenset({*QUERIES, "digest"})
FAULTS: Final[tuple[Fault, ...]] = get_args(Fault)
SWITCHED: Final[frozenset[Kind]] = frozenset({"power", "net"})
"""The kinds that say on or off, and nothing else."""
VALUED: Final[frozenset[Kind]] = SWITCHED | {"camera", "observer", "seal"}
"""The kinds that need a word more."""


class Reading(Struct, frozen=True, kw_only=True):
    """A text that was understood. `station` is `KZ-71-0379`; of a probe's digest empty.

    `value`: the second word; of a turnout the count; of a sheet the SHA-256, when it was sealed; of a digest
    the probe's name. `mark`: the hour of a turnout; a sheet's number; the state of a probe's line.
    `code`: the one-time code. `at`: when it was sealed, RFC 3339.
    """

    kind: Kind
    station: str
    value: str
    language: Language
    proof: Proof = "none"
    mark: str = ""
    code: str = ""
    at: str = ""


class Rejected(Struct, frozen=True, kw_only=True):
    """A text that was not. `understood`: what was, as words of ours in the order of the text."""

    kind: Literal["rejected"] = "rejected"
    error: Fault
    understood: str = ""
