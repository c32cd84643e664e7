"""What came late, on its way to Prometheus, durable at every step.

A batch with something late is marked in its own row. Once such batches are added up, their figures go
into the queue, the minutes that they tell are noted and the marks are taken off: one transaction. What is
delivered leaves the queue; after a crash in between it is delivered again, the same bytes at the same times.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, TypeVar

from msgspec import Struct

from collector.core.late import Told
from collector.store.rows import Found
from collector.store.schema import FILE, connect
from collector.store.writer import Writer

T = TypeVar("T")


class Waiting(NamedTuple):
    """Marked batches: how many, when the first and the last of them came (Unix milliseconds)."""

    batches: int
    first_ms: int
    last_ms: int


class Lot(Struct, frozen=True, kw_only=True):
    """What was made of some marked batches (by their numbers): packed chunks, and the minutes they tell.

    `forget_before`: told minutes (Unix minutes) before it need not be known any more.
    """

    batches: Sequence[int]
    chunks: Sequence[bytes]
    told: Sequence[Told]
    forget_before: int


class Chunk(NamedTuple):
    """One entry of the queue."""

    number: int
    samples: bytes


class LateQueue:
    """The queue of one folder. What reads is blocking; what writes is durable when it returns."""

    def __init__(self, folder: Path, writer: Writer) -> None:
        """Written by the store's own writer."""
        self._folder, self._writer = folder, writer

    def read(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """What a question of this file finds; raises `sqlite3.Error`."""
        with closing(connect(self._folder / FILE)) as connection:
            return question(connection)

    async def put(self, lot: Lot) -> None:
        """A lot instead of its marks; raises `Refused` ("busy", "storage")."""
        await self._writer.do(lambda session: put(session.connection, lot))
        # After a crash before this line the marks are there, after it the queue; never both, never none.

    async def settle(self, done: Sequence[int], instead: Sequence[bytes] = ()) -> None:
        """Entries leave, others take their place; raises `Refused` ("busy", "storage")."""
        await self._writer.do(lambda session: settle(session.connection, done, instead))

    async def forget(self) -> None:
        """No mark keeps a row any more; raises `Refused` ("busy", "storage")."""
        await self._writer.do(lambda session: forget(session.connection))


def waiting(connection: sqlite3.Connection) -> Waiting:
    """What is marked."""
    row = connection.execute(
        "SELECT count(*), min(received_at), max(received_at) FROM batches WHERE late = 1"
    )
    count, first, last = row.fetchone()
    return Waiting(count, first or 0, last or 0)


def marked_probes(connection: sqlite3.Connection) -> list[int]:
    """Whose batches are marked, by their numbers."""
    rows = connection.execute(
        "SELECT DISTINCT marks.probe FROM batches JOIN marks ON marks.number = batches.mark"
        " WHERE late = 1 ORDER BY marks.probe"
    )
    return [probe for (probe,) in rows]


def marked_of(connection: sqlite3.Connection, probe: int) -> list[Found]:
    """The marked batches of one probe, in the order of their arrival."""
    rows = connection.execute(
        "SELECT batches.number, marks.probe, batches.received_at, batches.raw"
        " FROM marks JOIN batches ON batches.mark = marks.number"
        " WHERE marks.probe = ? AND late = 1 ORDER BY batches.number",
        (probe,),
    )
    return [Found(number=number, probe=who, received_ms=at, raw=raw) for number, who, at, raw in rows]


def told(connection: sqlite3.Connection) -> list[Told]:
    """The minutes that were told."""
    return [Told(*row) for row in connection.execute("SELECT region, operator, since, until FROM late_told")]


def queued(connection: sqlite3.Connection, most: int) -> list[Chunk]:
    """The oldest entries of the queue."""
    rows = connection.execute("SELECT number, samples FROM late_queue ORDER BY number LIMIT ?", (most,))
    return [Chunk(*row) for row in rows]


def queue_length(connection: sqlite3.Connection) -> int:
    """How many entries wait."""
    return int(connection.execute("SELECT count(*) FROM late_queue").fetchone()[0])


def put(connection: sqlite3.Connection, lot: Lot) -> None:
    """The lot instead of the marks; inside a transaction."""
    many = connection.executemany
    many("INSERT INTO late_queue (samples) VALUES (?)", [(chunk,) for chunk in lot.chunks])
    many("INSERT INTO late_told VALUES (?, ?, ?, ?)", lot.told)
    many("UPDATE batches SET late = 0 WHERE number = ?", [(number,) for number in lot.batches])
    connection.execute("DELETE FROM late_told WHERE until < ?", (lot.forget_before,))


def settle(connection: sqlite3.Connection, done: Sequence[int], instead: Sequence[bytes] = ()) -> None:
    """Entries leave the queue, others take their place; inside a transaction."""
    connection.executemany("DELETE FROM late_queue WHERE number = ?", [(number,) for number in done])
    connection.executemany("INSERT INTO late_queue (samples) VALUES (?)", [(chunk,) for chunk in instead])


def forget(connection: sqlite3.Connection) -> None:
    """Nobody asks for late figures any more: no mark keeps a row."""
    connection.execute("UPDATE batches SET late = 0 WHERE late = 1")
