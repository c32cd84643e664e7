"""A whole evening's sheet in a running collector: text, copies, scan, page, files; and digits changed on its disk."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from collector.core.sample_files import read_published
from collector.core.sampling import Unit
from collector.core.times import stamp
from collector.ledger import Log
from collector.page.routes import KEPT_S
from tests.browser import Tab, browser
from tests.collector.core.scenes import NOW
from tests.collector.harness import Running
from tests.collector.page.sheet_scenes import ASTANA, SIGNER, evening_of_sheets
from tests.collector.sheets.scenes import (
    GATEWAY,
    PHOTO_HASH,
    STATION,
    a_sheet,
    bring_two_copies,
    collecting,
    hash_of,
)
from tests.system.sheet_server import Server, faults, verified
from tests.wire.test_notes import WITNESS
from wire.records import StationReport
from wire.times import after

NOW_TEXT = stamp(NOW)


@pytest.fixture
async def tab() -> AsyncIterator[Tab]:
    async with browser() as made:
        await made.call("Network.enable")
        await made.call("Network.setCacheDisabled", cacheDisabled=True)
        yield made


async def evening(collector: Running) -> None:
    """The station's text, its copy, an observer's other copy, the photograph."""
    told = {"kind": "sheet", "mark": "1", "proof": "seal", "sealed": "D1 KZ-71-0379 …"}
    await collector.enrol(GATEWAY, "gateway")
    report = StationReport(
        id="r1", station=STATION, at=NOW_TEXT, value=hash_of(a_sheet()), **told  # type: ignore[arg-type]  # text all
    )  # fmt: skip
    assert (await collector.report(GATEWAY, [report]))[0] == 200
    await bring_two_copies(collector)
    async with asyncio.timeout(10):
        while (await collector.get("/v1/sheets"))["sheets"][0]["status"] != "disputed":  # noqa: ASYNC110 - asked over HTTP
            await asyncio.sleep(0.02)


def change(file: Path, table: str, columns: tuple[str, str], words: tuple[str, str]) -> None:
    """What an owner of the machine may do at night: other bytes in a table; `columns`: its key, its bytes."""
    (name, raw), (old, new) = columns, (word.encode() for word in words)
    with sqlite3.connect(file) as database:
        rows = database.execute(f"SELECT {name}, {raw} FROM {table}").fetchall()  # noqa: S608 - the test's own words
        changed = [(bytes(held).replace(old, new), one) for one, held in rows if old in bytes(held)]
        database.executemany(f"UPDATE {table} SET {raw} = ? WHERE {name} = ?", changed)  # noqa: S608 - as above
    database.close()
    assert changed


SHEETS, ENTRIES = ("sheets", ("sha256", "raw")), ("entries", ("at", "entry"))


async def test_a_witness_whom_the_reader_trusts_is_asked_for(tab: Tab, tmp_path: Path) -> None:
    scene = evening_of_sheets(tmp_path, claims=3)
    server = Server(scene)
    async with server.running():
        page = f"{server.url}sheets/{ASTANA}?lang=en"
        trust = f"document.querySelector('[name=witnesses]').value = {json.dumps(str(WITNESS.key))}"
        assert "witness.example/ngo has not cosigned this checkpoint" in await faults(tab, page, trust)
        with Log(scene.folder, SIGNER) as log:
            line = WITNESS.sign(log.head.checkpoint.text, 1_795_000_000)
            log.cosign(WITNESS.name, log.head.checkpoint.size, line)
        told = (await verified(tab, page, trust))[0]
        assert "cosigned by witness.example/ngo (2026-11-18T11:06:40.000Z)" in told
        assert "Everything holds" in told


async def test_an_evening_from_text_to_proof_and_a_digit_changed_at_night(tab: Tab, tmp_path: Path) -> None:
    async with collecting(tmp_path, polls_close=after(NOW_TEXT, 3_600)) as collector:
        await evening(collector)
        page = f"{collector.url}/sheets/{STATION}?lang=en"
        await tab.open(page, width=360)
        text = await tab.text()
        assert "Until the polls close" in text
        assert hash_of(a_sheet()) in text
        assert await tab.value("document.querySelectorAll('[data-name], .published').length") == 0
        async with collector.client.get(f"{collector.url}/v1/scans/{PHOTO_HASH}") as answer:
            assert answer.status == 403
        lines = (await collector.text("/sheets.jsonl")).splitlines()
        assert [json.loads(line)["content"] for line in lines] == [None, None, None]

        collector.clock.seconds += 3_601
        await asyncio.sleep(KEPT_S)
        station, observer = await verified(tab, page)
        assert station.startswith("Everything holds.")
        assert "gave another hash" in observer
        text = await tab.text()
        assert "disputed" in text
        assert "The copies differ in 1 number." in text
        assert "observer\nObservers" in text
        published = read_published((await collector.text("/sheets.jsonl")).encode().splitlines())
        assert published == {Unit(STATION, "1"): {"voters_on_list": 9, "votes/A": 3}}

        store = tmp_path / "data" / "sheets" / "sheets.sqlite3"
        log = tmp_path / "data" / "ledger" / "ledger.sqlite3"
        change(store, *SHEETS, ('"A":3', '"A":8'))
        await asyncio.sleep(KEPT_S)
        assert "the text was changed" in await faults(tab, page)
        assert "The stored bytes do not have the published hash" in await tab.text()
        change(store, *SHEETS, ('"A":8', '"A":3'))
        change(log, *ENTRIES, ('"by":"observer"', '"by":"0bserver"'))
        await asyncio.sleep(KEPT_S)
        await verified(tab, page)
        found = await tab.value("document.querySelectorAll('.proof')[1].innerText")
        assert "do not lead to the signed root over 7 entries: an entry or a tile was changed" in found
    assert tab.console == []
