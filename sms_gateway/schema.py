"""The gateway's one SQLite file: its tables, and how it is opened.

Rules of this file: a number in clear stands in `journal.body` until it is read, in `assemblies.body` while
parts are awaited, in `outbox.recipient` until the text is sent, refused or expired, and nowhere else; those
rows are deleted then, and `secure_delete` overwrites them.
"""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from wire.errors import BadInput

_BUSY_S: Final = 0.5
_APPLICATION: Final = 0x4441534D  # "DASM"

_FIRST: Final = """
CREATE TABLE inbox (
  id INTEGER PRIMARY KEY, link TEXT NOT NULL, key TEXT NOT NULL, print TEXT NOT NULL, text TEXT NOT NULL,
  at TEXT NOT NULL, received_at TEXT NOT NULL, read TEXT NOT NULL, outcome TEXT NOT NULL,
  reply TEXT NOT NULL, UNIQUE (link, key)
) STRICT;
CREATE INDEX inbox_print ON inbox (print, id);
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY, link TEXT NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL,
  text TEXT NOT NULL, attempts INTEGER NOT NULL, since REAL NOT NULL, next_at REAL NOT NULL,
  expires_at REAL NOT NULL
) STRICT;
CREATE TABLE reports (
  id INTEGER PRIMARY KEY AUTOINCREMENT, since REAL NOT NULL, record BLOB NOT NULL
) STRICT;
CREATE TABLE batches (
  boot TEXT NOT NULL, sequence INTEGER NOT NULL, since REAL NOT NULL, reports INTEGER NOT NULL,
  raw BLOB NOT NULL, PRIMARY KEY (boot, sequence)
) STRICT;
CREATE TABLE aside (id INTEGER PRIMARY KEY, at REAL NOT NULL, why TEXT NOT NULL, raw BLOB NOT NULL) STRICT;
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""
# What links handed over and nobody has read yet; texts whose parts still come; what came lately, to tell
# what a network brings again after a connection broke; what could not be decoded.
_JOURNAL: Final = """
CREATE TABLE journal (
  id INTEGER PRIMARY KEY AUTOINCREMENT, link TEXT NOT NULL, session TEXT NOT NULL, at REAL NOT NULL,
  pieces INTEGER NOT NULL, done INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE TABLE assemblies (slot BLOB PRIMARY KEY, body BLOB NOT NULL) STRICT;
CREATE TABLE recent (
  id INTEGER PRIMARY KEY, link TEXT NOT NULL, session TEXT NOT NULL, at REAL NOT NULL, print BLOB NOT NULL
) STRICT;
CREATE INDEX recent_at ON recent (at);
CREATE TABLE odd (
  id INTEGER PRIMARY KEY, link TEXT NOT NULL, at TEXT NOT NULL, why TEXT NOT NULL, print TEXT NOT NULL,
  raw BLOB NOT NULL
) STRICT;
"""
# What stations told, each report once, by its content; who brought it; which codes are spent, and on what;
# how many answers went out over a link in an hour.
_TOLD: Final = """
CREATE TABLE told (
  id TEXT PRIMARY KEY, station TEXT NOT NULL, kind TEXT NOT NULL, at TEXT NOT NULL, received_at TEXT NOT NULL,
  disputed INTEGER NOT NULL, record BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX told_station ON told (station, kind);
CREATE INDEX told_received ON told (received_at);
CREATE TABLE witnesses (
  report TEXT NOT NULL, link TEXT NOT NULL, print TEXT NOT NULL, proven INTEGER NOT NULL,
  PRIMARY KEY (report, link, print)
) STRICT, WITHOUT ROWID;
CREATE INDEX witnesses_print ON witnesses (print, proven);
CREATE TABLE codes (
  station TEXT NOT NULL, code TEXT NOT NULL, report TEXT NOT NULL, PRIMARY KEY (station, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE budget (
  link TEXT NOT NULL, hour INTEGER NOT NULL, answers INTEGER NOT NULL, PRIMARY KEY (link, hour)
) STRICT, WITHOUT ROWID;
"""
# Texts to send, whether they answer something or not; what became of those that were sent; delivery receipts
# that came before we knew the name of their text.
_OUTGOING: Final = """
ALTER TABLE outbox RENAME TO old_outbox;
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT, inbox INTEGER, priority INTEGER NOT NULL, link TEXT NOT NULL,
  sender TEXT NOT NULL, recipient TEXT NOT NULL, text TEXT NOT NULL, attempts INTEGER NOT NULL,
  since REAL NOT NULL, next_at REAL NOT NULL, expires_at REAL NOT NULL, refused_by TEXT NOT NULL
) STRICT;
INSERT INTO outbox SELECT id, id, 1, link, sender, recipient, text, attempts, since, next_at, expires_at, ''
  FROM old_outbox;
DROP TABLE old_outbox;
CREATE INDEX outbox_due ON outbox (priority, next_at);
CREATE TABLE sent (
  id INTEGER PRIMARY KEY, inbox INTEGER, priority INTEGER NOT NULL, link TEXT NOT NULL, print TEXT NOT NULL,
  parts INTEGER NOT NULL, at REAL NOT NULL, state TEXT NOT NULL
) STRICT;
CREATE INDEX sent_at ON sent (at);
CREATE TABLE sent_parts (
  id INTEGER PRIMARY KEY, sent INTEGER NOT NULL, link TEXT NOT NULL, name TEXT NOT NULL, print TEXT NOT NULL,
  state TEXT NOT NULL
) STRICT;
CREATE INDEX sent_parts_name ON sent_parts (name);
CREATE INDEX sent_parts_sent ON sent_parts (sent);
CREATE TABLE early (
  link TEXT NOT NULL, name TEXT NOT NULL, print TEXT NOT NULL, state TEXT NOT NULL, at REAL NOT NULL
) STRICT;
"""
# What Alertmanager told us; `progress`: waiting, told or dropped.
_ALERTS: Final = """
CREATE TABLE alerts (
  key TEXT PRIMARY KEY, root TEXT NOT NULL, state TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
  place TEXT NOT NULL, summary TEXT NOT NULL, starts_at TEXT NOT NULL, at REAL NOT NULL,
  progress TEXT NOT NULL
) STRICT;
CREATE INDEX alerts_root ON alerts (root);
CREATE INDEX alerts_progress ON alerts (progress, state);
"""
# Probes' digests that were queued for the collector: one that a network brings again is not queued twice.
_DIGESTS: Final = """
CREATE TABLE digests (name TEXT PRIMARY KEY, received_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX digests_received ON digests (received_at);
"""
# What is proven of a station is found however much strangers say of it.
_PROVEN: Final = """
ALTER TABLE told ADD COLUMN proven INTEGER NOT NULL DEFAULT 0;
UPDATE told SET proven = 1 WHERE id IN (SELECT report FROM witnesses WHERE proven = 1);
DROP INDEX told_station;
CREATE INDEX told_station ON told (station, proven, at, received_at);
"""
STEPS: Final = (_FIRST, _JOURNAL, _TOLD, _OUTGOING, _ALERTS, _DIGESTS, _PROVEN)
"""What brings a file from each version to the next. Steps are only added; a released one never changes."""
VERSION: Final = len(STEPS)


def connect(path: Path) -> sqlite3.Connection:
    """The file, opened for us alone and brought to this version; raises `BadInput` in one line."""
    try:
        return _opened(path)
    except OSError as error:
        raise BadInput(f"{path}: cannot be opened: {error.strerror}") from error
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise BadInput(f"{path}: another gateway is using it") from error
        raise BadInput(f"{path}: cannot be opened: {error}") from error
    except sqlite3.DatabaseError as error:
        raise BadInput(f"{path}: not a store of ours: {error}") from error


def _opened(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    with ExitStack() as opened:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_BUSY_S)
        opened.callback(connection.close)
        _prepare(connection, path)
        opened.pop_all()
        return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    # For us alone: a second gateway on the same folder would answer everybody twice.
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("BEGIN IMMEDIATE")
    _bring_up(connection, path)
    connection.execute("COMMIT")


def _bring_up(connection: sqlite3.Connection, path: Path) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise BadInput(f"{path}: written by a newer Dabyl (version {version}, this one knows {VERSION})")
    if version < VERSION:
        # After a crash here the file has its old tables and its old version: it is brought up again.
        # No executescript: it would commit half of it.
        for statement in filter(str.strip, "".join(STEPS[version:]).split(";")):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")


def checkpoint(connection: sqlite3.Connection) -> None:
    """Empty the write-ahead log, so that what was deleted stands in no file any more."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
