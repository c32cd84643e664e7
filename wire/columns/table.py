"""Columns that were checked: what `unpack` gives and everybody reads."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, Final

from msgspec import Struct

from wire.columns.layout import US

FORMATS: Final = {1: "B", 2: "H", 4: "I"}


class Dictionary:
    """The values of a column, and how many bytes the largest has, at most.

    For columns that a probe repeats the same bytes give the same object: what is made of it can be kept.
    """

    __slots__ = ("__weakref__", "largest", "values")

    def __init__(self, values: Sequence[Any], largest: int) -> None:
        """The values in their order."""
        self.values, self.largest = values, largest


class Values(Struct, frozen=True):
    """A column: its dictionary, and for each row a number (little-endian, `width` bytes), 0 being "none".

    `width` 0: there is no index; every row has the only value, or each row its own.
    """

    dictionary: Dictionary
    index: bytes
    width: int

    def numbers(self, rows: int) -> Sequence[int]:
        """For each row the place in the dictionary, counted from 0; -1 where there is no value."""
        if self.width:
            return [one - 1 for one in struct.unpack(f"<{rows}{FORMATS[self.width]}", self.index)]
        return [0] * rows if len(self.dictionary.values) == 1 else range(rows)

    def of_rows(self, rows: int, default: object = None) -> list[Any]:
        """The value of each row."""
        known = [*self.dictionary.values, default]
        return [known[one] for one in self.numbers(rows)]


class Table(Struct, frozen=True, kw_only=True):
    """A batch's measurements, checked, as columns.

    `at`: Unix milliseconds of each record (64 bits); `counts`: how many steps it has (16 bits); `t0`, `t`:
    of each step, microseconds (32 bits) or seconds (64 bits, IEEE 754). All little-endian.
    `certificates`: rows of fields; the values of the column `chain` are places among them.
    """

    records: int
    steps: int
    certificates: Dictionary
    at: bytes
    counts: bytes
    t0: bytes
    t: bytes
    of_records: dict[str, Values]
    of_steps: dict[str, Values]

    def at_ms(self) -> tuple[int, ...]:
        """When each record was made."""
        return struct.unpack(f"<{self.records}q", self.at)

    def step_counts(self) -> tuple[int, ...]:
        """How many steps each record has."""
        return struct.unpack(f"<{self.records}H", self.counts)


def seconds(packed: bytes, rows: int) -> tuple[float, ...]:
    """A column of `t0` or `t` as seconds."""
    if len(packed) == 8 * rows:
        return struct.unpack(f"<{rows}d", packed)
    return tuple(one / US for one in struct.unpack(f"<{rows}I", packed))
