"""Deleting whole days of the archive, so that it can be proven what went, when and why.

Rules of this file: the proof is durable before a file goes; the oldest days go first, so that what
is left has no hole; a crash after any step leaves either all or a proof and a file that the next
purge removes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from msgspec.structs import replace

from collector.core.marks import Mark
from collector.core.times import epoch_seconds, stamp
from collector.evidence.bundle import sha256
from collector.evidence.deletions import (
    FIRST,
    NOTED,
    Deletion,
    Life,
    Lives,
    deletions_path,
    leftovers,
    line_of,
    lives_path,
    noted_deletions,
    read_deletions,
    read_lives,
    sha256_of,
)
from collector.store.archive import archive_path, day_of, read_archive
from collector.store.contents import archive_sizes, archived_through, batches_after
from collector.store.schema import open_database
from collector.store.steps import DiskSteps, Steps
from wire import batch
from wire.errors import BadInput, BadRecord
from wire.signing import SigningKey

DAY_S: Final = 86_400.0
LATE_DAYS: Final = 61  # what was measured on a day may arrive for so long; its secret lives on till then
_Known = dict[tuple[str, str], Life]


class Order(NamedTuple):
    """Delete all days up to and including `through` (`2026-11-20`, by arrival). `at`: now (Unix seconds)."""

    through: str
    why: str
    at: float

    def line(self, day: str, path: Path, batches: int, before: Sequence[Deletion]) -> Deletion:
        """The proof for one file, not yet signed."""
        return Deletion(
            number=len(before) + 1,
            day=day,
            sha256=sha256(path),
            size_bytes=path.stat().st_size,
            batches=batches,
            deleted_at=stamp(self.at),
            why=self.why,
            lives_sha256=FIRST,
            previous=sha256_of(line_of(before[-1])[:-1]) if before else FIRST,
            key="",
        )


def purge(folder: Path, order: Order, key: SigningKey, steps: Steps | None = None) -> list[Deletion]:
    """Do as ordered; the new lines of proof. Works beside a running server.

    Raises `BadInput` for a day that is not over or not archived yet, and for an archive that does not hold.
    """
    if order.through >= stamp(order.at)[:10]:
        raise BadInput(f"{order.through}: only days that are over can be deleted")
    try:
        connection = open_database(folder)
        try:
            connection.execute("PRAGMA secure_delete = ON")
            return _purged(connection, folder, (order, key), steps or DiskSteps())
        finally:
            connection.close()
    except (OSError, sqlite3.Error) as error:
        raise BadInput(f"{folder}: {error}") from error


def _purged(
    connection: sqlite3.Connection, folder: Path, asked: tuple[Order, SigningKey], steps: Steps
) -> list[Deletion]:
    order, key = asked
    noted = noted_deletions(connection)
    told, faults = read_deletions(deletions_path(folder), noted)
    if faults:
        raise BadInput(str(faults[0]))
    _remove(folder, told, steps)  # of a purge that was cut off
    days = [day for day in archive_sizes(connection) if day <= order.through]
    if not days:
        return []
    _must_be_archived(connection, order.through)
    # Old days do not change any more: they are read before anybody has to wait for us.
    lives, new = read_lives(folder, told), list[Deletion]()
    for day in days:
        path = archive_path(folder, day)
        steps.truncate(path, archive_sizes(connection)[day])
        lives, count = _with_day(lives, day, path)
        bare = order.line(day, path, count, [*told, *new])
        new.append(replace(bare, lives_sha256=sha256_of(lives.packed())).signed(key))
    _write(connection, folder, (lives, new), noted, steps)
    _remove(folder, [*told, *new], steps)
    return new


def _must_be_archived(connection: sqlite3.Connection, through: str) -> None:
    waiting = next(batches_after(connection, archived_through(connection)), None)
    if waiting is not None and day_of(waiting) <= through:
        raise BadInput(f"{day_of(waiting)}: not all of that day is archived yet; start the collector once")


def _with_day(lives: Lives, day: str, path: Path) -> tuple[Lives, int]:
    known: _Known = {(life.probe, life.boot): life for life in lives.lives}
    count = 0
    for kept in read_archive(path):
        try:
            envelope = batch.take_apart(kept.raw)
        except BadRecord:
            continue  # never counted: the recount names it a fault too
        place = (envelope.probe, envelope.boot)
        mark = known[place].mark if place in known else Mark()
        if not mark.has(envelope.sequence):
            heard = round(epoch_seconds(kept.received_at) * 1000)
            mark = mark.plus(envelope.sequence)
            known[place] = Life(probe=envelope.probe, boot=envelope.boot, mark=mark, heard_ms=heard)
            count += 1
    ordered = tuple(known[place] for place in sorted(known))
    return Lives(through=day, batches=lives.batches + count, lives=ordered), count


def _write(
    connection: sqlite3.Connection, folder: Path, made: tuple[Lives, list[Deletion]], noted: int, steps: Steps
) -> None:
    lives, new = made
    path = lives_path(folder, lives.through)
    path.unlink(missing_ok=True)  # of a purge that was cut off before it was noted
    steps.append(path, lives.packed())
    steps.sync(path)
    connection.execute("BEGIN IMMEDIATE")
    if noted_deletions(connection) != noted:
        raise BadInput(f"{folder}: another purge is at work")
    lines = b"".join(map(line_of, new))
    proof = deletions_path(folder)
    steps.truncate(proof, noted)
    steps.append(proof, lines)
    steps.sync(proof)
    # After a crash before the commit nothing is noted: the lines beyond the noted size are cut off.
    connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (NOTED, noted + len(lines)))
    connection.executemany("DELETE FROM archives WHERE day = ?", [(one.day,) for one in new])
    end_s = epoch_seconds(f"{lives.through}T00:00:00Z") + DAY_S
    connection.execute(
        "DELETE FROM batches WHERE number <= (SELECT value FROM state WHERE name = 'archived_through')"
        " AND received_at < ?",
        (round(end_s * 1000),),
    )
    connection.execute("DELETE FROM secrets WHERE day < ?", (stamp(end_s - LATE_DAYS * DAY_S)[:10],))
    steps.commit(connection)
    # After a crash here the files are there, but not of the archive any more: the next purge removes them.


def _remove(folder: Path, told: Sequence[Deletion], steps: Steps) -> None:
    gone = False
    for path in leftovers(folder, told):
        path.unlink()
        gone = True
    if gone:
        steps.sync(deletions_path(folder))  # the folder's entries too
