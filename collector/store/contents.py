"""Reading what is kept: rows not yet archived, and everything, archive and rows together."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from collector.core.book import Revision
from collector.core.pictures import Picture
from collector.core.times import epoch_seconds, stamp
from collector.core.witnesses import Witness
from collector.store.archive import KeptLine, archive_path, read_archive
from collector.store.rows import Found
from collector.store.schema import FILE, connect
from wire.incidents import Incident

_incident = msgspec.json.Decoder(Incident)
_picture = msgspec.json.Decoder(Picture)
_evidence = msgspec.json.Decoder(tuple[Witness, ...])
_FOUND = (
    "SELECT batches.number, marks.probe, batches.received_at, batches.raw"
    " FROM batches JOIN marks ON marks.number = batches.mark"
)


def batches_after(connection: sqlite3.Connection, number: int) -> Iterator[Found]:
    """The batches that came after that number, in order, read as they are asked for."""
    rows = connection.execute(f"{_FOUND} WHERE batches.number > ? ORDER BY batches.number", (number,))
    return (_found(row) for row in rows)


def batches_since(connection: sqlite3.Connection, received_ms: int) -> Iterator[Found]:
    """The batches that arrived at or after a time (Unix milliseconds), in order."""
    rows = connection.execute(
        f"{_FOUND} WHERE batches.received_at >= ? ORDER BY batches.number", (received_ms,)
    )
    return (_found(row) for row in rows)


def last_number(connection: sqlite3.Connection) -> int:
    """The highest number that was ever given to a batch."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'batches'").fetchone()
    return 0 if row is None else int(row[0])


def archived_through(connection: sqlite3.Connection) -> int:
    """The number up to which every batch lies in the archive."""
    return int(connection.execute("SELECT value FROM state WHERE name = 'archived_through'").fetchone()[0])


def archive_sizes(connection: sqlite3.Connection) -> dict[str, int]:
    """How many bytes of each day's archive are durable and known to be whole."""
    return dict(connection.execute("SELECT day, bytes FROM archives ORDER BY day"))


def everything(connection: sqlite3.Connection, folder: Path) -> Iterator[KeptLine]:
    """Every batch that was ever acknowledged, once: the archive, then the rows that are not in it yet."""
    for day, size_bytes in archive_sizes(connection).items():
        yield from read_archive(archive_path(folder, day), size_bytes)
    for found in batches_after(connection, archived_through(connection)):
        yield KeptLine(received_at=stamp(found.received_ms / 1000), raw=found.raw)


class Arrived(NamedTuple):
    """When a batch came (Unix seconds), and its exact bytes."""

    at: float
    raw: bytes


def arrived_since(folder: Path, since_ms: int) -> Iterator[Arrived]:
    """Every batch that arrived at or after a time (Unix milliseconds), the archive's first.

    Raises `BadRecord` for a broken archive.
    """
    connection = connect(folder / FILE)
    try:
        sizes, through = archive_sizes(connection), archived_through(connection)
        since, first_day = since_ms / 1000, stamp(since_ms / 1000)[:10]
        for day, size_bytes in sizes.items():
            if day >= first_day:
                lines = read_archive(archive_path(folder, day), size_bytes)
                kept = (Arrived(epoch_seconds(line.received_at), line.raw) for line in lines)
                yield from (one for one in kept if one.at >= since)
        for found in batches_after(connection, through):
            if found.received_ms >= since_ms:
                yield Arrived(found.received_ms / 1000, found.raw)
    finally:
        connection.close()


def picture_at(folder: Path, at_ms: int, oldest_ms: int) -> Picture | None:
    """The last picture of the country up to a moment; none that is older than `oldest_ms`."""
    connection = connect(folder / FILE)
    try:
        row = connection.execute(
            "SELECT record FROM pictures WHERE at BETWEEN ? AND ? ORDER BY at DESC LIMIT 1",
            (oldest_ms, at_ms),
        ).fetchone()
    finally:
        connection.close()
    return None if row is None else _picture.decode(row[0])


def told_incidents(connection: sqlite3.Connection) -> Iterator[Revision]:
    """Every revision of every incident, in the order in which they were told."""
    rows = connection.execute(
        "SELECT known_at, incidents.record, evidence.record FROM incidents LEFT JOIN evidence"
        " ON incident = id AND evidence.revision = incidents.revision"
        " ORDER BY known_at, id, incidents.revision"
    )
    return (
        Revision(
            known_at=known / 1000,
            incident=_incident.decode(record),
            evidence=() if evidence is None else _evidence.decode(evidence),
        )
        for known, record, evidence in rows
    )


def _found(row: tuple[int, int, int, bytes]) -> Found:
    number, probe, received_ms, raw = row
    return Found(number=number, probe=probe, received_ms=received_ms, raw=raw)
