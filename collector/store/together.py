"""The batches of one group, written in two statements instead of two for each.

Around every statement Python lets go of the interpreter's lock and waits for it again, while the event
loop wants it too: that costs more than SQLite's own work.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, Final, TypeVar

import msgspec

from collector.core.marks import Mark
from collector.store.rows import NewBatch

_ROWS: Final = 150  # of one statement; older SQLites take no more than 999 values
_PUT: Final = "INSERT INTO batches (mark, sequence, received_at, raw, late) VALUES "
_MOVE: Final = (
    "UPDATE marks SET high_water = column2, islands = column3, heard_at = column4 FROM (VALUES ",
    ") WHERE number = column1",
)
T = TypeVar("T")


class Together:
    """Rows that wait until the group, or somebody who reads them, needs them in the tables."""

    def __init__(self) -> None:
        """None yet."""
        self._batches: list[tuple[int, int, int, bytes, bool]] = []
        self._marks: dict[int, tuple[int, int, bytes, int]] = {}

    def put(self, number: int, batch: NewBatch) -> None:
        """A batch of the mark in that row."""
        self._batches.append((number, batch.sequence, batch.received_ms, batch.raw, batch.late))

    def move(self, number: int, mark: Mark, heard_ms: int) -> None:
        """The mark in that row stands here now."""
        self._marks[number] = (number, mark.high_water, msgspec.json.encode(mark.islands), heard_ms)

    def write(self, connection: sqlite3.Connection) -> int:
        """All of them; the number of the last batch, 0 when there is none."""
        for rows in _lots(list(self._marks.values())):
            connection.execute(_values(rows).join(_MOVE), _flat(rows))
        last = 0
        for lot in _lots(self._batches):
            last = int(connection.execute(_PUT + _values(lot), _flat(lot)).lastrowid or 0)
        self._marks, self._batches = {}, []
        return last


def _lots(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[first : first + _ROWS] for first in range(0, len(rows), _ROWS))


def _values(rows: Sequence[Sequence[Any]]) -> str:
    one = f"({', '.join('?' * len(rows[0]))})"
    return ", ".join([one] * len(rows))


def _flat(rows: Sequence[Sequence[Any]]) -> list[Any]:
    return list(chain.from_iterable(rows))
