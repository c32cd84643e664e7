"""What a column is on the wire, which columns there are, and of what kind each is.

A message is the msgpack array `[1, records, steps, certificates, columns of records, columns of steps]`,
a column the array `[name, values, index]`. The names and types are those of the records themselves, so
that a field that is added there is a column here. A chain is a list of places in the certificates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec
from msgspec import Meta, Raw, Struct
from msgspec.structs import fields

from wire.names import Channel
from wire.records import Certificate, Network, Short, Step, Target, Verdict

MAX_RECORDS: Final = 2_000
MAX_STEPS: Final = 100_000
MAX_STEPS_A_RECORD: Final = 256
MAX_BATCH_WEIGHT: Final = 16 * 1_048_576  # bytes of all records, each value counted as often as it is used
MAX_RECORD_WEIGHT: Final = 1_048_576
LAST_MS: Final = 253_402_300_799_999  # the end of the year 9999
US: Final = 1_000_000  # microseconds in a second
_MAX_COLUMNS: Final = 256

Weighing = Literal["number", "text", "rest"]
# A certificate without its keys: the fields in their order.
CertificateRow = msgspec.defstruct(
    "CertificateRow",
    [(one.name, one.type) for one in fields(Certificate)],
    array_like=True,
    frozen=True,
    gc=False,
)


class Column(Struct, frozen=True, array_like=True):
    """One column. `values`: an array, or packed numbers; `index`: which of the values stands in each row."""

    name: Annotated[str, Meta(max_length=64)]
    values: Raw
    index: bytes


class Message(Struct, frozen=True, array_like=True):
    """The whole body. More elements at the end come from a newer version."""

    v: Literal[1]
    records: Annotated[int, Meta(ge=0)]
    steps: Annotated[int, Meta(ge=0)]
    certificates: Raw
    of_records: Annotated[list[Column], Meta(max_length=_MAX_COLUMNS)]
    of_steps: Annotated[list[Column], Meta(max_length=_MAX_COLUMNS)]


class Kind(NamedTuple):
    """How a column's values are read. `required`: every row has one; `maps`: a value is a map, or holds one.

    `kept`: what a probe says again and again in the same bytes, so that it is worth being remembered.
    """

    decoder: msgspec.msgpack.Decoder[list[Any]]
    weighing: Weighing
    required: bool
    maps: bool
    kept: bool


def _kind(kind: Any, *, required: bool = False, kept: bool = False) -> Kind:
    said = str(kind)
    maps = kept or "dict" in said
    weighing: Weighing = "text" if "str" in said or "Literal" in said else "number"
    if maps or "tuple" in said:
        weighing = "rest"
    return Kind(msgspec.msgpack.Decoder(list[kind]), weighing, required, maps, kept)


# Packed numbers: Unix milliseconds of each record, and how many steps it has.
AT: Final = "at"
STEPS: Final = "steps"
# Packed numbers of each step: seconds since its record began.
TIMES: Final = ("t0", "t")
CHAIN: Final = "chain"
CERTIFICATES: Final = _kind(CertificateRow)._replace(weighing="rest")
_Chain = Annotated[tuple[Annotated[int, Meta(ge=0)], ...], Meta(max_length=16)]
RECORD_KINDS: Final[Mapping[str, Kind]] = {
    "id": _kind(Short, required=True),
    "channel": _kind(Channel),
    "network": _kind(Network, required=True, kept=True),
    "target": _kind(Target, required=True, kept=True),
    "verdict": _kind(Verdict, required=True, kept=True),
}
STEP_KINDS: Final[Mapping[str, Kind]] = {
    field.name: _kind(_Chain if field.name == CHAIN else field.type, required=field.name == "step")
    for field in fields(Step)
    if field.name not in TIMES
}
BLANK: Final = Step(step="", failure=None, t0=0.0, t=0.0)
STEP_DEFAULTS: Final[Mapping[str, Any]] = {name: getattr(BLANK, name) for name in STEP_KINDS}


def width_of(values: int) -> int:
    """Bytes of one entry of an index into so many values; 0 stands for "no value", n for the n-th."""
    return 1 if values <= 0xFF else 2 if values <= 0xFFFF else 4  # noqa: PLR2004  # what 1 and 2 bytes hold
