"""What a column is on the wire, which columns there are, and of what kind each is.

A message is one msgpack array, see `Message`; a column is `[name, values, index]`. The names and types are
those of the records themselves, so that a field that is added there is a column here. Steps of one
name stand together: what only a handshake tells has no rows for questions to a resolver.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal, get_args

import msgspec
from msgspec import Meta, Raw, Struct
from msgspec.structs import fields

from wire.names import Channel
from wire.records import Certificate, Network, Short, Step, Target, Text, Verdict

MAX_RECORDS: Final = 2_000
MAX_STEPS: Final = 100_000
MAX_STEPS_A_RECORD: Final = 256
MAX_NAMES: Final = 255  # of steps in one batch
MAX_CERTIFICATES: Final = 65_535
MAX_BATCH_WEIGHT: Final = 16 * 1_048_576  # bytes of all records, each value counted as often as it is used
MAX_RECORD_WEIGHT: Final = 1_048_576
LAST_MS: Final = 253_402_300_799_999  # the end of the year 9999
US: Final = 1_000_000  # microseconds in a second
UTF8: Final = 4  # bytes of a letter, at most
NUMBER: Final = 9  # bytes of a number, at most
_MAX_COLUMNS: Final = 256


class Column(Struct, frozen=True, array_like=True):
    """One column. `values`: see `Kind`, or packed numbers; `index`: which of them stands in each row."""

    name: Annotated[str, Meta(max_length=64)]
    values: Raw
    index: bytes


Columns = Annotated[list[Column], Meta(max_length=_MAX_COLUMNS)]
Count = Annotated[int, Meta(ge=0)]


class Message(Struct, frozen=True, array_like=True):
    """The whole body. `of_names`: for each name of a step, in the order of the column `step`, its columns.

    More elements at the end come from a newer version.
    """

    v: Literal[1]
    records: Count
    steps: Count
    certificates: Count
    of_records: Columns
    of_steps: Columns
    of_names: Annotated[list[Columns], Meta(max_length=MAX_NAMES)]
    of_certificates: Columns


class Kind(Struct, frozen=True, eq=False):
    """How a column's values are read; each is itself alone, so that it can be a part of a key.

    `letters`: the values are texts of at most so many letters, packed as `[all of them in one, the letters of
    each, 16 bits]`; 0: they are an array of what `decoder` reads. `maps`: a value is a map. `kept`: what a
    probe says again and again in the same bytes, however long, and what is made of it is remembered too.
    `fresh`: what no two batches say alike, so that it is not worth being remembered. `is_number`: all
    values are small.
    """

    required: bool
    letters: int
    decoder: msgspec.msgpack.Decoder[list[Any]]
    maps: bool
    kept: bool
    fresh: bool
    is_number: bool


def _kind(kind: Any, *, required: bool = False, kept: bool = False, fresh: bool = False) -> Kind:
    said = str(kind)
    maps, compound = kept or "dict" in said, "tuple" in said or "Literal" in said
    letters = 0 if maps or compound or "str" not in said else max(_bounds(kind))
    is_number = not (maps or compound or letters)
    decoder = msgspec.msgpack.Decoder(list[kind])
    return Kind(required, letters, decoder, maps=maps, kept=kept, fresh=fresh, is_number=is_number)


def _bounds(kind: Any) -> Iterator[int]:
    """The greatest length that a text's type allows."""
    for meta in getattr(kind, "__metadata__", ()):
        yield meta.max_length
    for inner in get_args(kind):
        if not isinstance(inner, Meta):
            yield from _bounds(inner)


# Packed numbers: Unix milliseconds of each record, and how many steps it has.
AT: Final = "at"
STEPS: Final = "steps"
# Packed numbers of each step: seconds since its record began.
TIMES: Final = ("t0", "t")
NAME: Final = "step"
FAILURE: Final = "failure"
CHAIN: Final = "chain"
_Chain = Annotated[tuple[Annotated[int, Meta(ge=0)], ...], Meta(max_length=16)]
RECORD_KINDS: Final[Mapping[str, Kind]] = {
    "id": _kind(Short, required=True, fresh=True),
    "channel": _kind(Channel),
    "network": _kind(Network, required=True, kept=True),
    "target": _kind(Target, required=True, kept=True),
    "verdict": _kind(Verdict, required=True, kept=True),
}
_FRESH: Final = frozenset({"rtt_s", "body_bytes", "body_sha256", "lag_s"})
STEP_KINDS: Final[Mapping[str, Kind]] = {NAME: _kind(Short, required=True), FAILURE: _kind(Text)}
NAMED_KINDS: Final[Mapping[str, Kind]] = {
    field.name: _kind(_Chain if field.name == CHAIN else field.type, fresh=field.name in _FRESH)
    for field in fields(Step)
    if field.name not in {*TIMES, *STEP_KINDS}
}
CERTIFICATE_KINDS: Final[Mapping[str, Kind]] = {
    field.name: _kind(field.type, required=True) for field in fields(Certificate)
}
BLANK: Final = Step(step="", failure=None, t0=0.0, t=0.0)
DEFAULTS: Final[Mapping[str, Any]] = {name: getattr(BLANK, name) for name in NAMED_KINDS}


def width_of(values: int) -> int:
    """Bytes of one entry of an index into so many values; 0 stands for "no value", n for the n-th."""
    return 1 if values <= 0xFF else 2 if values <= 0xFFFF else 4  # noqa: PLR2004  # what 1 and 2 bytes hold
