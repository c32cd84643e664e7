"""Columns that were checked: what `unpack` gives and everybody reads."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any, Final, NamedTuple

from msgspec import Struct

from wire.columns.layout import US

FORMATS: Final = {1: "B", 2: "H", 4: "I"}


class Chains(NamedTuple):
    """What is to be known of chains: how long the longest is, the greatest place in one (-1: none)."""

    longest: int
    last: int


class Dictionary:
    """The values of a column, and how many bytes the largest has, at most.

    For columns that a probe repeats the same bytes give the same object: what is made of it can be kept.
    """

    __slots__ = ("__weakref__", "_chains", "_letters", "_values", "count", "largest")

    def __init__(self, values: Sequence[Any], largest: int) -> None:
        """The values in their order."""
        self._values = values
        self._letters: Sequence[int] = ()
        self._chains: Chains | None = None
        self.count, self.largest = len(values), largest

    @classmethod
    def of_texts(cls, joined: str, letters: Sequence[int], largest: int) -> Dictionary:
        """Texts that stand in one, each with so many letters; they are told apart when somebody asks."""
        found = cls((), largest)
        found._values, found._letters, found.count = joined, letters, len(letters)
        return found

    @property
    def values(self) -> Sequence[Any]:
        """All of them."""
        if isinstance(self._values, str):
            ends = accumulate(self._letters, initial=0)
            self._values = [self._values[begin:end] for begin, end in pairwise(ends)]
        return self._values

    @property
    def chains(self) -> Chains:
        """Of values that are chains; looked at once."""
        if self._chains is None:
            longest = max(map(len, self._values), default=0)
            self._chains = Chains(longest, max(map(max, filter(None, self._values)), default=-1))
        return self._chains


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
        return [0] * rows if self.dictionary.count == 1 else range(rows)

    def of_rows(self, rows: int, default: object = None) -> list[Any]:
        """The value of each row."""
        if not self.width:
            values = self.dictionary.values
            return list(values) * rows if len(values) == 1 else list(values)
        known = [*self.dictionary.values, default]
        return [known[one] for one in self.numbers(rows)]


class Part(Struct, frozen=True):
    """Rows of one sort, and their columns by name."""

    rows: int
    columns: dict[str, Values]

    def of_rows(self, name: str, default: object) -> list[Any]:
        """A column's value in each row."""
        found = self.columns.get(name)
        return [default] * self.rows if found is None else found.of_rows(self.rows, default)


class Table(Struct, frozen=True, kw_only=True):
    """A batch's measurements, checked, as columns.

    `at`: Unix milliseconds of each record (64 bits); `counts`: how many steps it has (16 bits); `t0`, `t`:
    of each step, microseconds (32 bits) or seconds (64 bits, IEEE 754). All little-endian.
    `of_names`: by the places of the column `step`, the steps of that name. `of_certificates`: those
    that the values of the column `chain` are places of.
    """

    at: bytes
    counts: bytes
    t0: bytes
    t: bytes
    of_records: Part
    of_steps: Part
    of_names: list[Part]
    of_certificates: Part

    @property
    def records(self) -> int:
        """How many measurements."""
        return self.of_records.rows

    @property
    def steps(self) -> int:
        """How many steps they have, all together."""
        return self.of_steps.rows

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
