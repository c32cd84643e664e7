"""The book follows the ledger, whoever writes it; the clock of the count follows the texts."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from collector.core.times import stamp
from collector.ledger import LedgerFault
from collector.sheets import SheetParts, beginning, following
from collector.sheets.store import Sent
from tests.collector.core.scenes import NOW
from tests.collector.harness import TestClock
from tests.collector.sheets.scenes import GATEWAY, STATION, a_sheet, collecting, send, upload_of
from tests.collector.sheets.test_auditing import changed
from tests.collector.sheets.test_crashes import UPLOADS, at_work
from wire import canonical
from wire.ledger import Entry
from wire.records import StationReport

HOUR = 3_600.0
KEPT = Sent(  # what a crash leaves: kept, and not in the ledger
    id="sheet", kind="sheet", received=stamp(NOW), signer=STATION, about=f"{STATION}/1",
    sha256=f"{1:064x}", raw=canonical.encode(UPLOADS[0]),
)  # fmt: skip


async def test_what_another_instance_appended_is_seen(tmp_path: Path) -> None:
    async with at_work(tmp_path) as parts:
        desk = parts.follower._desk
        await desk.add([Entry(kind="claim", at=stamp(NOW), station=STATION, sheet="1", sha256=f"{1:064x}")])
        assert [one.status for one in parts.follower.book()] == ["claimed"]
        assert parts.follower.book().size == desk.shelf.size == 1


async def compared(parts: SheetParts) -> None:
    """Two copies and what the follower adds of them."""
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        task = group.create_task(parts.follower.run())
        while parts.follower._desk.shelf.size < 3:  # noqa: ASYNC110 - the ledger is watched
            await asyncio.sleep(0.01)
        task.cancel()


async def test_a_comparison_that_failed_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "RETRY_S", 0.01)
    async with at_work(tmp_path) as parts:
        for upload in UPLOADS:
            await parts.office.upload(canonical.encode(upload))
        desk = parts.follower._desk
        failed: list[list[Entry]] = []
        add = desk.add

        async def once(entries: list[Entry]) -> tuple[int, ...]:
            if not failed:
                failed.append(entries)
                raise LedgerFault("the disk is full")
            return await add(entries)

        monkeypatch.setattr(desk, "add", once)
        await compared(parts)
        (now,) = parts.follower.book()
        assert (now.status, len(failed)) == ("disputed", 1)


async def test_a_sheet_whose_bytes_were_changed_stops_no_comparison(tmp_path: Path) -> None:
    async with at_work(tmp_path) as parts:
        for upload in UPLOADS:
            await parts.office.upload(canonical.encode(upload))
        await asyncio.to_thread(changed, tmp_path / "sheets/sheets.sqlite3", "UPDATE sheets SET raw = x'7b'")
        await compared(parts)
        (now,) = parts.follower.book()
        assert now.status == "disputed"


async def test_a_ledger_that_takes_nothing_at_the_start_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(beginning, "RETRY_S", 0.01)
    async with at_work(tmp_path) as parts:
        await parts.store.keep(KEPT)
        desk, log = parts.follower._desk, parts.follower._desk._log
        floor, log.free_floor_bytes = log.free_floor_bytes, 1 << 62
        with caplog.at_level(logging.ERROR):
            async with asyncio.timeout(10), asyncio.TaskGroup() as group:
                task = group.create_task(parts.run())
                while "takes no sheets now" not in caplog.text:  # noqa: ASYNC110 - the log is watched
                    await asyncio.sleep(0.01)
                log.free_floor_bytes = floor
                while desk.shelf.size < 1:  # noqa: ASYNC110 - the ledger is watched
                    await asyncio.sleep(0.01)
                task.cancel()


def said(kind: str, hours: float) -> StationReport:
    at = stamp(NOW + hours * HOUR)
    return StationReport(id=f"{kind}{hours}", station=STATION, kind=kind, at=at, proof="seal", value="")  # type: ignore[arg-type]  # a kind


async def test_texts_and_sheets_move_the_clock_of_the_count(tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    table.write_text(f"station,district\n{STATION},Сарыарқа\nKZ-75-0001,\n", encoding="utf-8")
    clock = TestClock()
    async with collecting(tmp_path, clock, polls_close=stamp(NOW), station_list=str(table)) as collector:
        await collector.enrol(GATEWAY, "gateway")
        clock.seconds += 3 * HOUR
        await collector.report(GATEWAY, [said("closed", 0.1), said("count", 0.5), said("copy", 2)])
        await send(collector, upload_of(a_sheet()))
        series = 'dabyl_station_clock_seconds_sum{mark="%s",region="KZ-71"}'
        assert [await collector.metric(series % mark) for mark in ("count", "copy", "entered")] == [
            pytest.approx(hours * HOUR) for hours in (0.5, 2, 3)
        ]
        queue = 'dabyl_commission_queue_%s{district="Сарыарқа",region="KZ-71"}'
        assert await collector.metric(queue % "length") == 1
        assert await collector.metric(queue % "oldest_seconds") == pytest.approx(HOUR)
        clock.seconds += 10 * HOUR
        assert await collector.metric('dabyl_stations_overdue{region="KZ-71"}') == 0
        assert await collector.metric('dabyl_stations_overdue{region="KZ-75"}') == 1
        await collector.report(GATEWAY, [said("received", 5)], 2)
        assert await collector.metric(queue % "length") == 0
