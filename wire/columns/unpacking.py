"""Bytes from outside into a table: every name, type, bound and index is looked at here, once.

Rules of this file: no value is used before it was checked against its type in `wire.records`; a map
that could be read in two ways (a key that stands twice) is refused; what a small dictionary stands for
is weighed, so that nobody expands further than JSON of the same size would.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import msgspec

from wire.columns.layout import (
    AT,
    CERTIFICATES,
    CHAIN,
    LAST_MS,
    MAX_RECORDS,
    MAX_STEPS,
    MAX_STEPS_A_RECORD,
    RECORD_KINDS,
    STEP_KINDS,
    STEPS,
    TIMES,
    Column,
    Kind,
    Message,
    width_of,
)
from wire.columns.table import FORMATS, Dictionary, Table, Values
from wire.columns.weight import check_weight
from wire.errors import BadRecord

_FAULTS: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_KEPT: Final = 1_024  # dictionaries that are remembered
_KEPT_BYTES: Final = 65_536  # the largest of them
_SMALL: Final = 4_096  # bytes of a dictionary that are not worth being told apart
_NUMBER: Final = 9  # bytes of a number, and of what stands before a text
_UTF8: Final = 4  # bytes of a letter
_DAY_S: Final = 86_400.0
_message = msgspec.msgpack.Decoder(Message)
_each = msgspec.msgpack.Decoder(list[msgspec.Raw])
_bytes = msgspec.msgpack.Decoder(bytes)
_encode = msgspec.msgpack.Encoder().encode


def unpack(raw: bytes) -> Table:
    """The table in a body that was expanded; raises `BadRecord`, `TooMuch` for what stands for too much."""
    try:
        return _table(_message.decode(raw))
    except _FAULTS as error:
        raise BadRecord((str(error).splitlines() or [type(error).__name__])[0]) from error


def _table(message: Message) -> Table:
    _check_sizes(message)
    records, steps = _named(message.of_records), _named(message.of_steps)
    table = Table(
        records=message.records,
        steps=message.steps,
        certificates=_read(bytes(message.certificates), CERTIFICATES),
        at=_packed(records, AT, 8 * message.records),
        counts=_packed(records, STEPS, 2 * message.records),
        t0=_packed(steps, TIMES[0], 4 * message.steps, 8 * message.steps),
        t=_packed(steps, TIMES[1], 4 * message.steps, 8 * message.steps),
        of_records=_columns(records, RECORD_KINDS, message.records),
        of_steps=_columns(steps, STEP_KINDS, message.steps),
    )
    _check_numbers(table)
    check_weight(table)
    return table


def _check_sizes(message: Message) -> None:
    if message.records > MAX_RECORDS:
        raise BadRecord(f"{message.records} records; {MAX_RECORDS} are allowed")
    if message.steps > MAX_STEPS:
        raise BadRecord(f"{message.steps} steps; {MAX_STEPS} are allowed")


def _named(columns: Sequence[Column]) -> dict[str, Column]:
    found = {column.name: column for column in columns}
    if len(found) != len(columns):
        raise BadRecord("a column stands twice")
    return found


def _packed(columns: Mapping[str, Column], name: str, *sizes: int) -> bytes:
    """Packed numbers of one of these sizes; none where there are no rows."""
    column = columns.get(name)
    packed = b"" if column is None else _bytes.decode(column.values)
    if len(packed) not in sizes:
        raise BadRecord(f"the column {name} has {len(packed)} bytes; {sizes[0]} are expected")
    return packed


def _columns(columns: Mapping[str, Column], kinds: Mapping[str, Kind], rows: int) -> dict[str, Values]:
    """The columns that we know, checked; those of a newer version are passed over."""
    found = {
        name: _values(columns[name], kind, rows) for name, kind in kinds.items() if rows and name in columns
    }
    lacking = [name for name, kind in kinds.items() if rows and kind.required and name not in found]
    if lacking:
        raise BadRecord(f"the column {lacking[0]} is missing")
    return found


def _values(column: Column, kind: Kind, rows: int) -> Values:
    try:
        dictionary = _dictionary(column.name, bytes(column.values), kind)
    except _FAULTS as error:
        raise BadRecord(f"the column {column.name}: {str(error).splitlines()[0]}") from error
    width = _index_width(column, kind, len(dictionary.values), rows)
    return Values(dictionary, column.index, width)


def _dictionary(name: str, raw: bytes, kind: Kind) -> Dictionary:
    if kind.kept and len(raw) <= _KEPT_BYTES:
        return _remembered(name, raw)
    return _read(raw, kind)


@lru_cache(maxsize=_KEPT)
def _remembered(name: str, raw: bytes) -> Dictionary:
    return _read(raw, RECORD_KINDS[name])


def _read(raw: bytes, kind: Kind) -> Dictionary:
    values = kind.decoder.decode(raw)
    # Bytes that a decoder makes again from what it read can hide nothing: no second key in a map.
    if kind.maps and _encode(msgspec.msgpack.decode(raw)) != raw:
        raise BadRecord("a map holds a key twice, or a value is not in its shortest form")
    return Dictionary(values, len(raw) if len(raw) <= _SMALL else _largest(values, raw, kind))


def _largest(values: Sequence[Any], raw: bytes, kind: Kind) -> int:
    """Bytes of the largest value, at most."""
    if kind.weighing == "number":
        return _NUMBER
    if kind.weighing == "text":
        return _NUMBER + _UTF8 * max(map(len, filter(None, values)), default=0)
    return max(map(len, _each.decode(raw)))


def _index_width(column: Column, kind: Kind, values: int, rows: int) -> int:
    """How many bytes an entry has; every entry points at a value or, where that is allowed, at none."""
    if not column.index:
        if values not in {1, rows}:
            raise BadRecord(f"the column {column.name} has {values} values for {rows} rows and no index")
        return 0
    width = width_of(values)
    if len(column.index) != width * rows:
        raise BadRecord(f"the index of {column.name} has {len(column.index)} bytes for {rows} rows")
    if not _points_inside(column.index, width, values, kind.required):
        raise BadRecord(f"the index of {column.name} points at no value")
    return width


def _points_inside(index: bytes, width: int, values: int, required: bool) -> bool:
    if width == 1:
        allowed = bytes(range(int(required), values + 1))
        return not index.translate(None, allowed)
    numbers: tuple[int, ...] = struct.unpack(f"<{len(index) // width}{FORMATS[width]}", index)
    return min(numbers) >= int(required) and max(numbers) <= values


def _check_numbers(table: Table) -> None:
    counts = table.step_counts()
    if sum(counts) != table.steps:
        raise BadRecord(f"the records have {sum(counts)} steps, {table.steps} are there")
    if max(counts, default=0) > MAX_STEPS_A_RECORD:
        raise BadRecord(f"{max(counts)} steps in one record; {MAX_STEPS_A_RECORD} are allowed")
    if table.records and not 0 <= min(times := table.at_ms()) <= max(times) <= LAST_MS:
        raise BadRecord("a time that no calendar has")
    for packed in (table.t0, table.t):
        _check_seconds(packed, table.steps)
    chains = table.of_steps[CHAIN].dictionary.values if CHAIN in table.of_steps else ()
    if max(map(max, filter(None, chains)), default=-1) >= len(table.certificates.values):
        raise BadRecord("a chain of a certificate that is not there")


def _check_seconds(packed: bytes, rows: int) -> None:
    """Microseconds are never too many; seconds may be anything."""
    if len(packed) == 8 * rows and not all(0 <= one <= _DAY_S for one in _doubles(packed, rows)):
        raise BadRecord(f"a step at no time of from 0 to {_DAY_S:.0f} s")


def _doubles(packed: bytes, rows: int) -> tuple[Any, ...]:
    return struct.unpack(f"<{rows}d", packed)
