"""Jobs on the queue of reports and digests: sealed into batches whose bytes stay until they are taken."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct

from wire import batch
from wire.batch import Told
from wire.receipts import Receipt

Seal = Callable[[str, int, Sequence[Told]], bytes]
"""Boot, sequence and records as the bytes of a signed batch."""
MOST_REPORTS: Final = 1_000


class Pending(Struct, frozen=True, kw_only=True):
    """A batch on its way, and how many reports it holds."""

    boot: str
    sequence: int
    reports: int
    raw: bytes


def fact(connection: sqlite3.Connection, name: str) -> str:
    """A fact that the gateway keeps about itself; empty when it was never noted."""
    row = connection.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
    return "" if row is None else str(row[0])


def note(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Keep a fact."""
    connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))


def begin(connection: sqlite3.Connection, boot: str) -> None:
    """Name this store's life, once: sequences count in it from 1, through every restart."""
    if not fact(connection, "boot"):
        note(connection, "boot", boot)
        note(connection, "sequence", "0")


def next_batch(connection: sqlite3.Connection, seal: Seal) -> Pending | None:
    """The oldest batch that the collector lacks, made of waiting reports when there is none.

    After a crash behind the commit the same bytes are sent again; before it, no sequence was used.
    """
    row = connection.execute(
        "SELECT boot, sequence, reports, raw FROM batches ORDER BY sequence LIMIT 1"
    ).fetchone()
    if row is not None:
        return Pending(boot=row[0], sequence=row[1], reports=row[2], raw=row[3])
    waiting = connection.execute(
        "SELECT id, record, since FROM reports ORDER BY id LIMIT ?", (MOST_REPORTS,)
    ).fetchall()
    if not waiting:
        return None
    pending = _sealed(connection, seal, [batch.told_of(record) for _, record, _ in waiting], waiting[0][2])
    connection.execute("DELETE FROM reports WHERE id <= ?", (waiting[-1][0],))
    return pending


def delivered(connection: sqlite3.Connection, seal: Seal, sent: Pending, receipt: Receipt) -> None:
    """The collector has `sent`: forget it and what is below its mark; fill what it misses and we lack."""
    missing = set(receipt.missing)
    connection.execute("DELETE FROM batches WHERE boot = ? AND sequence = ?", (sent.boot, sent.sequence))
    for (sequence,) in connection.execute(
        "SELECT sequence FROM batches WHERE boot = ? AND sequence <= ?", (sent.boot, receipt.high_water)
    ).fetchall():
        if sequence not in missing:
            connection.execute("DELETE FROM batches WHERE boot = ? AND sequence = ?", (sent.boot, sequence))
    for sequence in sorted(missing):
        if 0 < sequence < sent.sequence:
            # It had a receipt once and was forgotten: an empty batch in its place lets the mark move on.
            connection.execute(
                "INSERT OR IGNORE INTO batches VALUES (?, ?, 0, 0, ?)",
                (sent.boot, sequence, seal(sent.boot, sequence, [])),
            )


def new_life(connection: sqlite3.Connection, seal: Seal, boot: str) -> None:
    """Seal all batches again under another boot: this store is an old copy whose sequences were used."""
    old = connection.execute("SELECT raw, since FROM batches ORDER BY sequence").fetchall()
    connection.execute("DELETE FROM batches")
    note(connection, "boot", boot)
    note(connection, "sequence", "0")
    for raw, since in old:
        _sealed(connection, seal, batch.told(batch.take_apart(raw)), since)


def set_aside(connection: sqlite3.Connection, seal: Seal, sent: Pending, why: tuple[str, float]) -> None:
    """Keep a batch that will never be taken, with the reason and the time; an empty one takes its place."""
    connection.execute("INSERT INTO aside (why, at, raw) VALUES (?, ?, ?)", (*why, sent.raw))
    connection.execute(
        "UPDATE batches SET raw = ?, reports = 0 WHERE boot = ? AND sequence = ?",
        (seal(sent.boot, sent.sequence, []), sent.boot, sent.sequence),
    )


def _sealed(connection: sqlite3.Connection, seal: Seal, records: Sequence[Told], since: float) -> Pending:
    boot, sequence = fact(connection, "boot"), int(fact(connection, "sequence")) + 1
    raw = seal(boot, sequence, records)
    connection.execute(
        "INSERT INTO batches VALUES (?, ?, ?, ?, ?)", (boot, sequence, since, len(records), raw)
    )
    note(connection, "sequence", str(sequence))
    return Pending(boot=boot, sequence=sequence, reports=len(records), raw=raw)
