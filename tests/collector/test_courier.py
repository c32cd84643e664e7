"""Late figures leave for Prometheus from a running collector: once, durable, whatever the destination does."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from collector import Settings
from collector.serve import Collector
from collector.settings import Late
from tests.collector.late_scenes import HOUR, QUIET_S, START, Cut, receiver, to, total


async def test_what_was_measured_in_a_cut_is_told_at_its_own_time(tmp_path: Path) -> None:
    async with receiver() as taker:
        cut = Cut(tmp_path, to(taker))
        async with cut.collector() as collector:
            await cut.enrol(collector)
            cut.clock.seconds = START + 5 * HOUR
            await cut.spools(collector, 0, 5)
            await collector.courier.turn()
            assert taker.asked == 0, "more may be on its way"
            cut.clock.seconds += QUIET_S
            await collector.courier.turn()
            assert taker.values() == {("late", minute): 3.0 for minute in range(21)}
            assert total(collector, "remote_write", "taken") == 4 * 21
            await collector.courier.turn()
            assert taker.asked == 1, "once"


async def test_who_delivers_in_time_is_not_late(tmp_path: Path) -> None:
    async with receiver() as taker:
        cut = Cut(tmp_path, to(taker))
        async with cut.collector() as collector:
            await cut.enrol(collector)
            cut.clock.seconds = START + 60
            await cut.spools(collector, 0)
            cut.clock.seconds += HOUR
            await collector.courier.turn()
            assert taker.asked == 0


async def test_fewer_than_three_probes_are_told_nowhere(tmp_path: Path) -> None:
    async with receiver() as taker:
        cut = Cut(tmp_path, to(taker))
        async with cut.collector() as collector:
            await cut.enrol(collector)
            cut.clock.seconds = START + 5 * HOUR
            await cut.deliver(collector, 1, 0)
            await cut.deliver(collector, 2, 0)
            cut.clock.seconds += QUIET_S
            await collector.courier.turn()
            assert taker.asked == 0


async def test_newcomers_to_minutes_that_were_told_are_a_copy_of_their_own(tmp_path: Path) -> None:
    async with receiver() as taker:
        cut = Cut(tmp_path, to(taker), publish_from=1)
        async with cut.collector() as collector:
            await cut.enrol(collector, (1, 2, 3, 4))
            cut.clock.seconds = START + 5 * HOUR
            await cut.spools(collector, 0)
            cut.clock.seconds += QUIET_S
            await collector.courier.turn()
            await cut.deliver(collector, 4, 10)
            cut.clock.seconds += QUIET_S
            await collector.courier.turn()
            first = {("late", minute): 3.0 for minute in range(16)}
            again = {("late-2", minute): 1.0 for minute in range(10, 16)}
            assert taker.values() == first | again | {("late", minute): 1.0 for minute in range(16, 26)}


async def test_a_stream_of_latecomers_does_not_wait_for_ever(tmp_path: Path) -> None:
    async with receiver() as taker:
        cut = Cut(tmp_path, to(taker))
        async with cut.collector() as collector:
            await cut.enrol(collector)
            cut.clock.seconds = START + 5 * HOUR
            for minute in range(8):
                await cut.spools(collector, minute)
                cut.clock.seconds += 290
                await collector.courier.turn()
            assert taker.asked == 1


async def test_a_server_that_fails_gets_the_same_later(tmp_path: Path) -> None:
    async with receiver() as taker:
        cut = Cut(tmp_path, to(taker))
        taker.status, taker.said = 503, "not now"
        async with cut.over() as collector:
            with pytest.raises(OSError, match="the server failed with 503: not now"):
                await collector.courier.turn()
            assert total(collector, "remote_write", "failed") == 64
            taker.status = 204
            await collector.courier.turn()
            assert len(taker.values()) == 16
            assert total(collector, "remote_write", "taken") == 64


async def test_what_waits_survives_the_end_of_the_collector(tmp_path: Path) -> None:
    """Marks before they are added up, and the queue while nobody answers."""
    async with receiver() as taker:
        cut = Cut(tmp_path, to(taker))
        async with cut.over():
            pass
        taker.status = 500
        async with cut.collector() as collector:
            with pytest.raises(OSError, match="500"):
                await collector.courier.turn()
        taker.status = 204
        async with cut.collector() as collector:
            await collector.courier.turn()
        assert taker.values() == {("late", minute): 3.0 for minute in range(16)}


async def test_a_refusal_for_good_is_counted_and_does_not_stop_the_rest(tmp_path: Path) -> None:
    async with receiver() as taker:
        cut = Cut(tmp_path, to(taker))
        taker.status, taker.said = 400, "duplicate sample for timestamp"
        async with cut.over() as collector:
            await collector.courier.turn()
            assert total(collector, "remote_write", "refused") == 64
            taker.status = 204
            await collector.courier.turn()
            assert taker.asked == 1


async def test_a_token_goes_with_every_request(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("secret\n")
    async with receiver() as taker:
        cut = Cut(tmp_path / "data", to(taker, token_file=str(tmp_path / "token")))
        async with cut.over() as collector:
            await collector.courier.turn()
        assert taker.token == "Bearer secret"


async def test_a_row_with_late_figures_stays_until_they_are_added_up(tmp_path: Path) -> None:
    async with receiver() as taker:
        cut = Cut(tmp_path, to(taker))
        async with cut.collector() as collector:
            await cut.enrol(collector)
            cut.clock.seconds = START + 5 * HOUR
            await cut.spools(collector, 0)
            cut.clock.seconds += 5 * HOUR
            await collector.archive()
            await collector.courier.turn()
        assert len(taker.values()) == 16


async def test_without_a_destination_no_mark_keeps_a_row(tmp_path: Path) -> None:
    cut = Cut(tmp_path, Late(remote_write="http://127.0.0.1:9/"))
    async with cut.collector() as collector:
        await cut.enrol(collector)
        cut.clock.seconds = START + 5 * HOUR
        await cut.spools(collector, 0)
    cut.settings = Settings(data=str(tmp_path))
    async with cut.collector() as collector:
        await collector.courier.run()
        assert await rows_after(collector, collector.archive) == 3
        cut.clock.seconds += 5 * HOUR
        await cut.deliver(collector, 1, 300)
        assert await rows_after(collector, collector.archive) == 1


async def rows_after(collector: Collector, work: Callable[[], Awaitable[None]]) -> int:
    await work()
    return collector.store.late.read(lambda db: int(db.execute("SELECT count(*) FROM batches").fetchone()[0]))


async def test_a_revoked_probe_is_not_told(tmp_path: Path) -> None:
    async with receiver() as taker:
        cut = Cut(tmp_path, to(taker), publish_from=1)
        async with cut.collector() as collector:
            await cut.enrol(collector)
            cut.clock.seconds = START + 5 * HOUR
            await cut.spools(collector, 0)
            next(iter(collector.live.roster)).revoked = True
            cut.clock.seconds += QUIET_S
            await collector.courier.turn()
        assert set(taker.values().values()) == {2.0}


async def test_the_courier_goes_on_after_a_failure(tmp_path: Path) -> None:
    async with receiver() as taker:
        taker.status = 500
        cut = Cut(tmp_path, to(taker, every_s=0.01))
        async with cut.over() as collector, asyncio.timeout(10), asyncio.TaskGroup() as group:
            task = group.create_task(collector.courier.run())
            while taker.asked < 2:  # noqa: ASYNC110 - asked over HTTP
                await asyncio.sleep(0.01)
            taker.status = 204
            while not taker.samples:  # noqa: ASYNC110 - asked over HTTP
                await asyncio.sleep(0.01)
            task.cancel()


def test_settings_of_late_figures_name_what_is_wrong() -> None:
    assert not Late().wanted
    assert Late(blocks="/x").wanted
    assert Late().token() == ""
    with pytest.raises(FileNotFoundError):
        Late(token_file=os.devnull + "x").token()
