"""A collector that keeps everything in memory and treats what comes as a test says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from wire import batch, canonical
from wire.enrol import Enrolled, Enrolment, check_enrolment
from wire.receipts import Receipt, Refusal
from wire.records import Measurement
from wire.signing import VerifyKey, key_id

Conduct = Callable[["SmallCollector"], web.Response | None]


@dataclass
class SmallCollector:
    """What has arrived, by boot and sequence; who is known; how the next batch is treated."""

    url: str = ""
    keys: dict[str, VerifyKey] = field(default_factory=dict)
    batches: dict[tuple[str, int], list[Measurement]] = field(default_factory=dict)
    conduct: Conduct = lambda _: None
    requests: int = 0
    missing: tuple[int, ...] = ()

    async def enrol(self, request: web.Request) -> web.Response:
        asked = canonical.Decoder(Enrolment)(await request.read())
        if asked.invite.startswith("wrong"):
            return refuse(403, "invite")
        public = check_enrolment(asked)
        self.keys[key_id(public)] = VerifyKey(public)
        return _json(Enrolled(probe=key_id(public), role="probe"))

    async def take(self, request: web.Request) -> web.Response:
        self.requests += 1
        answer = self.conduct(self)
        if answer is not None:
            return answer
        envelope = batch.take_apart(await request.read())
        if envelope.probe not in self.keys:
            return refuse(401, "unknown_probe")
        batch.verify(envelope, self.keys[envelope.probe], "dabyl/v1/batch")
        self.batches[envelope.boot, envelope.sequence] = batch.measurements(envelope)
        return _json(
            Receipt(
                result="new", boot=envelope.boot, high_water=self._mark(envelope.boot), missing=self.missing
            )
        )

    def _mark(self, boot: str) -> int:
        mark = 0
        while (boot, mark + 1) in self.batches:
            mark += 1
        return mark

    def ids(self) -> list[str]:
        """The ids of all measurements that arrived."""
        return sorted(one.id for found in self.batches.values() for one in found)


def refuse(status: int, error: str, *, retry: bool = False) -> web.Response:
    """A refusal in the collector's own words."""
    return _json(Refusal(error=error, detail="because of the test", retry=retry), status)


def _json(record: object, status: int = 200) -> web.Response:
    return web.Response(body=canonical.encode(record), status=status, content_type="application/json")


@asynccontextmanager
async def small_collector(port: int = 0) -> AsyncIterator[SmallCollector]:
    """A collector that is gone in the end."""
    collector = SmallCollector()
    app = web.Application()
    app.router.add_post("/v1/enrol", collector.enrol)
    app.router.add_post("/v1/measurements", collector.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    collector.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield collector
    finally:
        await runner.cleanup()
