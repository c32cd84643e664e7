"""Reports on their way to the collector, on its good and bad days."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.servers.receiver import receiver
from tests.sms_gateway.harness import (
    NOWHERE,
    eventually,
    gateway,
    rows,
)
from wire.receipts import Refusal


def _set_back(folder: Path) -> None:
    """What restoring an old copy does: the sequences begin anew."""
    connection = sqlite3.connect(folder / "sms.sqlite3")
    connection.execute("UPDATE facts SET value = '0' WHERE name = 'sequence'")
    connection.commit()
    connection.close()


async def test_reports_wait_for_a_collector_that_is_away_and_arrive_once(tmp_path: Path) -> None:
    async with receiver() as collector:
        collector.answer = lambda _: (503, Refusal(error="storage", detail="full", retry=True))
        async with gateway(tmp_path, collector.url) as here:
            for number in range(1, 6):
                await here.text(f"open 71 {number}")
            await eventually(lambda: len(collector.seen) >= 3)
            assert await here.metric('dabyl_sms_queue_length{link="collector",priority="report"}') == 5
            collector.answer = lambda _: None
            await eventually(lambda: len(collector.reports()) == 5)
            assert await here.metric('dabyl_sms_queue_length{link="collector",priority="report"}') == 0
        assert [one.station[-1] for one in collector.reports()] == list("12345")


async def test_reports_survive_a_restart_without_a_collector(tmp_path: Path) -> None:
    async with gateway(tmp_path, NOWHERE) as here:
        await here.text("open 71 1")
    async with receiver() as collector:
        async with gateway(tmp_path, collector.url) as here:
            await here.text("open 71 2", id="second-life")
            await eventually(lambda: len(collector.reports()) == 2)
        assert len({boot for boot, _ in collector.batches}) == 1


async def test_a_collector_that_forgot_the_key_is_enrolled_with_again(tmp_path: Path) -> None:
    async with receiver() as collector, gateway(tmp_path, collector.url) as here:
        await here.text("open 71 1")
        await eventually(collector.reports)
        collector.keys.clear()
        await here.text("open 71 2")
        await eventually(lambda: len(collector.reports()) == 2)


async def test_a_gateway_that_was_enrolled_once_starts_without_an_invite(tmp_path: Path) -> None:
    async with receiver() as collector:
        async with gateway(tmp_path, collector.url) as here:
            await here.text("open 71 1")
            await eventually(collector.reports)
        collector.keys.clear()
        async with gateway(tmp_path, collector.url, invite="") as here:
            assert await here.text("open 71 2", id="still-taken") == 200
            await eventually(lambda: len(collector.seen) == 2)


async def test_an_invite_for_another_role_is_said_and_nothing_is_lost(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with receiver() as collector:
        collector.role = "probe"
        async with gateway(tmp_path, collector.url) as here:
            assert await here.text() == 200
            await eventually(lambda: "the invite was for a probe, not for a gateway" in caplog.text)
        collector.role = "gateway"
        async with gateway(tmp_path, collector.url):
            await eventually(collector.reports)


async def test_an_old_copy_of_the_store_begins_a_new_life(tmp_path: Path) -> None:
    async with receiver() as collector:
        async with gateway(tmp_path / "a", collector.url) as here:
            await here.text("open 71 1")
            await eventually(collector.reports)
        collector.batches = {place: raw + b"?" for place, raw in collector.batches.items()}
        _set_back(tmp_path / "a")
        async with gateway(tmp_path / "a", collector.url) as here:
            await here.text("open 71 2", id="after")
            await eventually(lambda: len(collector.batches) == 2)
        boots = [boot for boot, _ in collector.batches]
        assert boots[0] != boots[1]


async def test_a_batch_that_is_never_taken_is_set_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with receiver() as collector:
        collector.answer = lambda one: (
            (422, Refusal(error="schema", detail="why")) if one.sequence == 1 and len(one.body) > 60 else None
        )
        async with gateway(tmp_path, collector.url) as here:
            await here.text("open 71 1")
            await eventually(
                lambda: (collector.seen or [("", 0)])[-1][1] == 1 and len(collector.batches) == 1
            )
            await here.text("open 71 2")
            await eventually(lambda: len(collector.reports()) == 1)
        assert collector.reports()[0].station == "KZ-71-0002"
    assert rows(tmp_path, "SELECT why FROM aside") == [("schema: why",)]
    assert "a batch set aside: schema: why" in caplog.text
