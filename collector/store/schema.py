"""The tables of `dabyl.sqlite3`, and the rules by which the file is opened.

Times are Unix milliseconds. One row a batch; the high-water mark of a probe's boot is changed
in the same transaction. The collector writes from one thread; `dabyl collector invite` and
`revoke` write from processes of their own, each in one short transaction.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from wire.errors import BadInput

FILE: Final = "dabyl.sqlite3"
BUSY_MS: Final = 5_000

# AUTOINCREMENT: a batch's number is never given twice, also when archived rows were dropped, for
# "archived through" is a number.
TABLES: Final = """
CREATE TABLE probes (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, key BLOB NOT NULL, role TEXT NOT NULL,
    network BLOB NOT NULL, enrolled_at INTEGER NOT NULL, revoked_at INTEGER
) STRICT;
CREATE TABLE invites (
    print TEXT PRIMARY KEY, role TEXT NOT NULL, made_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    used_at INTEGER, used_by INTEGER REFERENCES probes (number)
) STRICT, WITHOUT ROWID;
CREATE TABLE marks (
    number INTEGER PRIMARY KEY, probe INTEGER NOT NULL REFERENCES probes (number), boot TEXT NOT NULL,
    high_water INTEGER NOT NULL, islands BLOB NOT NULL, heard_at INTEGER NOT NULL, UNIQUE (probe, boot)
) STRICT;
CREATE TABLE batches (
    number INTEGER PRIMARY KEY AUTOINCREMENT, mark INTEGER NOT NULL REFERENCES marks (number),
    sequence INTEGER NOT NULL, received_at INTEGER NOT NULL, raw BLOB NOT NULL, UNIQUE (mark, sequence)
) STRICT;
CREATE TABLE reports (
    station TEXT NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL, record BLOB NOT NULL,
    PRIMARY KEY (station, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE control (
    probe INTEGER NOT NULL REFERENCES probes (number), target TEXT NOT NULL, at INTEGER NOT NULL,
    record BLOB NOT NULL, PRIMARY KEY (probe, target)
) STRICT, WITHOUT ROWID;
CREATE TABLE archives (day TEXT PRIMARY KEY, bytes INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO state VALUES ('archived_through', 0), ('alive', 0);
"""
INCIDENTS: Final = """
CREATE TABLE incidents (
    id TEXT NOT NULL, revision INTEGER NOT NULL, known_at INTEGER NOT NULL, record BLOB NOT NULL,
    PRIMARY KEY (id, revision)
) STRICT, WITHOUT ROWID;
"""
# `past`: what a revoked key said before counts so much. `secrets`: of the public names of one day's probes.
TRUST: Final = """
ALTER TABLE probes ADD COLUMN past REAL NOT NULL DEFAULT 0;
ALTER TABLE invites ADD COLUMN issuer TEXT NOT NULL DEFAULT '';
CREATE TABLE issuers (name TEXT PRIMARY KEY, most INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE secrets (day TEXT PRIMARY KEY, secret BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE pictures (at INTEGER PRIMARY KEY, record BLOB NOT NULL) STRICT;
CREATE TABLE evidence (
    incident TEXT NOT NULL, revision INTEGER NOT NULL, record BLOB NOT NULL, PRIMARY KEY (incident, revision)
) STRICT, WITHOUT ROWID;
"""
LATE: Final = """
ALTER TABLE batches ADD COLUMN late INTEGER NOT NULL DEFAULT 0;
CREATE INDEX late_batches ON batches (number) WHERE late = 1;
CREATE TABLE late_told (
    region TEXT NOT NULL, operator TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL
) STRICT;
CREATE TABLE late_queue (number INTEGER PRIMARY KEY AUTOINCREMENT, samples BLOB NOT NULL) STRICT;
"""
# Each stands for one version of the file; an older file gets those that it lacks.
STEPS: Final = (TABLES, INCIDENTS, TRUST, LATE)
VERSION: Final = len(STEPS)


def open_database(folder: Path) -> sqlite3.Connection:
    """A connection to the folder's database, made when it is not there.

    Transactions are begun by hand. Raises `BadInput` for a folder that cannot be used or a file
    that a newer Dabyl wrote; `sqlite3.Error` when the disk fails.
    """
    make_folder(folder)
    return prepared(connect(folder / FILE), folder / FILE)


def make_folder(folder: Path) -> None:
    """The folder, for its owner's eyes only; raises `BadInput` when it cannot be made."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{folder}: {error.strerror}") from error


def connect(path: Path) -> sqlite3.Connection:
    """A plain connection: WAL, and every commit synced before it returns."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_MS / 1000)
    try:
        connection.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON"
        )
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def prepared(connection: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    """The connection, its tables made in one transaction where they were not."""
    try:
        _make_tables(connection, path)
    except (sqlite3.Error, BadInput):
        connection.close()
        raise
    return connection


def _make_tables(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection) == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    found = _version(connection)  # again, under the lock: another process may have been first
    if found > VERSION:
        raise BadInput(f"{path}: written by a newer Dabyl (schema {found}, this one knows {VERSION})")
    for tables in STEPS[found:]:
        for statement in tables.split(";\n"):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")
    # After a crash here none of these tables is there: the next start makes them.
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return found
