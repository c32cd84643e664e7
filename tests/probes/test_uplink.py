"""The upload test against a server that takes posts: as fast as it can, slowly, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from dabyl.system import SystemClock, SystemRandom
from probes.post import new_session
from probes.uplink import Uplink, measure_uplink
from tests.servers.processes import free_ports
from wire.records import Step

BUDGET = 700_000


class _Sink:
    """Takes posts; reads at a limited rate where one is given."""

    def __init__(self, bytes_per_s: float = 0.0, status: int = 204) -> None:
        self._bytes_per_s = bytes_per_s
        self._status = status
        self.taken = 0

    async def take(self, request: web.Request) -> web.Response:
        async for piece in request.content.iter_chunked(4096):
            self.taken += len(piece)
            if self._bytes_per_s:
                await asyncio.sleep(len(piece) / self._bytes_per_s)
        return web.Response(status=self._status)


@asynccontextmanager
async def serving(sink: _Sink) -> AsyncIterator[str]:
    app = web.Application(client_max_size=0)
    app.router.add_post("/sink", sink.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/sink?secret=1"
    finally:
        await runner.cleanup()


async def upload_to(url: str, budget: int = BUDGET, needed_bps: float = 2_000_000) -> Step:
    uplink = Uplink(url=url, budget_bytes=budget, needed_bps=needed_bps)
    async with new_session() as session:
        return await measure_uplink(uplink, session, SystemClock(), SystemRandom())


async def test_a_wide_line_is_fine_and_the_budget_is_kept() -> None:
    sink = _Sink()
    async with serving(sink) as url:
        step = await upload_to(url)
    assert (step.failure, step.stream_state, step.role) == (None, "fine", "upload")
    assert step.bytes_seen == sink.taken - 1 <= BUDGET
    assert "secret" not in step.url


async def test_a_thin_line_is_thin_and_its_rate_is_found() -> None:
    async with serving(_Sink(bytes_per_s=100_000)) as url:
        step = await upload_to(url, budget=100_000)
    assert step.stream_state == "thin"
    assert step.bitrate_bps == pytest.approx(800_000, rel=0.35)


async def test_a_server_that_does_not_take_posts_tells_nothing_of_the_line() -> None:
    async with serving(_Sink(status=413)) as url:
        step = await upload_to(url)
    assert (step.failure, step.stream_state, step.bitrate_bps) == ("unknown_failure: http 413", "", None)


async def test_nobody_there_tells_nothing_of_the_line() -> None:
    step = await upload_to(f"http://127.0.0.1:{free_ports(1)[0]}/sink")
    assert (step.failure or "").startswith("unknown_failure: ")
    assert step.stream_state == ""


async def test_no_budget_is_no_test() -> None:
    async with serving(_Sink()) as url:
        assert (await upload_to(url, budget=0)).failure == "unknown_failure: no budget"
