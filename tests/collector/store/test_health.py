from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable
from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request

from collector.api.giving import LOW_DISK_BYTES, Giving
from collector.core.live import Live
from collector.core.refusals import Refused
from collector.store.session import Session
from collector.store.steps import DiskSteps
from collector.store.store import Store, open_store
from collector.store.writer import STUCK_S, StoreEnded
from tests.collector.core.scenes import NOW
from tests.collector.harness import TestClock
from tests.collector.store.scenes import FailingSteps, Heard, batch, probe_in, store_in
from wire.signing import SigningKey


class JumpingClock(TestClock):
    """Its steady hand can be put forward."""

    ahead_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead_s


class HeldSteps(DiskSteps):
    """Commits that wait until they are let go, as on a disk that hangs."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def commit(self, connection: sqlite3.Connection) -> None:
        self.go.wait(10)
        super().commit(connection)


async def test_a_disk_that_hangs_is_told(tmp_path: Path) -> None:
    probe, steps, clock = probe_in(tmp_path), HeldSteps(), JumpingClock()
    store = open_store(tmp_path, clock, Heard(), steps)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(store.keep(batch(probe, 1)))
        await asyncio.sleep(0.2)
        assert store.trouble() == ""
        clock.ahead_s = STUCK_S + 1
        assert store.trouble() == "the writer is stuck"
        steps.go.set()
        await task
    await asyncio.sleep(0.1)
    assert store.trouble() == ""
    await store.close()
    assert store.trouble() == "the writer has stopped"
    with pytest.raises(Refused, match="durable"):
        await store.keep(batch(probe, 2))


async def test_a_failure_is_told_until_writing_works_again(tmp_path: Path) -> None:
    probe = probe_in(tmp_path)
    async with store_in(tmp_path, FailingSteps(0)) as store:
        with pytest.raises(Refused, match="durable"):
            await store.keep(batch(probe, 1))
        assert "the disk failed" in store.trouble()
        await until_well(store)  # the writer tries on its own, though nobody sends


async def until_well(store: Store) -> None:
    async with asyncio.timeout(5):
        while trouble := store.trouble():
            assert trouble
            await asyncio.sleep(0.05)


async def test_a_fault_of_our_own_is_no_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Session) -> None:
        raise ZeroDivisionError("a fault of ours")

    seen: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", seen.append)
    probe_in(tmp_path)
    store = open_store(tmp_path, TestClock(), Heard())
    with pytest.raises(Refused, match="durable"):
        await store._writer.do(broken)
    await store.close()
    assert [one.exc_type for one in seen] == [ZeroDivisionError], "it is not hidden"
    assert store.trouble() == "the writer has stopped"


async def test_who_waits_behind_a_fault_of_our_own_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    began, go = threading.Event(), threading.Event()

    def broken(_: Session) -> None:
        began.set()
        go.wait(10)
        raise ZeroDivisionError("a fault of ours")

    probe = probe_in(tmp_path)
    store = open_store(tmp_path, TestClock(), Heard())
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        waiting = [group.create_task(_refused(store._writer.do(broken)))]
        await asyncio.to_thread(began.wait, 5)
        waiting += [group.create_task(_refused(store.keep(batch(probe, number)))) for number in (1, 2)]
        await asyncio.sleep(0)  # each begins once
        assert store.waiting == 2
        go.set()
    assert [one.result() for one in waiting] == ["storage"] * 3
    assert await _refused(store.keep(batch(probe, 3))) == "storage", "who comes later too"
    with pytest.raises(StoreEnded):
        await store.ended()
    await store.close()


async def _refused(asked: Awaitable[object]) -> str:
    with pytest.raises(Refused) as told:
        await asked
    return told.value.reason


async def test_a_disk_that_is_nearly_full_is_told_before_it_is_full(tmp_path: Path) -> None:
    left = LOW_DISK_BYTES
    probe_in(tmp_path)
    async with store_in(tmp_path) as store:
        giving = Giving(Live(NOW), store, TestClock(), SigningKey(bytes(32)), lambda: left)
        assert (await giving.health(make_mocked_request("GET", "/healthz"))).status == 200
        left -= 1
        assert (await giving.health(make_mocked_request("GET", "/healthz"))).status == 503
