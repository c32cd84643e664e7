"""A gateway in this process, on loopback, with a clock that the test moves."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sms_gateway import KannelLink, Settings, serve
from sms_gateway.catalogue import say
from sms_gateway.core.intake import Desk, Taken, take
from sms_gateway.core.message import Message
from sms_gateway.inbox import Rules
from wire.facts import regions

PHONE = "+77011234567"
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
RULES = Rules(replies_per_hour=3, reply_s=3600)
DESK = Desk(regions=regions(), key=bytes(32), say=say)
INVITE = "invite-of-the-tests-01"
BOOT = "00112233aabbccdd"
NOWHERE = "http://127.0.0.1:1"
RECEIVED = "dabyl_sms_received_total"
REJECTED = "dabyl_sms_rejected_total"
SENT = "dabyl_sms_sent_total"


class MovableClock:
    """A wall clock that stands until it is moved, and a steady one that runs."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return monotonic()

    def move(self, **by: float) -> None:
        self.time += timedelta(**by)


class SeededRandomness:
    """Chance that is the same in every run, and the shortest pauses."""

    def __init__(self) -> None:
        self._count = 0

    def token(self, size: int) -> bytes:
        self._count += 1
        return hashlib.shake_128(str(self._count).encode()).digest(size)

    def uniform(self, low: float, high: float) -> float:
        return min(low, high)


def kannel_link(url: str, sender: str = "") -> KannelLink:
    """A link that answers through a Kannel at this address."""
    return KannelLink(sendsms=url, username="dabyl", password="p&w", sender=sender)


def taken(
    text: str = "KZ-71-0379 OPEN", ident: str = "m1", sender: str = PHONE, after_s: float = 0.0
) -> Taken:
    """A text worked out, as the inbox gets it."""
    message = Message(link="kannel", id=ident, sender=sender, recipient="1234", text=text)
    return take(message, NOW + timedelta(seconds=after_s), DESK, answers=True)


class Gateway:
    """A gateway that listens, with Kannel's hands to reach it."""

    def __init__(self, url: str, folder: Path, clock: MovableClock, client: aiohttp.ClientSession) -> None:
        self.url, self.folder, self.clock, self._client = url, folder, clock, client
        self._count = 0

    async def text(self, text: str = "KZ-71-0379 OPEN", sender: str = PHONE, **more: str) -> int:
        """A text as smsbox brings it; gives the status."""
        self._count += 1
        asked = {"from": sender, "to": "1234", "text": text, "id": f"m{self._count}"} | more
        return (await self.get("/kannel?" + urlencode(asked)))[0]

    async def get(self, path: str) -> tuple[int, str]:
        """Status and body of any page."""
        async with self._client.get(self.url + path) as answer:
            return answer.status, await answer.text()

    async def metric(self, line: str) -> float:
        """The value of one series; 0 when it does not exist."""
        lines = (await self.get("/metrics"))[1].splitlines()
        return next((float(one.rsplit(" ", 1)[1]) for one in lines if one.startswith(line + " ")), 0.0)

    async def until_read(self) -> None:
        """Wait until the journal is empty."""
        async with asyncio.timeout(15):
            while "journal" in (await self.get("/healthz"))[1]:  # noqa: ASYNC110  # a page is looked at
                await asyncio.sleep(0.01)

    async def counted(self, line: str) -> None:
        """Wait until a series is above 0."""
        async with asyncio.timeout(15):
            while not await self.metric(line):  # noqa: ASYNC110  # a page is looked at, as Prometheus does
                await asyncio.sleep(0.01)


@asynccontextmanager
async def gateway(
    folder: Path, collector: str, clock: MovableClock | None = None, **settings: Any
) -> AsyncIterator[Gateway]:
    """A gateway on a free port; stopped cleanly at the end."""
    clock = clock or MovableClock()
    chosen = {"link": (KannelLink(),), "invite": INVITE} | settings
    url: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as group, aiohttp.ClientSession() as client:
        running = serve(
            Settings(listen="127.0.0.1:0", data=str(folder), collector=collector, **chosen),
            clock, SeededRandomness(), url.set_result,
        )  # fmt: skip
        task = group.create_task(running)
        task.add_done_callback(lambda _: url.done() or url.cancel())
        try:
            yield Gateway(await url, folder, clock, client)
        finally:
            task.cancel()


async def eventually(true: Callable[[], Any], within_s: float = 15.0) -> None:
    """Wait until something holds; fails when it does not in time."""
    async with asyncio.timeout(within_s):
        while not true():  # noqa: ASYNC110  # it is looked at from outside, where no event can be rung
            await asyncio.sleep(0.01)


def all_bytes(folder: Path) -> bytes:
    """Everything that is in a folder's files."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """What a gateway's store holds, once it is closed."""
    connection = sqlite3.connect(folder / "sms.sqlite3")
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()
