"""Jobs on the outbox: answers that wait. A number in clear lives exactly as long as its row here."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from sms_gateway.core.kannel import Outcome

End = Literal["sent", "refused", "expired"]
_ENDS: dict[Outcome, End] = {"accepted": "sent", "refused": "refused"}


class Due(Struct, frozen=True, kw_only=True):
    """An answer whose time has come."""

    id: int
    sender: str
    recipient: str
    text: str
    attempts: int


class Tried(Struct, frozen=True, kw_only=True):
    """How one attempt ended; `next_at` (Unix seconds) is for `later`."""

    id: int
    outcome: Outcome
    next_at: float = 0.0


def due(connection: sqlite3.Connection, link: str, now: float, most: int) -> list[Due]:
    """The answers of a link that are due at `now`, the oldest first."""
    rows = connection.execute(
        "SELECT id, sender, recipient, text, attempts FROM outbox WHERE link = ? AND next_at <= ?"
        " ORDER BY next_at, id LIMIT ?",
        (link, now, most),
    )
    return [Due(id=row[0], sender=row[1], recipient=row[2], text=row[3], attempts=row[4]) for row in rows]


def next_due(connection: sqlite3.Connection, link: str) -> float | None:
    """When the next answer of a link is due; None when none waits."""
    found: float | None = connection.execute(
        "SELECT min(next_at) FROM outbox WHERE link = ?", (link,)
    ).fetchone()[0]
    return found


def settle(connection: sqlite3.Connection, tries: Sequence[Tried]) -> None:
    """Note how attempts ended. After a crash before this an answer is sent again: twice beats never."""
    for tried in tries:
        end = _ENDS.get(tried.outcome)
        if end is not None:
            _end(connection, tried.id, end)
        else:
            connection.execute(
                "UPDATE outbox SET attempts = attempts + 1, next_at = ? WHERE id = ?",
                (tried.next_at, tried.id),
            )


def expire(connection: sqlite3.Connection, now: float) -> dict[str, int]:
    """Give up the answers whose time is over, of links that are gone too; gives how many by link."""
    rows = connection.execute("SELECT id, link FROM outbox WHERE expires_at <= ?", (now,)).fetchall()
    for row, _ in rows:
        _end(connection, row, "expired")
    return Counter(link for _, link in rows)


def _end(connection: sqlite3.Connection, row: int, end: End) -> None:
    connection.execute("DELETE FROM outbox WHERE id = ?", (row,))
    connection.execute("UPDATE inbox SET reply = ? WHERE id = ?", (end, row))
