"""What a text was understood as, or why not: the two records that `dabyl sms read` prints.

Rules of this file: names of kinds, values and errors are only added, never renamed; each stands in
docs/sms.md.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

from msgspec import Struct

from wire.facts import Language

Kind = Literal["open", "status", "closed", "power", "net"]
Value = Literal["", "on", "off"]
Fault = Literal[
    "empty", "too_long", "undecodable", "unknown_word",
    "no_station", "no_region", "bad_station", "unknown_region", "two_stations", "extra_numbers",
    "no_word", "two_words", "no_value", "two_values", "stray_value",
]  # fmt: skip

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
FAULTS: Final[tuple[Fault, ...]] = get_args(Fault)
SWITCHED: Final[frozenset[Kind]] = frozenset({"power", "net"})
"""The kinds that say on or off; the others carry no value."""


class Reading(Struct, frozen=True, kw_only=True):
    """A text that was understood. `station` is `KZ-71-0379`; `value` is empty unless on or off was said."""

    kind: Kind
    station: str
    value: Value
    language: Language


class Rejected(Struct, frozen=True, kw_only=True):
    """A text that was not. `understood`: what was, as words of ours in the order of the text."""

    kind: Literal["rejected"] = "rejected"
    error: Fault
    understood: str = ""
