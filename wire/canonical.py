"""JSON as everybody writes it: one encoding out, strict and bounded in.

Rules of this file: nothing is guessed. NaN, a key that stands twice, deep nesting and
over-long lines are refused before anybody uses the record.
"""

from __future__ import annotations

import json
from typing import Any, Final, Generic, TypeVar

import msgspec

from wire.errors import BadRecord

MAX_LINE_BYTES: Final = 1_048_576
MAX_DEPTH: Final = 12
T = TypeVar("T")

_encoder = msgspec.json.Encoder(order="deterministic")


def encode(record: object) -> bytes:
    """The one encoding of a record: UTF-8 JSON, no spaces, keys of free maps sorted."""
    return _encoder.encode(record)


class Decoder(Generic[T]):
    """Bytes to records of one type; every fault becomes one `BadRecord` line."""

    def __init__(self, kind: type[T]) -> None:
        self._typed = msgspec.json.Decoder(kind, strict=True)

    def __call__(self, line: bytes) -> T:
        """One line of JSON as a record; raises `BadRecord`."""
        if len(line) > MAX_LINE_BYTES:
            raise BadRecord(f"a line of {len(line)} bytes; {MAX_LINE_BYTES} are allowed")
        try:
            record: T = self._typed.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise BadRecord(_first_line(error)) from error
        # Canonical bytes can hide nothing: no second key, no unknown one. Only others are read twice.
        if encode(record) != line:
            check_shape(line)
        return record


def check_shape(line: bytes) -> None:
    """Refuse what a typed decoder lets pass: keys that stand twice, NaN, deep nesting."""
    try:
        whole = json.loads(line, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadRecord(_first_line(error)) from error
    if _deeper_than(whole, MAX_DEPTH):
        raise BadRecord(f"nested deeper than {MAX_DEPTH}")


def _deeper_than(whole: object, limit: int) -> bool:
    level = [whole]
    for _ in range(limit + 1):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadRecord("a key stands twice in one object")
    return found


def _no_constant(name: str) -> object:
    raise BadRecord(f"{name} is no JSON number")


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
