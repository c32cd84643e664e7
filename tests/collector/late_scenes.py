"""Probes that deliver late to a collector, and a server for remote write that answers as it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from collector import Settings, opened
from collector.core.late import Sample
from collector.invites import new_invite
from collector.serve import Collector
from collector.settings import Late
from tests.collector.core.scenes import ASTANA, NOW, key, seen
from tests.collector.harness import TestClock, TestRandomness, sealed
from tests.servers.remote_write import written
from wire import canonical
from wire.enrol import enrolment

START = NOW - NOW % 60
HOUR = 3600.0
PROBES = (1, 2, 3)
QUIET_S = 301.0


class Receiver:
    """A server for remote write that answers as it is told and keeps what it took."""

    def __init__(self) -> None:
        self.status, self.said, self.token = 204, "", ""
        self.samples: list[Sample] = []
        self.url = ""
        self.asked = 0

    async def take(self, request: web.Request) -> web.Response:
        self.asked += 1
        self.token = request.headers.get("Authorization", "")
        body = await request.read()
        if self.status == 204:
            self.samples += written(body)
        return web.Response(status=self.status, text=self.said or None)

    def values(self, name: str = "dabyl_reachability_probes") -> dict[tuple[str, float], float]:
        found: dict[tuple[str, float], float] = {}
        for one in self.samples:
            if one.name == name:
                where = dict(one.labels)["instance"], (one.at_ms / 1000 - START) / 60
                assert where not in found, "no sample twice"
                found[where] = one.value
        return found


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    taker = Receiver()
    app = web.Application()
    app.router.add_post("/api/v1/write", taker.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    taker.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/v1/write"
    try:
        yield taker
    finally:
        await runner.cleanup()


class Cut:
    """A collector whose probes deliver late, and its clock."""

    def __init__(self, folder: Path, late: Late, **settings: Any) -> None:
        self.folder, self.clock, self.start = folder, TestClock(START), START
        self.settings = Settings(data=str(folder), late=late, **settings)
        self._sequence = dict.fromkeys(range(1, 10), 0)

    @asynccontextmanager
    async def collector(self) -> AsyncIterator[Collector]:
        async with opened(self.settings, self.clock, TestRandomness()) as collector:
            yield collector

    @asynccontextmanager
    async def over(self, *minutes: float, after: float = 5 * HOUR) -> AsyncIterator[Collector]:
        """A collector to which probes have just delivered what they measured hours ago, once all is quiet."""
        async with self.collector() as collector:
            await self.enrol(collector)
            self.clock.seconds = START + after
            await self.spools(collector, *(minutes or (0,)))
            self.clock.seconds += QUIET_S
            yield collector

    async def enrol(self, collector: Collector, numbers: tuple[int, ...] = PROBES) -> None:
        for number in numbers:
            token = new_invite(self.folder, "probe", 1.0, self.clock, TestRandomness(number + 10))
            await collector.taking.admit(canonical.encode(enrolment(key(number), token, ASTANA)))

    async def deliver(self, collector: Collector, number: int, *minutes: float, state: str = "ok") -> None:
        """What a probe measured at those minutes after the start, delivered now."""
        self._sequence[number] += 1
        records = [seen("a", state, probe=key(number).id, at=self.start + 60 * minute) for minute in minutes]  # type: ignore[arg-type]  # short words
        raw = sealed(key(number), records, self._sequence[number])
        await collector.taking.take(raw, "dabyl/v1/batch")

    async def spools(self, collector: Collector, *minutes: float) -> None:
        for number in PROBES:
            await self.deliver(collector, number, *minutes)


def to(taker: Receiver, **more: Any) -> Late:
    return Late(remote_write=taker.url, **more)


def total(collector: Collector, destination: str, result: str) -> int:
    return collector.live.totals.late[destination, result]
