"""A small simulated country whose probes send real signed batches to a real collector."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from tests.collector.core.detect.world import HOUR, World, lines, simulate
from tests.collector.core.scenes import key
from tests.collector.harness import Running, TestClock, running
from wire.records import Measurement, Network
from wire.signing import SigningKey

STEP_S = 30.0
_decode = msgspec.json.Decoder(Measurement).decode


class Country:
    """The world's measurements by probe, and how much of them has been sent."""

    def __init__(self, world: World) -> None:
        self.world, self.columns = world, simulate(world)
        self.keys = [key(100 + number) for number in range(len(self.columns.probes))]
        self.clock = TestClock(world.begin)
        self._lines = list(lines(self.columns))
        self._sent = 0
        self._sequence: dict[int, int] = defaultdict(int)

    async def enrol(self, collector: Running) -> None:
        for signer in self.keys:
            await collector.enrol(signer, network=Network())
            self.clock.seconds += 6  # as many callers as the rate allows

    async def go(self, collector: Running, hour: float) -> None:
        """Send all that arrives until then, in steps of half a minute."""
        until = self.world.begin + hour * HOUR
        self.clock.seconds = max(self.clock.seconds, self.world.begin)
        while self.clock.seconds < until:
            self.clock.seconds = min(until, self.clock.seconds + STEP_S)
            await self._send(collector)

    async def _send(self, collector: Running) -> None:
        last = int(np.searchsorted(self.columns.arrival, self.clock.seconds))
        batches: dict[int, list[Measurement]] = defaultdict(list)
        for index in range(self._sent, last):
            number = int(self.columns.probe[index])
            batches[number].append(self._record(index, self.keys[number]))
        self._sent = last
        async with asyncio.TaskGroup() as group:
            for number, records in batches.items():
                group.create_task(self._deliver(collector, number, records))

    async def _deliver(self, collector: Running, number: int, records: list[Measurement]) -> None:
        self._sequence[number] += 1
        status, answer = await collector.send(self.keys[number], records, self._sequence[number])
        assert status == 200, answer

    def _record(self, index: int, signer: SigningKey) -> Measurement:
        record = _decode(self._lines[index])
        return msgspec.structs.replace(record, probe=signer.id, received_at=None)


@asynccontextmanager
async def watching(folder: Path, country: Country, **settings: Any) -> AsyncIterator[Running]:
    """A collector that looks for incidents five times a second."""
    async with running(folder, country.clock, detect_every_s=0.2, **settings) as collector:
        yield collector


async def until(
    collector: Running, wanted: Callable[[list[Any]], bool], path: str = "/v1/incidents"
) -> list[Any]:
    """The incidents, once they are as wanted."""
    found: list[Any] = []
    async with asyncio.timeout(20):
        while not wanted(found := (await collector.get(path))["incidents"]):  # noqa: ASYNC110 - it is asked over HTTP
            await asyncio.sleep(0.05)
    return found
