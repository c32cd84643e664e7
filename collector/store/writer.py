"""The one thread that writes: jobs queue, a group shares one transaction, then all are answered.

Rules of this file: nobody is told "done" before the commit returned; after a failed commit the
connection and every mark in memory are thrown away, for what is on the disk is not known then;
what a failed commit left behind after all is found when the file is opened again, and told.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from collector.core.refusals import Refused
from collector.core.roster import Enrolled
from collector.store.contents import batches_after, last_number
from collector.store.rows import Found
from collector.store.schema import open_database
from collector.store.session import Marks, Session
from collector.store.steps import Steps
from wire.errors import BadInput, DabylError
from wire.ports import Clock

T = TypeVar("T")
MAX_GROUP: Final = 1_000
MAX_WAITING: Final = 2_000
MAX_MARKS: Final = 100_000  # more are read again from the database when they are needed
TICK_S: Final = 0.5
REST_S: Final = 0.005  # after a group of several, so that the next is one too: a sync costs more than a batch
STUCK_S: Final = 10.0
_log = logging.getLogger("dabyl.collector.store")


class StoreEnded(DabylError):
    """The thread that writes has ended by a fault of our own: nothing can be kept until a new start."""


class Listener(Protocol):
    """Who hears of what nobody here asked for; called on the event loop."""

    def left_behind(self, batches: Sequence[Found]) -> None:
        """Batches that a failed commit had made durable after all."""

    def members(self, enrolled: Sequence[Enrolled]) -> None:
        """All enrolled keys, after another process changed the database."""


class _Waiting(NamedTuple):
    job: Callable[[Session], Any]
    answer: asyncio.Future[Any]


class Writer:
    """The thread and its queue. Made and used on one event loop."""

    def __init__(self, folder: Path, steps: Steps, clock: Clock, listener: Listener) -> None:
        """Nothing is opened before `start`."""
        self._folder, self._steps, self._clock, self._listener = folder, steps, clock, listener
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="dabyl-writer", daemon=True)
        self._loop = asyncio.get_running_loop()
        # The thread may not end between a look at `_over` and the queue: who comes then would wait for ever.
        self._door, self._over, self._ended = threading.Lock(), False, asyncio.Event()
        self._connection: sqlite3.Connection | None = None
        self._marks: Marks = {}
        self._last_number: int | None = None
        self._data_version: int | None = None
        self._busy_since: float | None = None
        self._failure = ""

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    async def stop(self) -> None:
        """Write what waits, then end the thread. Who asks afterwards is refused."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    async def ended(self) -> None:
        """Wait until the thread ends; raises `StoreEnded`."""
        await self._ended.wait()
        raise StoreEnded("the writer has ended")

    async def do(self, job: Callable[[Session], T]) -> T:
        """The job's result, once it is durable. Raises `Refused`: the job's own, "busy" or "storage"."""
        if self._queue.qsize() >= MAX_WAITING:
            raise Refused("busy")
        answer: asyncio.Future[T] = self._loop.create_future()
        with self._door:
            if self._over:
                raise Refused("storage")
            self._queue.put(_Waiting(job, answer))
        return await answer

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return self._queue.qsize()

    def trouble(self) -> str:
        """Why nothing can be written now; empty when it can."""
        if self._over:
            return "the writer has stopped"
        since = self._busy_since
        if since is not None and self._clock.monotonic() - since > STUCK_S:
            return "the writer is stuck"
        return self._failure

    def _run(self) -> None:
        group: list[_Waiting] = []
        ending = False
        try:
            while not ending:
                group, ending = self._next_group()
                self._busy_since = self._clock.monotonic()
                self._work(group)
                self._busy_since = None
                if len(group) > 1:
                    time.sleep(REST_S)
        finally:
            # At the end, and when a job had a fault of its own: nobody may wait for ever.
            with self._door:
                self._over = True
            self._refuse([*group, *self._rest()])
            self._call(lambda _: self._ended.set(), None)
            self._close()

    def _next_group(self) -> tuple[list[_Waiting], bool]:
        group: list[_Waiting | None] = []
        with suppress(queue.Empty):
            group.append(self._queue.get(timeout=TICK_S))
            while len(group) < MAX_GROUP:
                group.append(self._queue.get_nowait())
        return [one for one in group if one is not None], None in group

    def _work(self, group: Sequence[_Waiting]) -> None:
        try:
            outcomes = self._written(group)
        except (sqlite3.Error, OSError, BadInput) as error:
            self._fail(str(error))
            outcomes = [Refused("storage")] * len(group)
        self._answer(group, outcomes)
        try:
            self._look_around()
        except sqlite3.Error as error:
            self._fail(str(error))

    def _written(self, group: Sequence[_Waiting]) -> list[Any]:
        if not group and not self._failure:
            return []
        connection = self._opened()
        connection.execute("BEGIN IMMEDIATE")
        session = Session(connection, self._marks)
        outcomes = [_outcome(one.job, session) for one in group]
        if self._failure:
            session.touch(
                int(self._clock.now().timestamp())
            )  # nothing may have been written: prove that it can be
        session.settle()
        # After a crash before this line nothing of the group is there, and nobody was told that it is.
        self._steps.commit(connection)
        # After a crash here all of it is there; who sends it again is told "known".
        self._succeed(session)
        return outcomes

    def _succeed(self, session: Session) -> None:
        if len(self._marks) > MAX_MARKS:
            self._marks.clear()
        self._marks.update(session.staged)
        self._last_number = session.last_number or self._last_number
        if self._failure:
            _log.info("writing works again")
            self._failure = ""

    def _fail(self, why: str) -> None:
        if why != self._failure:
            _log.error("cannot write: %s", why)
        self._failure = why
        self._close()

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = self._connection = open_database(self._folder)
            if self._last_number is not None and (
                found := list(batches_after(connection, self._last_number))
            ):
                self._call(self._listener.left_behind, found)
            self._last_number = last_number(connection)
        return self._connection

    def _look_around(self) -> None:
        """Another process may have changed the roster: SQLite tells when anybody else committed."""
        if self._connection is None:
            return
        version = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version != self._data_version and self._data_version is not None:
            self._call(self._listener.members, Session(self._connection, {}).probes())
        self._data_version = version

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()  # an open transaction is rolled back
        self._connection, self._data_version = None, None
        self._marks.clear()

    def _answer(self, group: Sequence[_Waiting], outcomes: Sequence[Any]) -> None:
        if group:
            self._call(
                _resolve, [(one.answer, outcome) for one, outcome in zip(group, outcomes, strict=True)]
            )

    def _call(self, function: Callable[[Any], None], argument: object) -> None:
        with suppress(RuntimeError):  # the loop was closed: nobody waits any more
            self._loop.call_soon_threadsafe(function, argument)

    def _refuse(self, group: Sequence[_Waiting]) -> None:
        self._answer(group, [Refused("storage")] * len(group))

    def _rest(self) -> Iterator[_Waiting]:
        with suppress(queue.Empty):
            while True:
                if (one := self._queue.get_nowait()) is not None:
                    yield one


def _outcome(job: Callable[[Session], Any], session: Session) -> object:
    try:
        return job(session)
    except Refused as refused:  # nothing of this job was written: the rest of the group goes on
        return refused


def _resolve(answers: Sequence[tuple[asyncio.Future[Any], object]]) -> None:
    for answer, outcome in answers:
        if answer.done():  # whoever asked has gone
            continue
        if isinstance(outcome, Refused):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome)
