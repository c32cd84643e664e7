"""The durable steps, one method each, so that tests can make every one of them fail.

Rules of this file: nothing else in the collector commits, appends, truncates or syncs.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Protocol


class Steps(Protocol):
    """What the store does to the disk. Each raises `OSError` or `sqlite3.Error`."""

    def commit(self, connection: sqlite3.Connection) -> None:
        """End the transaction; it is durable when this returns."""

    def truncate(self, path: Path, size_bytes: int) -> None:
        """Cut a file that is longer; a missing one stays missing."""

    def append(self, path: Path, data: bytes) -> None:
        """Add to the end of a file, made when missing."""

    def sync(self, path: Path) -> None:
        """Make a file's bytes, and its name in its folder, durable."""


class DiskSteps:
    """The steps on a real disk."""

    def commit(self, connection: sqlite3.Connection) -> None:
        """SQLite syncs the log before it answers (synchronous = FULL)."""
        connection.execute("COMMIT")

    def truncate(self, path: Path, size_bytes: int) -> None:
        """Cut to the given size."""
        if path.exists() and path.stat().st_size > size_bytes:
            os.truncate(path, size_bytes)

    def append(self, path: Path, data: bytes) -> None:
        """Add bytes; durable only after `sync`."""
        with path.open("ab") as file:
            file.write(data)

    def sync(self, path: Path) -> None:
        """Sync the file, then its folder: a new file's name is data of the folder."""
        for one in (path, path.parent):
            handle = os.open(one, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
