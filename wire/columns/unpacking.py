"""Bytes from outside into a table: every name, type, bound and index is looked at here, once.

Rules of this file: no value is used before it was checked against its type in `wire.records`; a map
that could be read in two ways (a key that stands twice) is refused; what a small dictionary stands for
is weighed, so that nobody expands further than JSON of the same size would.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import msgspec

from wire.columns.layout import (
    AT,
    CERTIFICATE_KINDS,
    CHAIN,
    LAST_MS,
    MAX_CERTIFICATES,
    MAX_RECORDS,
    MAX_STEPS,
    MAX_STEPS_A_RECORD,
    NAME,
    NAMED_KINDS,
    NUMBER,
    RECORD_KINDS,
    STEP_KINDS,
    STEPS,
    TIMES,
    UTF8,
    Column,
    Kind,
    Message,
    width_of,
)
from wire.columns.table import FORMATS, Dictionary, Part, Table, Values
from wire.columns.weight import check_weight
from wire.errors import BadRecord

_FAULTS: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_KEPT: Final = 512  # dictionaries that are remembered
_KEPT_BYTES: Final = 65_536  # the largest of them
_SHORTS: Final = 1_024  # the same of other columns, many of which all probes say alike
_SHORT_BYTES: Final = 4_096
_SMALL: Final = 4_096  # bytes of a dictionary that are not worth being told apart
_DAY_S: Final = 86_400.0
_message = msgspec.msgpack.Decoder(Message)
_bytes = msgspec.msgpack.Decoder(bytes)
_texts = msgspec.msgpack.Decoder(tuple[str, bytes])
_each = msgspec.msgpack.Decoder(list[msgspec.Raw])
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
    of_steps = _part(steps, STEP_KINDS, message.steps)
    table = Table(
        at=_packed(records, AT, 8 * message.records),
        counts=_packed(records, STEPS, 2 * message.records),
        t0=_packed(steps, TIMES[0], 4 * message.steps, 8 * message.steps),
        t=_packed(steps, TIMES[1], 4 * message.steps, 8 * message.steps),
        of_records=_part(records, RECORD_KINDS, message.records),
        of_steps=of_steps,
        of_names=_of_names(message, of_steps),
        of_certificates=_part(_named(message.of_certificates), CERTIFICATE_KINDS, message.certificates),
    )
    _check_numbers(table)
    _check_chains(table)
    check_weight(table)
    return table


def _check_sizes(message: Message) -> None:
    for what, most in (("records", MAX_RECORDS), ("steps", MAX_STEPS), ("certificates", MAX_CERTIFICATES)):
        if (found := getattr(message, what)) > most:
            raise BadRecord(f"{found} {what}; {most} are allowed")


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


def _part(columns: Mapping[str, Column], kinds: Mapping[str, Kind], rows: int) -> Part:
    """The columns that we know, checked; those of a newer version are passed over."""
    if not rows:
        return Part(0, {})
    found = {
        name: _values(column, kind, rows)
        for name, column in columns.items()
        if (kind := kinds.get(name)) is not None
    }
    if len(found) < len(kinds):
        for name, kind in kinds.items():
            if kind.required and name not in found:
                raise BadRecord(f"the column {name} is missing")
    return Part(rows, found)


def _of_names(message: Message, of_steps: Part) -> list[Part]:
    """Each name's steps, as many as the column `step` tells."""
    names = of_steps.columns[NAME] if of_steps.rows else None
    if len(message.of_names) != (0 if names is None else names.dictionary.count):
        raise BadRecord(f"columns for {len(message.of_names)} names of steps, others are there")
    if names is None:
        return []
    if names.width:
        counts = [names.index.count(number) for number in range(1, names.dictionary.count + 1)]
    else:
        counts = [of_steps.rows // names.dictionary.count] * names.dictionary.count
    return [
        _part(_named(columns), NAMED_KINDS, rows)
        for columns, rows in zip(message.of_names, counts, strict=True)
    ]


def _values(column: Column, kind: Kind, rows: int) -> Values:
    raw = bytes(column.values)
    try:
        if kind.kept and len(raw) <= _KEPT_BYTES:
            dictionary = _remembered(kind, raw)
        elif kind.fresh or len(raw) > _SHORT_BYTES:
            dictionary = _made(kind, raw)
        else:
            dictionary = _remembered_short(kind, raw)
    except _FAULTS as error:
        raise BadRecord(f"the column {column.name}: {str(error).splitlines()[0]}") from error
    if not column.index and (dictionary.count in {1, rows}):
        return Values(dictionary, b"", 0)
    return Values(dictionary, column.index, _index_width(column, kind, dictionary.count, rows))


def _made(kind: Kind, raw: bytes) -> Dictionary:
    return _read_texts(raw, kind.letters) if kind.letters else _read(raw, kind)


_remembered = lru_cache(maxsize=_KEPT)(_made)
_remembered_short = lru_cache(maxsize=_SHORTS)(_made)


def _read_texts(raw: bytes, most: int) -> Dictionary:
    joined, packed = _texts.decode(raw)
    if len(packed) % 2:
        raise BadRecord("half a length of a text")
    letters = struct.unpack(f"<{len(packed) // 2}H", packed)
    longest = max(letters, default=0)
    if sum(letters) != len(joined) or longest > most:
        raise BadRecord(f"texts of {sum(letters)} letters, {len(joined)} are there; {most} each are allowed")
    return Dictionary.of_texts(joined, letters, NUMBER + longest * (1 if joined.isascii() else UTF8))


def _read(raw: bytes, kind: Kind) -> Dictionary:
    values = kind.decoder.decode(raw)
    # Bytes that a decoder makes again from what it read can hide nothing: no second key in a map.
    if kind.maps and _encode(msgspec.msgpack.decode(raw)) != raw:
        raise BadRecord("a map holds a key twice, or a value is not in its shortest form")
    return Dictionary(values, _largest(raw, kind))


def _largest(raw: bytes, kind: Kind) -> int:
    """Bytes of the largest value, at most."""
    if kind.is_number:
        return NUMBER
    return len(raw) if len(raw) <= _SMALL else max(map(len, _each.decode(raw)), default=0)


def _index_width(column: Column, kind: Kind, values: int, rows: int) -> int:
    """How many bytes an entry has; every entry points at a value or, where that is allowed, at none."""
    if not column.index:
        raise BadRecord(f"the column {column.name} has {values} values for {rows} rows and no index")
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


def _check_seconds(packed: bytes, rows: int) -> None:
    """Microseconds are never too many; seconds may be anything."""
    if len(packed) == 8 * rows and not all(0 <= one <= _DAY_S for one in struct.unpack(f"<{rows}d", packed)):
        raise BadRecord(f"a step at no time of from 0 to {_DAY_S:.0f} s")


def _check_chains(table: Table) -> None:
    for part in table.of_names:
        chains = part.columns.get(CHAIN)
        if chains is not None and chains.dictionary.chains.last >= table.of_certificates.rows:
            raise BadRecord("a chain of a certificate that is not there")
