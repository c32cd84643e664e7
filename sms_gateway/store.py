"""One thread that writes: jobs are queued, committed in groups, and answered after the commit.

An answer means that the job would survive kill -9 and a loss of power. A failure means that it may
or may not be there: whoever is told so says it again, and every job takes a repeat for what it is.
"""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from sms_gateway import schema
from wire.errors import DabylError

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], Any]
Finish = Callable[[sqlite3.Connection], None]
_GROUP: Final = 256


class StoreFailed(DabylError):
    """Nothing can be promised about a job: the disk is full or broken, or the store was closed."""


class _Queued:
    """A job with the future of whoever waits for it."""

    def __init__(self, job: Job, future: asyncio.Future[Any]) -> None:
        self.job, self.future = job, future
        self.result: Any = None


def commit(connection: sqlite3.Connection) -> None:
    """Make the group durable. The seam where tests let a commit fail."""
    connection.execute("COMMIT")


class Store:
    """A store that is open; close it. `finish` commits a group."""

    def __init__(self, path: Path, finish: Finish = commit) -> None:
        """Opens or makes the file; raises `BadInput`."""
        self._connection = schema.connect(path)
        self._finish = finish
        self._jobs: queue.SimpleQueue[_Queued | None] = queue.SimpleQueue()
        self._group: list[_Queued] = []
        self._watchers: list[_Queued] = []
        self._closed = self._over = False
        # The thread may not end between a look at `_over` and the queue: who comes then would wait for ever.
        self._door = threading.Lock()
        self.healthy = True
        self._thread = threading.Thread(target=self._work, name="sms-store", daemon=True)
        self._thread.start()

    async def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """What `job` gives, once its group is durable; raises `StoreFailed`."""
        queued = _Queued(job, asyncio.get_running_loop().create_future())
        with self._door:
            if self._closed or self._over:
                raise StoreFailed("the store is closed")
            self._jobs.put(queued)
        result: T = await queued.future
        return result

    async def ended(self) -> None:
        """Wait until the thread ends, as it does when a job had a fault of its own; raises `StoreFailed`."""
        watcher = _Queued(schema.checkpoint, asyncio.get_running_loop().create_future())
        with self._door:
            waits = not self._over
            self._watchers += [watcher] * waits
        if waits:
            await watcher.future
        raise StoreFailed("the store's thread has ended")

    async def scrub(self) -> None:
        """Leave nothing deleted in the write-ahead log."""
        await self.run(schema.checkpoint)

    def close(self) -> None:
        """Finish what is queued and close the file, which empties its log."""
        self._closed = True
        self._jobs.put(None)
        self._thread.join()

    def _work(self) -> None:
        try:
            while group := self._next_group():
                self._group = group
                self._commit_group(group)
        finally:
            # At the end, and when a job had a fault of its own: nobody may wait for ever.
            self.healthy = False
            self._connection.close()
            with self._door:
                self._over = True
            _tell(self._group + self._rest() + self._watchers, StoreFailed("the store is closed"))

    def _next_group(self) -> list[_Queued]:
        """At least one job, and all that wait behind it; empty at the end."""
        first = self._jobs.get()
        group = [] if first is None else [first]
        while group and len(group) < _GROUP:
            try:
                more = self._jobs.get_nowait()
            except queue.Empty:
                break
            if more is None:
                self._jobs.put(None)
                break
            group.append(more)
        return group

    def _commit_group(self, group: list[_Queued]) -> None:
        lone = [queued for queued in group if queued.job is schema.checkpoint]
        before = self._connection.total_changes
        try:
            self._transact([queued for queued in group if queued.job is not schema.checkpoint])
            for queued in lone:
                queued.job(self._connection)  # refused inside a transaction
        except sqlite3.Error as error:
            self._give_up(group, error)
        else:
            # Reading works on a full disk too: only what wrote proves health.
            self.healthy = self.healthy or self._connection.total_changes > before
            _tell(group, None)

    def _transact(self, group: list[_Queued]) -> None:
        if not group:
            return
        self._connection.execute("BEGIN IMMEDIATE")
        for queued in group:
            queued.result = queued.job(self._connection)
        self._finish(self._connection)

    def _give_up(self, group: list[_Queued], error: sqlite3.Error) -> None:
        self.healthy = False
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            # After a failure here the next BEGIN fails too, and so does every job: nothing is promised.
            pass
        _tell(group, StoreFailed(f"cannot be made durable: {error}"))

    def _rest(self) -> list[_Queued]:
        left: list[_Queued] = []
        while not self._jobs.empty():
            queued = self._jobs.get_nowait()
            if queued is not None:
                left.append(queued)
        return left


def _tell(group: list[_Queued], failure: StoreFailed | None) -> None:
    for loop in {queued.future.get_loop() for queued in group}:
        mine = [queued for queued in group if queued.future.get_loop() is loop]
        try:
            loop.call_soon_threadsafe(_resolve, mine, failure)
        except RuntimeError:
            # The loop is closed: nobody waits any more.
            continue


def _resolve(group: list[_Queued], failure: StoreFailed | None) -> None:
    for queued in group:
        if queued.future.done():
            continue  # whoever waited went away
        if failure is None:
            queued.future.set_result(queued.result)
        else:
            queued.future.set_exception(failure)
