"""The ledger of a running collector: whoever has entries waits here until they are signed.

Rules of this file: one thread writes the log; what waits together is signed together. A group that failed is
told so; asking again adds nothing twice. Witnesses are asked after the entries' owners were answered.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import aiohttp

from collector.core.live import LedgerNow
from collector.ledger.checking import check
from collector.ledger.cosigning import Asker, Known
from collector.ledger.log import Head, LedgerFault, Log
from collector.ledger.sources import Shelf
from wire.errors import DabylError
from wire.ledger import Entry, claim_of, entry_bytes
from wire.notes import Signer
from wire.ports import Clock
from wire.records import StationReport

MAX_GROUP: Final = 1_000
MAX_WAITING: Final = 20_000
RETRY_S: Final = 5.0
LOOK_S: Final = 1.0  # between two looks for a new head to be cosigned
ASK_AGAIN_S: Final = 60.0  # a witness that was away: the log may not grow for days
_log = logging.getLogger("dabyl.ledger")
T = TypeVar("T")


class _Waiting(NamedTuple):
    entries: list[bytes]
    answer: asyncio.Future[tuple[int, ...]]


class Desk:
    """Where entries are handed in. `opened` makes one."""

    def __init__(
        self, log: Log, thread: ThreadPoolExecutor, shelf: Shelf, asker: Asker | None, clock: Clock
    ) -> None:
        """`thread`: the one that opened the log."""
        self.shelf = shelf
        self._waits: dict[asyncio.Future[tuple[int, ...]], float] = {}
        self._told_at: float | None = None
        self.heard: list[Callable[[], None]] = []  # who is told that the ledger has grown
        self._log, self._thread, self._asker = log, thread, asker
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue(MAX_WAITING)
        self._news = asyncio.Event()
        self._claims: list[Entry] = []
        self._head: Head | None = None
        self._clock, self._signed_at = clock, clock.now().timestamp()

    async def add(self, entries: Sequence[Entry]) -> tuple[int, ...]:
        """Where the entries stand, once a signed checkpoint covers them. Raises `LedgerFault`."""
        answer: asyncio.Future[tuple[int, ...]] = asyncio.get_running_loop().create_future()
        self._waits[answer] = self._clock.monotonic()
        try:
            await self._queue.put(_Waiting([entry_bytes(one) for one in entries], answer))
            return await answer
        finally:
            del self._waits[answer]

    def tell(self, reports: Iterable[StationReport]) -> None:
        """Reports that are durable elsewhere; the claims among them are added until that worked."""
        self._claims += [entry for entry in map(claim_of, reports) if entry is not None]
        if self._claims and self._told_at is None:
            self._told_at = self._clock.monotonic()
        self._news.set()

    def now(self) -> LedgerNow:
        """Its figures; a head that was found at the start has the time of the start, when it was checked."""
        since = [*self._waits.values(), *([] if self._told_at is None else [self._told_at])]
        unmerged_s = max(0.0, self._clock.monotonic() - min(since)) if since else 0.0
        return LedgerNow(self._log.signer.name, self.shelf.size, self._signed_at, unmerged_s)

    def faults(self) -> list[str]:
        """What is wrong with the ledger's files, read anew; for any thread. Raises `BadInput`."""
        with self.shelf.again() as shelf:
            return check(shelf, self._log.signer.key).faults

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._sign())
            group.create_task(self._claim())
            if self._asker is not None:
                group.create_task(self._ask(self._asker))

    async def _sign(self) -> None:
        while True:
            waiting = [await self._queue.get()]
            while len(waiting) < MAX_GROUP and not self._queue.empty():
                waiting.append(self._queue.get_nowait())
            await self._answer(waiting)

    async def _answer(self, waiting: Sequence[_Waiting]) -> None:
        every = [entry for one in waiting for entry in one.entries]
        try:
            done = await self._in_thread(lambda: self._log.append(every))
        except (DabylError, sqlite3.Error, OSError) as error:
            _log.error("nothing was added to the ledger: %s", error)
            for one in waiting:
                _settle(one.answer, LedgerFault(str(error)))
            return
        self._head, self._signed_at = done.head, self._clock.now().timestamp()
        indexes = iter(done.indexes)
        for one in waiting:
            _settle(one.answer, tuple(next(indexes) for _ in one.entries))
        for tell in self.heard:
            tell()

    async def _claim(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            while self._claims:
                group, self._claims = self._claims[:MAX_GROUP], self._claims[MAX_GROUP:]
                try:
                    await self.add(group)
                except LedgerFault:
                    self._claims = [*group, *self._claims]
                    await asyncio.sleep(RETRY_S)
            self._told_at = None

    async def _ask(self, asker: Asker) -> None:
        """Bring every new head to the witnesses at once; one that lacks cosignatures, again and again."""
        asked: Head | None = None
        again_at = float("inf")
        while True:
            try:
                head = self._head
                if head is None:
                    head = await self._in_thread(lambda: self._log.head)
                if head != asked or self._clock.monotonic() >= again_at:
                    whole = await self._cosigned(asker, head)
                    asked, again_at = head, float("inf") if whole else self._clock.monotonic() + ASK_AGAIN_S
            except (DabylError, sqlite3.Error, OSError) as error:
                _log.error("no cosignature can be kept: %s", error)
            await asyncio.sleep(LOOK_S)

    async def _cosigned(self, asker: Asker, head: Head) -> bool:
        """Ask for cosignatures and keep them; whether every witness gave one."""
        lines = await asker.ask(head)
        for name, line in lines.items():
            await self._in_thread(partial(self._log.cosign, name, head.checkpoint.size, line))
        return len(lines) == len(asker.witnesses)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def _settle(answer: asyncio.Future[T], result: T | Exception) -> None:
    if answer.done():  # whoever asked has gone
        return
    if isinstance(result, Exception):
        answer.set_exception(result)
    else:
        answer.set_result(result)


@asynccontextmanager
async def opened(
    folder: Path,
    signer: Signer,
    clock: Clock,
    witnesses: tuple[Known, ...] = (),
    head_folder: Path | None = None,
) -> AsyncIterator[Desk]:
    """The desk of a folder's log; nothing is signed before `run`. Raises `BadInput` and `LedgerFault`."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, "dabyl-ledger") as thread:
        log = await loop.run_in_executor(thread, lambda: Log(folder, signer, head_folder))
        try:
            with Shelf(folder, str(signer.key), head_folder) as shelf:
                async with aiohttp.ClientSession() as session:
                    yield Desk(
                        log, thread, shelf, Asker(session, shelf, witnesses) if witnesses else None, clock
                    )
        finally:
            await loop.run_in_executor(thread, log.__exit__)
