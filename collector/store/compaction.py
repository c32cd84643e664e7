"""Moving batches from rows to the archive, so that a crash after any step loses and doubles nothing.

The table `archives` says how many bytes of each file are whole, `archived_through` which rows
they hold; both change in one transaction, after the bytes are durable.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from msgspec import Struct

from collector.store.archive import archive_path, day_of, frame
from collector.store.contents import archive_sizes, archived_through, batches_after
from collector.store.rows import Found
from collector.store.schema import FILE, connect
from collector.store.steps import Steps

MAX_BYTES: Final = 16 * 1_048_576  # of one frame; more follow in the next turn


class Moved(Struct, frozen=True, kw_only=True):
    """What became durable in the archive and is still to be noted in the database."""

    day: str
    size_bytes: int
    through: int
    batches: int


def move(folder: Path, steps: Steps) -> Moved | None:
    """Append the oldest rows that are not archived to their day's file; None when there are none.

    Blocking; runs outside the loop and beside the writer. Raises `OSError` or `sqlite3.Error`.
    """
    connection = connect(folder / FILE)
    try:
        rows = _one_lot(batches_after(connection, archived_through(connection)))
        sizes = archive_sizes(connection)
    finally:
        connection.close()
    if not rows:
        return None
    day = day_of(rows[0])
    size = _append(archive_path(folder, day), frame(rows), sizes.get(day, 0), steps)
    return Moved(day=day, size_bytes=size, through=rows[-1].number, batches=len(rows))


def _one_lot(rows: Iterable[Found]) -> list[Found]:
    """The first rows that belong to one day and are not too much for one frame."""
    lot: list[Found] = []
    size = 0
    for row in rows:
        size += len(row.raw)
        if lot and (day_of(row) != day_of(lot[0]) or size > MAX_BYTES):
            break
        lot.append(row)
    return lot


def _append(path: Path, packed: bytes, size_bytes: int, steps: Steps) -> int:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    # What stands beyond the known size was appended before a crash and never noted.
    steps.truncate(path, size_bytes)
    # After a crash here the file is as the database says.
    if _size(path) != size_bytes:
        raise OSError(errno.EIO, "a part of the archive is gone", str(path))
    steps.append(path, packed)
    # After a crash here there may be part of a frame; it is beyond the known size.
    steps.sync(path)
    # After a crash here the frame is durable but not noted: it is cut off and written again.
    return size_bytes + len(packed)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
