"""Job that counts what waits, for the metrics and the health page."""

from __future__ import annotations

import sqlite3

from msgspec import Struct

from sms_gateway import journal


class Queue(Struct, frozen=True, kw_only=True):
    """One queue: how many wait, and since when the oldest does (Unix seconds; 0 when none)."""

    length: int
    since: float


def waiting(connection: sqlite3.Connection) -> dict[str, Queue]:
    """The queues by name: `collector` for reports, a link's name for its answers; `journal`, `alerts`."""
    found = {"collector": _reports(connection)}
    length, since = journal.waiting(connection)
    if length:
        found["journal"] = Queue(length=length, since=since)
    rows = connection.execute(
        "SELECT iif(priority = 0, 'alerts', link) AS queue, count(*), min(since) FROM outbox GROUP BY queue"
    )
    return found | {link: Queue(length=length, since=since) for link, length, since in rows}


def _reports(connection: sqlite3.Connection) -> Queue:
    length, since = connection.execute("SELECT count(*), min(since) FROM reports").fetchone()
    sealed, sealed_since = connection.execute(
        "SELECT coalesce(sum(reports), 0), min(since) FROM batches WHERE reports > 0"
    ).fetchone()
    known = [one for one in (since, sealed_since) if one is not None]
    return Queue(length=length + sealed, since=min(known, default=0.0))
