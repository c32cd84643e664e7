"""What was sent about result sheets, kept exactly as it came: uploads, voids, and scans by their hash.

Rules of this file: nothing here is ever changed or removed. A row is there once the transaction that brought
it was committed; a scan counts once its row is there, and its row is written after its file is durable.
"""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Final, TypeVar

from msgspec import Struct

from collector.core.refusals import Refused
from collector.store.schema import connect, make_folder
from collector.store.steps import DiskSteps, Steps
from wire.errors import BadInput

FOLDER: Final = "sheets"  # in the collector's folder
FILE: Final = "sheets.sqlite3"
SCANS: Final = "scans"
FREE_FLOOR_BYTES: Final = 512 * 1_048_576
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS sent (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, received TEXT NOT NULL,
    signer TEXT NOT NULL, about TEXT NOT NULL, sha256 TEXT NOT NULL, scan TEXT NOT NULL, raw BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS sent_copies ON sent (signer, about);
CREATE INDEX IF NOT EXISTS sent_scans ON sent (scan) WHERE scan != '';
CREATE TABLE IF NOT EXISTS sheets (sha256 TEXT PRIMARY KEY, raw BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS scans (
    sha256 TEXT PRIMARY KEY, media TEXT NOT NULL, size INTEGER NOT NULL, received TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""
_SENT: Final = "SELECT id, kind, received, signer, about, sha256, scan, raw FROM sent"
_PUT: Final = (
    "INSERT INTO sent (id, kind, received, signer, about, sha256, scan, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_SCAN: Final = "SELECT sha256, media, size, received FROM scans"
T = TypeVar("T")


class Sent(Struct, frozen=True, kw_only=True):
    """An upload or a void as it is kept. `id`: what makes it the same when it is sent again.

    `about`: the station and sheet, `KZ-71-0379/1`. `sha256`, `sheet`: of an upload. `scan`: the hash of the
    scan that it names, or "". `raw`: the record's bytes with its signature.
    """

    id: str
    kind: str
    received: str
    signer: str
    about: str
    sha256: str = ""
    scan: str = ""
    raw: bytes


class Scan(Struct, frozen=True, kw_only=True):
    """A scan that is kept whole."""

    sha256: str
    media: str
    size: int
    received: str


class SheetStore:
    """One folder; a thread that writes, and one that writes scans. Use it on one event loop."""

    def __init__(self, folder: Path, steps: Steps | None = None) -> None:
        """Opens the file, made when missing; raises `BadInput`."""
        make_folder(folder)
        self._folder, self._steps = folder, steps or DiskSteps()
        self.free_floor_bytes = FREE_FLOOR_BYTES
        self._writing = ThreadPoolExecutor(1, "dabyl-sheets")
        self._scanning = ThreadPoolExecutor(1, "dabyl-scans")
        try:
            self._reads = _opened(folder / FILE)
            self._writes = self._writing.submit(_opened, folder / FILE).result()
        except sqlite3.Error as error:
            raise BadInput(f"{folder}: {error}") from error

    def close(self) -> None:
        """Write what waits, then close."""
        self._scanning.shutdown()
        self._writing.submit(self._writes.close).result()
        self._writing.shutdown()
        self._reads.close()

    async def keep(self, sent: Sent, sheet: bytes = b"", most: int = 0) -> Sent:
        """Keep it, unless it is there already; what is kept then is the answer. Durable when it returns.

        `most`: how many of one kind, by one signer, about one sheet are kept.
        Raises `Refused` ("copies", "storage").
        """
        if (known := self.find(sent.id)) is not None:
            return known
        return await self._in(self._writing, lambda: self._keep(sent, sheet, most))

    async def keep_scan(self, scan: Scan, raw: bytes) -> Scan:
        """Keep a scan whose hash was checked; raises `Refused` ("storage")."""
        known = self.scan(scan.sha256)
        if known is not None:
            return known
        # Scans are large: they leave room for what is small and matters more.
        if shutil.disk_usage(self._folder).free < self.free_floor_bytes:
            raise Refused("storage", "the disk is nearly full: no scans are taken now")
        await self._in(self._scanning, lambda: self._write_scan(scan, raw))
        return await self._in(self._writing, lambda: self._note_scan(scan))

    def find(self, name: str) -> Sent | None:
        """What was sent under this id."""
        found = self._reads.execute(f"{_SENT} WHERE id = ?", (name,)).fetchone()
        return None if found is None else _sent(found)

    def all(self) -> Iterator[Sent]:
        """Everything that was sent, in its order."""
        return map(_sent, self._reads.execute(f"{_SENT} ORDER BY number"))

    def naming(self, scan: str) -> list[Sent]:
        """The uploads that name a scan, in their order."""
        rows = self._reads.execute(
            f"{_SENT} WHERE scan = ? AND scan != '' ORDER BY number",
            (scan,),
        )
        return list(map(_sent, rows))

    def sheet(self, sha256: str) -> bytes | None:
        """The published bytes with this hash."""
        found = self._reads.execute("SELECT raw FROM sheets WHERE sha256 = ?", (sha256,)).fetchone()
        return None if found is None else bytes(found[0])

    def scan(self, sha256: str) -> Scan | None:
        """What is known of a scan; None when it is not kept."""
        rows = self._reads.execute(f"{_SCAN} WHERE sha256 = ?", (sha256,))
        found = rows.fetchone()
        return None if found is None else _scan(found)

    def scans(self) -> Iterator[Scan]:
        """Every scan that is kept."""
        rows = self._reads.execute(f"{_SCAN} ORDER BY received, sha256")
        return map(_scan, rows)

    def bytes_of(self, kind: str, sha256: str) -> bytes:
        """A sheet's (`sheet`) or a scan's (`scan`) bytes; raises `BadInput` when they are not here."""
        try:
            raw = self.sheet(sha256) if kind == "sheet" else self.scan_path(sha256).read_bytes()
        except OSError as error:
            raise BadInput(f"{self.scan_path(sha256)}: {error.strerror}") from error
        if raw is None:
            raise BadInput(f"the sheet {sha256} is not here")
        return raw

    def published(self) -> Iterator[tuple[str, bytes]]:
        """Every sheet with its hash as it was noted; opens the file anew, for any thread."""
        with closing(_opened(self._folder / FILE)) as connection:
            yield from connection.execute("SELECT sha256, raw FROM sheets ORDER BY sha256")

    def scan_path(self, sha256: str) -> Path:
        """Where a scan's bytes lie."""
        return self._folder / SCANS / sha256[:2] / sha256

    def _keep(self, sent: Sent, sheet: bytes, most: int) -> Sent:
        self._writes.execute("BEGIN IMMEDIATE")
        try:
            self._refuse_many(sent, most)
            values = (
                sent.id,
                sent.kind,
                sent.received,
                sent.signer,
                sent.about,
                sent.sha256,
                sent.scan,
                sent.raw,
            )
            self._writes.execute(
                f"{_PUT} ON CONFLICT DO NOTHING",
                values,
            )
            if sheet:
                self._writes.execute(
                    "INSERT INTO sheets VALUES (?, ?) ON CONFLICT DO NOTHING", (sent.sha256, sheet)
                )
            rows = self._writes.execute(f"{_SENT} WHERE id = ?", (sent.id,))
            kept = _sent(rows.fetchone())
            # After a crash before this line it was never sent; after it, the start adds it to the ledger.
            self._steps.commit(self._writes)
        finally:
            self._roll_back()
        return kept

    def _refuse_many(self, sent: Sent, most: int) -> None:
        if not most:
            return
        rows = self._writes.execute(
            "SELECT count(*) FROM sent WHERE signer = ? AND about = ? AND kind = ? AND id != ?",
            (sent.signer, sent.about, sent.kind, sent.id),
        )
        if rows.fetchone()[0] >= most:
            raise Refused("copies", f"{sent.signer} has sent {most} of {sent.about}: {sent.kind}")

    def _write_scan(self, scan: Scan, raw: bytes) -> None:
        path = self.scan_path(scan.sha256)
        make_folder(path.parent)
        # Somebody else may have sent it meanwhile and was told that it is durable: it stays as it lies.
        if path.exists() and _hash_of(path) == scan.sha256:
            self._sync_scan(path)
            return
        # What a crash left of it, maybe a part, counts for nothing: no row speaks of it.
        self._steps.truncate(path, 0)
        self._steps.append(path, raw)
        self._sync_scan(path)
        if _hash_of(path) != scan.sha256:
            raise OSError(f"{path}: what was read back is not what was written")

    def _sync_scan(self, path: Path) -> None:
        self._steps.sync(path)
        self._steps.sync(path.parent.parent)  # both folders may be new: a name is data of the folder above

    def _note_scan(self, scan: Scan) -> Scan:
        self._writes.execute("BEGIN IMMEDIATE")
        try:
            self._writes.execute(
                "INSERT INTO scans VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (scan.sha256, scan.media, scan.size, scan.received),
            )
            self._steps.commit(self._writes)
        finally:
            self._roll_back()
        rows = self._writes.execute(f"{_SCAN} WHERE sha256 = ?", (scan.sha256,))
        return _scan(rows.fetchone())  # of whoever was first

    def _roll_back(self) -> None:
        if self._writes.in_transaction:
            self._writes.execute("ROLLBACK")

    async def _in(self, thread: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(thread, work)
        except (sqlite3.Error, OSError, BadInput) as error:
            raise Refused("storage") from error


def _opened(path: Path) -> sqlite3.Connection:
    connection = connect(path)
    connection.executescript(_TABLES)
    return connection


def _hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _sent(row: tuple[str, str, str, str, str, str, str, bytes]) -> Sent:
    name, kind, received, signer, about, sha256, scan, raw = row
    return Sent(
        id=name, kind=kind, received=received, signer=signer, about=about, sha256=sha256, scan=scan, raw=raw
    )


def _scan(row: tuple[str, str, int, str]) -> Scan:
    sha256, media, size, received = row
    return Scan(sha256=sha256, media=media, size=size, received=received)
