"""Moving batches from rows to the archive, so that a crash after any step loses and doubles nothing.

The table `archives` says how many bytes of each file are whole, `archived_through` which rows
they hold, `keys_bytes` how much of the file of keys; they change in one transaction, after the
bytes are durable. Keys go first: no batch lies in the archive without the key that it is checked by.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from msgspec import Struct

from collector.store.archive import archive_path, day_of, frame
from collector.store.contents import archive_sizes, archived_through, batches_after
from collector.store.keys import (
    KeysState,
    enrolled_keys,
    keys_path,
    new_lines,
    noted_keys,
    state_of_keys,
    written_keys,
)
from collector.store.rows import Found
from collector.store.schema import FILE, connect
from collector.store.steps import Steps

MAX_BYTES: Final = 16 * 1_048_576  # of one frame; more follow in the next turn


class Lot(Struct, frozen=True, kw_only=True):
    """Batches that became durable in one day's file: its size now, and the last row that it holds."""

    day: str
    size_bytes: int
    through: int
    batches: int


class Moved(Struct, frozen=True, kw_only=True):
    """What became durable in the archive and is still to be noted.

    `lot` is None when no batch was moved. `keys`: the state of the keys that the file holds now.
    `more`: there are batches for another lot.
    """

    keys_bytes: int
    keys: KeysState
    lot: Lot | None = None
    more: bool = False


def move(folder: Path, steps: Steps, known: KeysState = ()) -> Moved | None:
    """Append new keys, then the oldest rows to their day's file; None when there is nothing new.

    `known`: the state of the keys of which the file is known to hold all; none: it is read. Blocking; runs
    outside the loop and beside the writer. Raises `OSError`, `BadRecord` or `sqlite3.Error`.
    """
    connection = connect(folder / FILE)
    try:
        # Keys are read after the rows: a batch is only taken from a key that was there before.
        rows, more = _one_lot(batches_after(connection, archived_through(connection)))
        sizes = archive_sizes(connection)
        noted = noted_keys(connection)
        state = state_of_keys(connection)
        keys = b"" if state == known else _keys_to_add(connection, folder, noted)
    finally:
        connection.close()
    if not rows and not keys:
        return None
    size = _append(keys_path(folder), keys, noted, steps) if keys else noted
    lot = _move_lot(folder, rows, sizes, steps) if rows else None
    return Moved(keys_bytes=size, keys=state, lot=lot, more=more)


def _keys_to_add(connection: sqlite3.Connection, folder: Path, noted_bytes: int) -> bytes:
    return new_lines(written_keys(keys_path(folder), noted_bytes), enrolled_keys(connection))


def _move_lot(folder: Path, rows: list[Found], sizes: dict[str, int], steps: Steps) -> Lot:
    day = day_of(rows[0])
    size = _append(archive_path(folder, day), frame(rows), sizes.get(day, 0), steps)
    return Lot(day=day, size_bytes=size, through=rows[-1].number, batches=len(rows))


def _one_lot(rows: Iterable[Found]) -> tuple[list[Found], bool]:
    """The first rows that belong to one day and are not too much for one frame; whether there are more."""
    lot: list[Found] = []
    size = 0
    for row in rows:
        size += len(row.raw)
        if lot and (day_of(row) != day_of(lot[0]) or size > MAX_BYTES):
            return lot, True
        lot.append(row)
    return lot, False


def _append(path: Path, packed: bytes, size_bytes: int, steps: Steps) -> int:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    # What stands beyond the known size was appended before a crash and never noted.
    steps.truncate(path, size_bytes)
    # After a crash here the file is as the database says.
    if _size(path) != size_bytes:
        raise OSError(errno.EIO, "a part of the archive is gone", str(path))
    steps.append(path, packed)
    # After a crash here there may be a part of it; that is beyond the known size.
    steps.sync(path)
    # After a crash here the bytes are durable but not noted: they are cut off and written again.
    return size_bytes + len(packed)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
