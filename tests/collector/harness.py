"""A collector in this process, and a probe's hands to reach it with."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import aiohttp
import msgspec
from msgspec.structs import replace

from collector import Settings, new_invite, serve
from tests.collector.core.scenes import ASTANA, NOW
from wire import batch
from wire.enrol import Role, enrolment
from wire.records import Measurement, Network
from wire.signing import Purpose, SigningKey
from wire.times import EPOCH

BOOT = "00112233aabbccdd"


class TestClock:
    """A wall clock that stands where it was put, and a steady one that runs."""

    __test__ = False

    def __init__(self, now: float = NOW) -> None:
        self.seconds = now

    def now(self) -> datetime:
        return EPOCH + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return monotonic()


class TestRandomness:
    """The same chance in every run."""

    __test__ = False

    def __init__(self, seed: int = 1) -> None:
        self._drawn = seed << 32

    def token(self, size: int) -> bytes:
        self._drawn += 1
        return hashlib.shake_256(str(self._drawn).encode()).digest(size)

    def uniform(self, low: float, high: float) -> float:
        return (low + high) / 2


class Running:
    """A collector that listens, its folder, its clock, and a client."""

    def __init__(self, url: str, folder: Path, clock: TestClock, client: aiohttp.ClientSession) -> None:
        self.url, self.folder, self.clock, self.client = url, folder, clock, client
        self._chance = TestRandomness(7)

    async def enrol(self, key: SigningKey, role: Role = "probe", network: Network = ASTANA) -> None:
        """Make an invite and use it."""
        token = await asyncio.to_thread(new_invite, self.folder, role, 1.0, self.clock, self._chance)
        status, answer = await self.post("/v1/enrol", msgspec.json.encode(enrolment(key, token, network)))
        assert status == 200, answer

    async def send(
        self, key: SigningKey, records: Sequence[object], sequence: int = 1, *, boot: str = BOOT
    ) -> tuple[int, Any]:
        """A batch of measurements as the probe would send it."""
        return await self.post("/v1/measurements", sealed(key, records, sequence, boot=boot))

    async def report(self, key: SigningKey, records: Sequence[object], sequence: int = 1) -> tuple[int, Any]:
        """A batch of stations' reports as the gateway would send it."""
        raw = sealed(key, records, sequence, purpose="dabyl/v1/report")
        return await self.post("/v1/reports", raw)

    async def post(self, path: str, raw: bytes, **options: Any) -> tuple[int, Any]:
        """The status and the JSON of an answer."""
        async with self.client.post(self.url + path, data=raw, **options) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str) -> Any:
        """The JSON of an answer that is expected to be 200."""
        async with self.client.get(self.url + path) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def text(self, path: str) -> str:
        """The text of an answer that is expected to be 200."""
        async with self.client.get(self.url + path) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.text()

    async def metric(self, line: str, path: str = "/metrics") -> float | None:
        """The value of one series, by its name and labels as they are printed."""
        found = [one for one in (await self.text(path)).splitlines() if one.startswith(line + " ")]
        return float(found[0].rsplit(" ", 1)[1]) if found else None


def sealed(
    key: SigningKey,
    records: Sequence[object],
    sequence: int = 1,
    *,
    boot: str = BOOT,
    purpose: Purpose = "dabyl/v1/batch",
) -> bytes:
    """The bytes of a signed batch, whoever measured."""
    own = [replace(one, probe=key.id) if isinstance(one, Measurement) else one for one in records]
    return batch.seal(key, purpose, boot, sequence, own)


@asynccontextmanager
async def running(folder: Path, clock: TestClock | None = None, **settings: Any) -> AsyncIterator[Running]:
    """A collector on a free port of loopback."""
    clock = clock or TestClock()
    chosen = Settings(listen="127.0.0.1:0", data=str(folder), **settings)
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as group, aiohttp.ClientSession() as client:
        task = group.create_task(serve(chosen, clock, TestRandomness(), address.set_result))
        task.add_done_callback(lambda _: address.done() or address.cancel())
        try:
            yield Running(await address, folder, clock, client)
        finally:
            task.cancel()
