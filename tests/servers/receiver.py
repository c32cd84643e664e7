"""A collector's two doors for a gateway, with the faults that a real one shows only on a bad day.

It checks every signature as the real one does and counts by boot and sequence.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from wire import batch, canonical
from wire.enrol import Enrolled, Enrolment, Role, check_enrolment
from wire.receipts import Receipt, Refusal
from wire.records import StationReport
from wire.signing import VerifyKey, key_id

Answer = Callable[[batch.Envelope], tuple[int, object] | None]
"""What is answered instead of a receipt, or None."""


class Receiver:
    """What arrived: the exact batches by boot and sequence, and the order of all requests."""

    def __init__(self) -> None:
        self.url = ""
        self.role: Role = "gateway"
        self.keys: dict[str, VerifyKey] = {}
        self.batches: dict[tuple[str, int], bytes] = {}
        self.seen: list[tuple[str, int]] = []
        self.answer: Answer = lambda _: None
        self.missing: tuple[int, ...] = ()

    def reports(self) -> list[StationReport]:
        """All reports of all batches that were kept."""
        return [one for raw in self.batches.values() for one in batch.reports(batch.take_apart(raw))]

    async def enrol(self, request: web.Request) -> web.Response:
        asked = canonical.Decoder(Enrolment)(await request.read())
        public = check_enrolment(asked)
        self.keys[key_id(public)] = VerifyKey(public)
        return _json(200, Enrolled(probe=key_id(public), role=self.role))

    async def report(self, request: web.Request) -> web.Response:
        raw = await request.read()
        envelope = batch.take_apart(raw)
        self.seen.append((envelope.boot, envelope.sequence))
        key = self.keys.get(envelope.probe)
        if key is None:
            return _json(401, Refusal(error="unknown_probe", detail="not enrolled"))
        batch.verify(envelope, key, "dabyl/v1/report")
        other = self.answer(envelope)
        return self._receipt(envelope, raw) if other is None else _json(*other)

    def _receipt(self, envelope: batch.Envelope, raw: bytes) -> web.Response:
        place = (envelope.boot, envelope.sequence)
        known = self.batches.setdefault(place, raw)
        if known != raw:
            return _json(409, Refusal(error="conflict", detail="another batch is here"))
        missing, self.missing = self.missing, ()
        return _json(
            200, Receipt(result="new", boot=envelope.boot, high_water=envelope.sequence, missing=missing)
        )


@asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver on a free port of loopback."""
    found = Receiver()
    app = web.Application()
    app.router.add_post("/v1/enrol", found.enrol)
    app.router.add_post("/v1/reports", found.report)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield found
    finally:
        await runner.cleanup()


def _json(status: int, content: object) -> web.Response:
    return web.Response(status=status, body=canonical.encode(content), content_type="application/json")
