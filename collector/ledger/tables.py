"""The two files of the ledger: the entries with their tiles, and, apart from them, the last checkpoint.

Rules of this file: both are SQLite with synchronous FULL. The small one decides: what it does not name has
not happened. It belongs on another disk, so that no restored backup of the large one can fork the log.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from collector.store.schema import connect, make_folder
from wire.errors import BadInput

LOG_FILE: Final = "ledger.sqlite3"
HEAD_FILE: Final = "ledger-head.sqlite3"
LOCK_FILE: Final = "ledger.lock"

# `entries` may reach past the last checkpoint after a crash; `tiles` holds full ones only.
LOG_TABLES: Final = """
CREATE TABLE IF NOT EXISTS entries (at INTEGER PRIMARY KEY, entry BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS tiles (
    level INTEGER NOT NULL, n INTEGER NOT NULL, hashes BLOB NOT NULL, PRIMARY KEY (level, n)
) STRICT, WITHOUT ROWID;
"""
HEAD_TABLES: Final = """
CREATE TABLE IF NOT EXISTS head (
    one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, note BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS cosigned (
    witness TEXT PRIMARY KEY, size INTEGER NOT NULL, line TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""


def open_tables(path: Path, tables: str) -> sqlite3.Connection:
    """One of the two files, made when missing; raises `BadInput` when it cannot be used."""
    make_folder(path.parent)
    try:
        connection = connect(path)
        connection.executescript(tables)
    except sqlite3.Error as error:
        raise BadInput(f"{path}: {error}") from error
    return connection
