"""The store as the rest of the collector sees it: load at the start, then keep, enrol, archive."""

from __future__ import annotations

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from collector.core.book import Revision
from collector.core.pictures import EVERY_S, Picture
from collector.core.refusals import Refused
from collector.core.roster import Enrolled
from collector.core.times import epoch_seconds
from collector.store.compaction import Moved, move
from collector.store.contents import Arrived, arrived_since, batches_since, picture_at, told_incidents
from collector.store.keys import KeysState
from collector.store.late import LateQueue
from collector.store.rows import Found, Invite, Kept, NewBatch, NewProbe
from collector.store.schema import make_folder, open_database
from collector.store.session import Session
from collector.store.steps import DiskSteps, Steps
from collector.store.writer import Listener, Writer
from wire import canonical
from wire.errors import BadInput
from wire.ports import Clock
from wire.records import Measurement, StationReport

LOCK: Final = "lock"
_measurement = msgspec.json.Decoder(Measurement)
_report = msgspec.json.Decoder(StationReport)


class Loaded(Struct, frozen=True, kw_only=True):
    """What the collector knows when it starts."""

    members: list[Enrolled]
    control: list[tuple[int, Measurement]]
    reports: list[StationReport]
    recent: list[Found]
    incidents: list[Revision] = []


class Store:
    """One folder, one writer. Use `open_store`."""

    def __init__(self, folder: Path, writer: Writer, steps: Steps) -> None:
        """The writer is started already."""
        self._folder, self._writer, self._steps = folder, writer, steps
        self._keys: KeysState = ()
        self.late = LateQueue(folder, writer)

    async def keep(self, batch: NewBatch) -> Kept:
        """Keep a batch; raises `Refused` ("conflict", "gaps", "busy", "storage")."""
        return await self._writer.do(lambda session: session.keep(batch))

    async def enrol(self, probe: NewProbe) -> Enrolled:
        """Enrol a key; raises `Refused` ("invite", "revoked", "busy", "storage")."""
        return await self._writer.do(lambda session: session.enrol(probe))

    async def invite(self, invite: Invite) -> None:
        """Keep an invite's print; raises `Refused` ("busy", "storage")."""
        await self._writer.do(lambda session: session.invite(invite))

    async def vouch(self, invite: Invite, usual: int) -> int:
        """Keep an invite that a probe gives out; how many more it may. Raises `Refused`."""
        return await self._writer.do(lambda session: session.vouch(invite, usual))

    async def archive(self, drop_before_ms: int) -> Moved | None:
        """Move new keys and one lot of batches to the archive; None when all are there.

        Archived rows that arrived before `drop_before_ms` are forgotten.
        Raises `Refused`, `OSError`, `sqlite3.Error`, `BadInput` for a file of keys that was changed.
        """
        moved = await asyncio.to_thread(move, self._folder, self._steps, self._keys)
        if moved is not None:
            noted = moved
            await self._writer.do(lambda session: session.archived(noted, drop_before_ms))
            self._keys = noted.keys  # from here on they are not compared again until one is other
        return moved

    async def tell(self, revisions: Sequence[Revision]) -> None:
        """Keep revisions of incidents; raises `Refused` ("busy", "storage")."""
        await self._writer.do(lambda session: session.tell(revisions))

    async def keep_picture(self, picture: Picture) -> None:
        """Keep a picture of the country; raises `Refused` ("busy", "storage")."""
        at_ms = round(epoch_seconds(picture.at) * 1000)
        await self._writer.do(lambda session: session.picture(at_ms, canonical.encode(picture)))

    async def picture(self, at: float) -> Picture | None:
        """What was kept of a moment (Unix seconds); None when nothing was. Raises `Refused` ("storage")."""
        oldest_ms = round((at - 2 * EVERY_S) * 1000)
        try:
            return await asyncio.to_thread(picture_at, self._folder, round(at * 1000), oldest_ms)
        except sqlite3.Error as error:
            raise Refused("storage") from error

    async def secrets(self, fresh: Mapping[str, bytes]) -> dict[str, bytes]:
        """The secrets of some days' public names; `fresh` are those of days that have none yet.

        Raises `Refused` ("busy", "storage").
        """
        return await self._writer.do(
            lambda session: {day: session.secret(day, secret) for day, secret in fresh.items()}
        )

    def batches(self, since_ms: int) -> Iterator[Arrived]:
        """Every batch that arrived since, the archive's first. Blocking: for a thread of its own.

        Raises `BadRecord` for a broken archive, `OSError`, `sqlite3.Error`.
        """
        return arrived_since(self._folder, since_ms)

    def trouble(self) -> str:
        """Why nothing can be kept now; empty when it can."""
        return self._writer.trouble()

    @property
    def waiting(self) -> int:
        """How many jobs wait for the writer."""
        return self._writer.waiting

    async def ended(self) -> None:
        """Wait until nothing can be kept any more, as after a fault of our own; raises `StoreEnded`."""
        await self._writer.ended()

    async def close(self) -> None:
        """Write what waits and stop."""
        await self._writer.stop()


def open_store(folder: Path, clock: Clock, listener: Listener, steps: Steps | None = None) -> Store:
    """Start the writer on a folder; `load` it first."""
    chosen = steps or DiskSteps()
    writer = Writer(folder, chosen, clock, listener)
    writer.start()
    return Store(folder, writer, chosen)


def load(folder: Path, since_ms: int) -> Loaded:
    """What stands in the folder, with the batches that arrived since; makes the folder when missing.

    Raises `BadInput` for a folder that cannot be used.
    """
    connection = _usable(folder)
    try:
        return Loaded(
            members=list(Session(connection, {}).probes()),
            control=[
                (probe, _measurement.decode(record))
                for probe, record in connection.execute("SELECT probe, record FROM control")
            ],
            reports=[
                _report.decode(record) for (record,) in connection.execute("SELECT record FROM reports")
            ],
            recent=list(batches_since(connection, since_ms)),
            incidents=list(told_incidents(connection)),
        )
    finally:
        connection.close()


@contextmanager
def transaction(folder: Path) -> Iterator[Session]:
    """One short transaction beside a running server: for `invite` and `revoke`."""
    connection = _usable(folder)
    try:
        connection.execute("BEGIN IMMEDIATE")
        session = Session(connection, {})
        yield session
        session.settle()
        DiskSteps().commit(connection)
    except sqlite3.Error as error:
        raise BadInput(f"{folder}: {error}") from error
    finally:
        connection.close()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for one server; raises `BadInput` when another does.

    The lock is the kernel's: it is free again however the process ends.
    """
    make_folder(folder)
    try:
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BadInput(f"{folder}: {error.strerror}") from error
    try:
        _lock(handle, folder)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise BadInput(f"{folder}: another collector uses this folder") from error
    except OSError as error:  # a file system without locks
        raise BadInput(f"{folder}: {error.strerror}") from error


def _usable(folder: Path) -> sqlite3.Connection:
    try:
        return open_database(folder)
    except sqlite3.Error as error:
        raise BadInput(f"{folder}: {error}") from error
