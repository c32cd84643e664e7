"""Records into columns: what a probe does before it signs."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from math import copysign
from typing import Any, Final

import msgspec
from msgspec import Raw

from wire.columns.layout import (
    AT,
    CERTIFICATE_KINDS,
    CHAIN,
    DEFAULTS,
    FAILURE,
    NAME,
    NAMED_KINDS,
    RECORD_KINDS,
    STEP_KINDS,
    STEPS,
    TIMES,
    US,
    Column,
    Kind,
    Message,
    width_of,
)
from wire.columns.table import FORMATS
from wire.errors import BadRecord
from wire.records import Certificate, Measurement, Step
from wire.times import EPOCH, format_time, parse_time

_MAX_U32: Final = 0xFFFF_FFFF
_MS: Final = timedelta(milliseconds=1)
_encode = msgspec.msgpack.Encoder().encode


def pack(records: Sequence[Measurement]) -> bytes:
    """The body of a batch of one probe's records, not compressed.

    Raises `BadRecord` for what has no place in it: a time that is not written as ours are, and
    `received_at`, which only a collector can tell. `probe` is not packed: the batch names it.
    """
    steps = [step for record in records for step in record.steps]
    certificates = {one: place for place, one in enumerate(dict.fromkeys(_certificates(steps)))}
    message = Message(
        v=1,
        records=len(records),
        steps=len(steps),
        certificates=len(certificates),
        of_records=list(_of_records(records)),
        of_steps=list(_of_steps(steps)),
        of_names=[list(_of_name(found, certificates)) for found in _by_name(steps)],
        of_certificates=list(_of_certificates(list(certificates))),
    )
    return _encode(message)


def _of_records(records: Sequence[Measurement]) -> Iterator[Column]:
    if any(record.received_at is not None for record in records):
        raise BadRecord("when it was received is told by who receives it")
    if records:
        yield _numbers(AT, "q", map(_at_ms, records))
        yield _numbers(STEPS, "H", (len(record.steps) for record in records))
    for name, kind in RECORD_KINDS.items():
        default = "https" if name == "channel" else None
        yield from _column(name, kind, [getattr(record, name) for record in records], default)


def _of_steps(steps: Sequence[Step]) -> Iterator[Column]:
    for name in TIMES if steps else ():
        yield _times(name, [getattr(step, name) for step in steps])
    for name in (NAME, FAILURE):
        yield from _column(name, STEP_KINDS[name], [getattr(step, name) for step in steps], None)


def _by_name(steps: Iterable[Step]) -> Iterable[list[Step]]:
    """The steps of each name, the names in the order of the column `step`."""
    found: dict[str, list[Step]] = {}
    for step in steps:
        found.setdefault(step.step, []).append(step)
    return found.values()


def _of_name(steps: Sequence[Step], certificates: Mapping[Certificate, int]) -> Iterator[Column]:
    for name, kind in NAMED_KINDS.items():
        rows = [getattr(step, name) for step in steps]
        if name == CHAIN:
            rows = [tuple(certificates[one] for one in chain) for chain in rows]
        yield from _column(name, kind, rows, DEFAULTS[name])


def _certificates(steps: Iterable[Step]) -> Iterator[Certificate]:
    return (one for step in steps for one in step.chain)


def _of_certificates(certificates: Sequence[Certificate]) -> Iterator[Column]:
    for name, kind in CERTIFICATE_KINDS.items():
        yield from _column(name, kind, [getattr(one, name) for one in certificates], None)


def _at_ms(record: Measurement) -> int:
    moment = parse_time(record.at)
    if format_time(moment) != record.at or moment < EPOCH:
        raise BadRecord(f"not a time as ours are written: {record.at[:40]!r}")
    return (moment - EPOCH) // _MS


def _column(name: str, kind: Kind, rows: Sequence[Any], default: object) -> Iterator[Column]:
    """The column, if any row says something."""
    places: dict[Any, int] = {}
    values: list[Any] = []
    index = [0 if value == default else _place(value, places, values) for value in rows]
    if not values:
        return
    raw = Raw(_encode(_joined(values) if kind.letters else values))
    if index == list(range(1, len(rows) + 1)) or (len(values) == 1 and 0 not in index):
        yield Column(name, raw, b"")
    else:
        yield Column(name, raw, struct.pack(f"<{len(rows)}{FORMATS[width_of(len(values))]}", *index))


def _joined(texts: Sequence[str]) -> tuple[str, bytes]:
    return "".join(texts), struct.pack(f"<{len(texts)}H", *map(len, texts))


def _place(value: Any, places: dict[Any, int], values: list[Any]) -> int:
    """The number of a value from 1 on; equal values of another type are others, and 0.0 is not -0.0."""
    key = value if type(value) is str else _encode(value)
    place = places.setdefault(key, len(places) + 1)
    if place > len(values):
        values.append(value)
    return place


def _numbers(name: str, form: str, numbers: Iterable[int]) -> Column:
    found = list(numbers)
    return Column(name, Raw(_encode(struct.pack(f"<{len(found)}{form}", *found))), b"")


def _times(name: str, seconds: Sequence[float]) -> Column:
    """Microseconds where these are exact, as a probe's are; else seconds."""
    micros = [round(one * US) for one in seconds]
    exact = all(
        0 <= number <= _MAX_U32 and number / US == one and copysign(1, one) > 0
        for number, one in zip(micros, seconds, strict=True)
    )
    form, numbers = ("I", micros) if exact else ("d", seconds)
    return Column(name, Raw(_encode(struct.pack(f"<{len(seconds)}{form}", *numbers))), b"")
