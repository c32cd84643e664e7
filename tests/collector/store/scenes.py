"""A store in a folder, made to fail at a chosen step, and its whole contents told afterwards."""

from __future__ import annotations

import asyncio
import errno
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, Literal

from collector.core.places import place_of
from collector.core.roster import Enrolled
from collector.store import Found, NewBatch, NewProbe, Store, open_store, transaction
from collector.store.contents import everything
from collector.store.rows import Invite
from collector.store.schema import open_database
from collector.store.steps import DiskSteps, Steps
from tests.collector.core.scenes import ASTANA, NOW, key
from tests.collector.harness import TestClock
from wire.enrol import invite_print

BOOT: Final = "00112233aabbccdd"
NOW_MS: Final = round(NOW * 1000)
Mode = Literal["not persisted", "persisted"]


class FailingSteps:
    """The real steps, but the n-th one fails: before it did anything, or after it did all."""

    def __init__(self, fails: int = -1, mode: Mode = "not persisted") -> None:
        self._real, self._fails, self._mode = DiskSteps(), fails, mode
        self.done: list[str] = []

    def commit(self, connection: sqlite3.Connection) -> None:
        self._step("commit", lambda: self._real.commit(connection))

    def truncate(self, path: Path, size_bytes: int) -> None:
        self._step("truncate", lambda: self._real.truncate(path, size_bytes))

    def append(self, path: Path, data: bytes) -> None:
        self._step("append", lambda: self._real.append(path, data))

    def sync(self, path: Path) -> None:
        self._step("sync", lambda: self._real.sync(path))

    def _step(self, name: str, do: Callable[[], None]) -> None:
        number = len(self.done)
        self.done.append(name)
        if number != self._fails:
            do()
            return
        if self._mode == "persisted":
            do()
        raise OSError(errno.EIO, "the disk failed")


class HalfAppend(FailingSteps):
    """An append of which half reached the disk."""

    def append(self, path: Path, data: bytes) -> None:
        number = len(self.done)
        self.done.append("append")
        self._real.append(path, data[: len(data) // 2] if number == self._fails else data)
        if number == self._fails:
            raise OSError(errno.ENOSPC, "no space left")


class Heard:
    """What the writer told on its own."""

    def __init__(self) -> None:
        self.batches: list[Found] = []
        self.enrolled: list[Enrolled] = []
        self.of_members = asyncio.Event()

    def left_behind(self, batches: Sequence[Found]) -> None:
        self.batches.extend(batches)

    def members(self, enrolled: Sequence[Enrolled]) -> None:
        self.enrolled = list(enrolled)
        self.of_members.set()


@asynccontextmanager
async def store_in(
    folder: Path, steps: Steps | None = None, listener: Heard | None = None
) -> AsyncIterator[Store]:
    """A store that is closed in the end, whatever happened."""
    store = open_store(folder, TestClock(), listener or Heard(), steps)
    try:
        yield store
    finally:
        await store.close()


def probe_in(folder: Path, number: int = 1) -> int:
    """Enrol a probe by an invite; the number of its row."""
    token = f"token-of-probe-{number}"
    invite = Invite(print=invite_print(token), role="probe", made_ms=NOW_MS, expires_ms=NOW_MS + 1000)
    with transaction(folder) as session:
        session.invite(invite)
        return session.enrol(new_probe(number, token)).number


def new_probe(number: int, token: str, now_ms: int = NOW_MS) -> NewProbe:
    """What asks to be enrolled."""
    signer = key(number)
    return NewProbe(
        id=signer.id, key=signer.public, network=ASTANA, invite=invite_print(token), now_ms=now_ms
    )


def batch(probe: int, sequence: int, raw: bytes = b"", received_ms: int = NOW_MS, **given: Any) -> NewBatch:
    """A batch whose bytes tell whose it is."""
    bytes_ = raw or f"{probe}/{BOOT}/{sequence}".encode()
    return NewBatch(
        probe=probe, boot=BOOT, sequence=sequence, raw=bytes_, received_ms=received_ms, **given
    )  # fmt: skip


def contents(folder: Path) -> Counter[bytes]:
    """How often each batch is there, archive and rows together. Also checks that all of it can be read."""
    connection = open_database(folder)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return Counter(line.raw for line in everything(connection, folder))
    finally:
        connection.close()


def asked_for(folder: Path, probe: int) -> tuple[int, bytes]:
    """High-water mark and islands as they are on the disk."""
    connection = open_database(folder)
    try:
        row = connection.execute("SELECT high_water, islands FROM marks WHERE probe = ?", (probe,)).fetchone()
        return (0, b"[]") if row is None else tuple(row)
    finally:
        connection.close()


PLACE = place_of(ASTANA)
