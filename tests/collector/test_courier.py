"""Late figures leave for Prometheus from a running collector: once, durable, whatever the destination does."""

from __future__ import annotations

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
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
        async with cut.collector() as collector:
            await cut.enrol(collector)
            cut.clock.seconds = START + 5 * HOUR
            await cut.spools(collector, 0)
            cut.clock.seconds += QUIET_S
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
        async with cut.collector() as collector:
            await cut.enrol(collector)
            cut.clock.seconds = START + 5 * HOUR
            await cut.spools(collector, 0)
        cut.clock.seconds += QUIET_S
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
        async with cut.collector() as collector:
            await cut.enrol(collector)
            cut.clock.seconds = START + 5 * HOUR
            await cut.spools(collector, 0)
            cut.clock.seconds += QUIET_S
            await collector.courier.turn()
            assert total(collector, "remote_write", "refused") == 64
            taker.status = 204
            await collector.courier.turn()
            assert taker.asked == 1


async def test_what_is_too_old_for_the_window_becomes_a_text_for_promtool(tmp_path: Path) -> None:
    async with receiver() as taker:
        cut = Cut(tmp_path, to(taker, window_s=HOUR))
        async with cut.collector() as collector:
            await cut.enrol(collector)
            cut.clock.seconds = START + 2 * HOUR
            await cut.spools(collector, 0, 90)
            cut.clock.seconds += QUIET_S
            await collector.courier.turn()
            assert {minute for _, minute in taker.values()} == set(range(90, 106))
            (text,) = (tmp_path / "late").iterdir()
            assert text.name.endswith(".om")
            assert text.read_text().count("\ndabyl_reachability_ratio{") == 16
            assert total(collector, "file", "taken") == 64


async def test_what_the_server_itself_calls_too_old_goes_the_same_way(tmp_path: Path) -> None:
    async with receiver() as taker:
        cut = Cut(tmp_path, to(taker))
        taker.status, taker.said = 500, "too old sample"
        async with cut.collector() as collector:
            await cut.enrol(collector)
            cut.clock.seconds = START + 5 * HOUR
            await cut.spools(collector, 0)
            cut.clock.seconds += QUIET_S
            await collector.courier.turn()
            assert total(collector, "remote_write", "too_old") == total(collector, "file", "taken") == 64


def program(folder: Path, lines: str) -> str:
    path = folder / "promtool"
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


async def test_blocks_are_made_and_a_promtool_that_fails_is_asked_again(tmp_path: Path) -> None:
    data = tmp_path / "data"
    broken = program(tmp_path, "echo 'no room' >&2; exit 1")
    cut = Cut(data, Late(blocks=str(tmp_path / "tsdb"), promtool=broken))
    async with cut.collector() as collector:
        await cut.enrol(collector)
        cut.clock.seconds = START + 5 * HOUR
        await cut.spools(collector, 0)
        cut.clock.seconds += QUIET_S
        with pytest.raises(OSError, match="promtool: no room"):
            await collector.courier.turn()
        assert total(collector, "blocks", "failed") == 64
        program(tmp_path, f'cp "$4" {tmp_path}/seen; echo "$5" >>{tmp_path}/seen')
        await collector.courier.turn()
        assert (tmp_path / "seen").read_text().endswith(f"# EOF\n{tmp_path / 'tsdb'}\n")
        assert total(collector, "blocks", "taken") == 64
        assert list((data / "late").iterdir()) == [], "the text was only on its way"


async def test_a_promtool_that_is_not_there_is_an_error_that_is_tried_again(tmp_path: Path) -> None:
    cut = Cut(tmp_path, Late(blocks=str(tmp_path / "tsdb"), promtool=str(tmp_path / "none")))
    async with cut.collector() as collector:
        await cut.enrol(collector)
        cut.clock.seconds = START + 5 * HOUR
        await cut.spools(collector, 0)
        cut.clock.seconds += QUIET_S
        with pytest.raises(FileNotFoundError):
            await collector.courier.turn()


async def test_a_token_goes_with_every_request(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("secret\n")
    async with receiver() as taker:
        cut = Cut(tmp_path / "data", to(taker, token_file=str(tmp_path / "token")))
        async with cut.collector() as collector:
            await cut.enrol(collector)
            cut.clock.seconds = START + 5 * HOUR
            await cut.spools(collector, 0)
            cut.clock.seconds += QUIET_S
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
        async with cut.collector() as collector:
            await cut.enrol(collector)
            cut.clock.seconds = START + 5 * HOUR
            await cut.spools(collector, 0)
            cut.clock.seconds += QUIET_S
            async with asyncio.timeout(10), asyncio.TaskGroup() as group:
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
