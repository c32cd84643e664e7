"""The journal: what links handed over, byte for byte, durable before it is acknowledged; read afterwards."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from functools import partial
from typing import Final

import msgspec
from msgspec import Struct

from sms_gateway.store import Store
from wire import Clock

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[bytes]).decode
MOST_PIECES: Final = 64
"""How many pieces are read in one go: enough to share a commit, few enough that nobody waits for it."""


class Entry(Struct, frozen=True, kw_only=True):
    """Pieces of one row that nobody has read yet; the first of them is number `first` of its row."""

    row: int
    link: str
    session: str
    at: float
    first: int
    pieces: tuple[bytes, ...]
    last: bool


class Journal:
    """Where links put what came. `bell` is rung when there is something to read."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """`store` may be shared."""
        self._store, self._clock = store, clock
        self.bell = asyncio.Event()
        self.kept_at = 0.0  # the monotonic time of the last piece: reading makes room for acknowledging
        self.live: set[str] = set()
        """The sessions that are not over; links add theirs and take them out again."""

    async def keep(self, link: str, session: str, pieces: Sequence[bytes]) -> None:
        """Make pieces durable, in their order; raises `StoreFailed`: then none may be acknowledged.

        `session` names one connection's life and is never used again; links without connections give "".
        """
        if not pieces:
            return
        self.kept_at = self._clock.monotonic()
        at = self._clock.now().timestamp()
        await self._store.run(partial(put, link=link, session=session, at=at, pieces=pieces))
        self.bell.set()


def put(connection: sqlite3.Connection, link: str, session: str, at: float, pieces: Sequence[bytes]) -> None:
    """Append pieces as one row."""
    connection.execute(
        "INSERT INTO journal (link, session, at, pieces, done, body) VALUES (?, ?, ?, ?, 0, ?)",
        (link, session, at, len(pieces), _encode(list(pieces))),
    )


def unread(connection: sqlite3.Connection, most: int = MOST_PIECES) -> list[Entry]:
    """The oldest pieces that nobody has read, at most so many."""
    found: list[Entry] = []
    rows = connection.execute(
        "SELECT id, link, session, at, pieces, done, body FROM journal ORDER BY id LIMIT ?", (most,)
    )
    for row, link, session, at, count, done, body in rows:
        taken = _decode(body)[done : done + most]
        most -= len(taken)
        found.append(
            Entry(
                row=row,
                link=link,
                session=session,
                at=at,
                first=done,
                pieces=tuple(taken),
                last=done + len(taken) == count,
            )
        )
        if most <= 0:
            break
    return found


def read(connection: sqlite3.Connection, entries: Sequence[Entry]) -> None:
    """Note that pieces were read. It belongs to the transaction that keeps what they said."""
    for entry in entries:
        if entry.last:
            connection.execute("DELETE FROM journal WHERE id = ?", (entry.row,))
        else:
            done = entry.first + len(entry.pieces)
            connection.execute("UPDATE journal SET done = ? WHERE id = ?", (done, entry.row))


def waiting(connection: sqlite3.Connection) -> tuple[int, float]:
    """How many pieces wait to be read, and since when the oldest does (Unix seconds; 0 when none)."""
    count, since = connection.execute("SELECT sum(pieces - done), min(at) FROM journal").fetchone()
    return count or 0, since or 0.0
