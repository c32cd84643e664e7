"""Delivery to a small collector: good days, refusals, silence, several collectors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from probes.core import delivery as delivery_core
from probes.deliver import Delivery
from probes.post import new_session
from probes.spool import Spool
from tests.probes.chance import Dice
from tests.probes.keeping.batches import KEY, measured
from tests.probes.keeping.disks import FaultyDisk
from tests.servers.processes import free_ports
from tests.servers.small_collector import SmallCollector, refuse, small_collector
from wire.signing import VerifyKey

BOOT = "00112233aabbccdd"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_core, "FIRST_WAIT_S", 0.02)
    monkeypatch.setattr(delivery_core, "LONGEST_WAIT_S", 0.05)


class Scene:
    """A spool, its delivery, and what was said."""

    def __init__(self, *collectors: str) -> None:
        self.said: list[str] = []
        self.disk = FaultyDisk()
        self.spool = Spool(Path("/probe"), self.disk, KEY, BOOT, self.said.append)
        self.delivery = Delivery(collectors, self.spool, Dice(), self.said.append)

    def keep(self, name: str) -> None:
        self.spool.keep([measured(name)])
        self.delivery.wake.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with new_session() as session, asyncio.TaskGroup() as group:
            task = group.create_task(self.delivery.run(session))
            yield
            task.cancel()


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110  # what is waited for is at the other end of a socket
            await asyncio.sleep(0.005)


def know(collector: SmallCollector) -> None:
    collector.keys[KEY.id] = VerifyKey(KEY.public)


async def test_what_is_kept_arrives_once_and_is_forgotten_here() -> None:
    async with small_collector() as collector:
        know(collector)
        scene = Scene(collector.url + "/")
        scene.keep("a")
        async with scene.running():
            await until(lambda: not scene.spool.waiting)
            scene.keep("b")
            await until(lambda: collector.ids() == ["a", "b"] and not scene.spool.waiting)
    assert collector.requests == 2
    assert scene.said == [f"delivering to {collector.url}"]
    assert not [path for path in scene.disk.files if path.suffix == ".batch"]


@pytest.mark.parametrize(
    "answer",
    [
        lambda: refuse(503, "storage", retry=True),
        lambda: refuse(429, "rate", retry=True),
        lambda: web.Response(status=500),
        lambda: web.Response(status=200, text="welcome"),
        lambda: web.Response(status=302, headers={"Location": "http://127.0.0.1:9/"}),
        lambda: web.Response(status=403, text="<html>blocked"),
    ],
    ids=["storage", "rate", "500", "no receipt", "redirect", "somebody else's 403"],
)
async def test_trouble_is_waited_out_and_told_once(answer: Callable[[], web.Response]) -> None:
    async with small_collector() as collector:
        know(collector)
        collector.conduct = lambda it: answer() if it.requests <= 3 else None
        scene = Scene(collector.url)
        scene.keep("a")
        async with scene.running():
            await until(lambda: not scene.spool.waiting)
    assert collector.ids() == ["a"]
    assert len(scene.said) == 2
    assert "keeping it and trying again" in scene.said[0]
    assert scene.said[1] == f"delivering to {collector.url}"


async def test_a_batch_that_nobody_will_take_is_set_aside_and_the_next_gets_through() -> None:
    async with small_collector() as collector:
        know(collector)
        collector.conduct = lambda it: refuse(422, "schema") if it.requests == 1 else None
        scene = Scene(collector.url)
        scene.keep("a")
        scene.keep("b")
        async with scene.running():
            await until(lambda: not scene.spool.waiting)
    assert collector.ids() == ["b"]
    assert len([path for path in scene.disk.files if path.parent.name == "refused"]) == 1
    assert "refused a batch for good (schema: because of the test)" in scene.said[0]


async def test_a_collector_that_does_not_know_us_loses_nothing() -> None:
    async with small_collector() as collector:
        scene = Scene(collector.url)
        scene.keep("a")
        async with scene.running():
            await until(lambda: bool(scene.said))
            assert "does not know this probe" in scene.said[0]
            know(collector)
            await until(lambda: not scene.spool.waiting)
    assert collector.ids() == ["a"]


async def test_the_next_collector_is_tried() -> None:
    (closed,) = free_ports(1)
    async with small_collector() as collector:
        know(collector)
        scene = Scene(f"http://127.0.0.1:{closed}", collector.url)
        scene.keep("a")
        async with scene.running():
            await until(lambda: not scene.spool.waiting)
    assert collector.ids() == ["a"]
    assert "does not take anything now (connection_refused)" in scene.said[0]


async def test_a_gap_is_filled_when_it_is_asked_for() -> None:
    async with small_collector() as collector:
        know(collector)
        scene = Scene(collector.url)
        scene.keep("a")
        scene.keep("b")
        scene.spool._forget(scene.spool.waiting[0])
        collector.missing = (1,)
        async with scene.running():
            await until(lambda: (BOOT, 1) in collector.batches)
            collector.missing = ()
            await until(lambda: not scene.spool.waiting)
    assert collector.batches[BOOT, 1] == []
    assert collector.ids() == ["b"]


async def test_a_batch_that_cannot_be_read_back_is_replaced() -> None:
    async with small_collector() as collector:
        know(collector)
        scene = Scene(collector.url)
        scene.keep("a")
        scene.disk.files.clear()
        async with scene.running():
            await until(lambda: not scene.spool.waiting)
    assert collector.batches == {(BOOT, 1): []}
    assert "it is lost" in scene.said[0]
