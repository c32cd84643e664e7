"""The collector finds by itself what was changed on its disk, and says so."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from collector.settings import Ledger
from tests.collector.harness import Running
from tests.collector.sheets.scenes import a_sheet, collecting, hash_of, send, upload_of

HELD = "dabyl_ledger_audit_ok"


async def audited(collector: Running, wanted: float) -> None:
    async with asyncio.timeout(10):
        while await collector.metric(HELD) != wanted:  # noqa: ASYNC110 - asked over HTTP
            await asyncio.sleep(0.02)


def changed(file: Path, statement: str) -> None:
    with sqlite3.connect(file) as connection:
        assert connection.execute(statement).rowcount
    connection.close()


CHANGES = [
    (
        "ledger/ledger.sqlite3",
        "UPDATE entries SET entry = CAST(replace(entry, '0379', '0378') AS BLOB) WHERE at = 0",
    ),
    ("sheets/sheets.sqlite3", "UPDATE sheets SET raw = CAST(replace(raw, '\"A\":3', '\"A\":4') AS BLOB)"),
    ("sheets/sheets.sqlite3", "DELETE FROM sheets"),
]


@pytest.mark.parametrize(("file", "statement"), CHANGES)
async def test_a_changed_digit_is_found_by_the_collector_itself(
    tmp_path: Path, file: str, statement: str
) -> None:
    async with collecting(tmp_path, ledger=Ledger(audit_every_s=0.05)) as collector:
        await send(collector, upload_of(a_sheet()))
        await audited(collector, 1.0)
        await asyncio.to_thread(changed, tmp_path / "data" / file, statement)
        await audited(collector, 0.0)


async def test_what_waits_for_the_ledger_and_what_came_is_told(tmp_path: Path) -> None:
    async with collecting(tmp_path) as collector:
        await send(collector, upload_of(a_sheet()))
        assert await collector.metric('dabyl_sheets_received_total{channel="https",region="KZ-71"}') == 1
        assert await collector.metric("dabyl_sheet_public_delay_seconds_count") == 1
        assert await collector.metric("dabyl_ledger_unmerged_seconds") == 0
        assert hash_of(a_sheet()) in await collector.text("/v1/sheets")
