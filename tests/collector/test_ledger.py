"""A station's sealed hash goes from the gateway's report into the public ledger, once, whatever is restarted."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from collector.ledger import Checked, check
from collector.ledger.sources import Web
from collector.settings import Ledger, Witness
from tests.collector.core.scenes import NOW, key
from tests.collector.harness import Running, running
from wire.errors import BadInput
from wire.notes import NoteKey
from wire.records import StationReport
from wire.times import EPOCH, format_time

GATEWAY = key(5)


def told(number: int, **more: Any) -> StationReport:
    at = format_time(EPOCH.fromtimestamp(NOW, EPOCH.tzinfo))
    fields: dict[str, Any] = {
        "kind": "sheet",
        "value": f"{number:064x}",
        "mark": "1",
        "proof": "seal",
        "sealed": "D1",
    }
    return StationReport(id=f"r{number}", station=f"KZ-71-{number:04d}", at=at, **(fields | more))


async def holding(collector: Running, size: int) -> Checked:
    """The ledger as anybody sees it, once it has so many entries."""
    async with asyncio.timeout(10):
        while int((await collector.text("/ledger/checkpoint")).split("\n")[1]) < size:  # noqa: ASYNC110 - asked over HTTP
            await asyncio.sleep(0.02)
    public = NoteKey.parse(await collector.text("/ledger/key"))
    return await asyncio.to_thread(check, Web(f"{collector.url}/ledger"), public, f"{1:064x}")


async def test_a_sealed_hash_is_public_at_once_and_verifies(tmp_path: Path) -> None:
    async with running(tmp_path) as collector:
        await collector.enrol(GATEWAY, "gateway")
        status, _ = await collector.report(
            GATEWAY, [told(1), told(2, kind="open", value="", mark="", sealed="")]
        )
        assert status == 200
        checked = await holding(collector, 1)
        assert checked.faults == []
        ((index, entry),) = checked.found
        name = (await collector.text("/ledger/checkpoint")).split("\n")[0]
        assert await collector.metric(f'dabyl_ledger_size{{log="{name}"}}') == 1
        assert await collector.metric(f'dabyl_ledger_checkpoint_timestamp_seconds{{log="{name}"}}') == NOW
        assert (index, entry.station, entry.sheet, entry.sealed) == (0, "KZ-71-0001", "1", "D1")


async def test_after_a_restart_each_claim_stands_once_and_the_log_goes_on(tmp_path: Path) -> None:
    async with running(tmp_path) as collector:
        await collector.enrol(GATEWAY, "gateway")
        await collector.report(GATEWAY, [told(1)])
        await holding(collector, 1)
    async with running(tmp_path) as collector:
        await collector.report(GATEWAY, [told(1), told(2)], 2)
        checked = await holding(collector, 2)
        assert (checked.faults, checked.kinds) == ([], {"claim": checked.head.size})
        assert len(checked.found) == len({(one.link, one.at) for _, one in checked.found})


async def test_a_claim_that_was_lost_by_the_ledger_is_made_again_from_the_report(tmp_path: Path) -> None:
    async with running(tmp_path) as collector:
        await collector.enrol(GATEWAY, "gateway")
        await collector.report(GATEWAY, [told(1)])
        await holding(collector, 1)
    for left in (tmp_path / "ledger").glob("*.sqlite3*"):
        left.unlink()
    async with running(tmp_path) as collector:
        assert len((await holding(collector, 1)).found) == 1


async def test_the_ledger_has_the_name_of_the_settings_and_keeps_it(tmp_path: Path) -> None:
    async with running(
        tmp_path, ledger=Ledger(name="ledger.example/2026", head=str(tmp_path / "head"))
    ) as collector:
        assert (await collector.text("/ledger/checkpoint")).startswith("ledger.example/2026\n0\n")
    assert (tmp_path / "head" / "ledger-head.sqlite3").exists()
    with pytest.raises((BadInput, ExceptionGroup)):
        async with running(tmp_path, ledger=Ledger(name="other.example")):
            pass


async def test_a_witness_with_a_broken_key_is_told_at_the_start(tmp_path: Path) -> None:
    settings = Ledger(witness=(Witness(url="http://127.0.0.1:9", key="broken"),))
    with pytest.raises((BadInput, ExceptionGroup)):
        async with running(tmp_path, ledger=settings):
            pass
