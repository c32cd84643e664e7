"""The desk of a running collector: many hands, one log, and claims that come in by text."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.typedefs import Handler

from collector.ledger import LedgerFault, check
from collector.ledger.cosigning import Known
from collector.ledger.desk import Desk, opened
from collector.ledger.giving import add_ledger
from collector.ledger.log import Log
from collector.ledger.sources import CHECKPOINT, Web, paths_of
from collector.ledger.witness import Witness, app_of
from tests.collector.ledger.test_log import SIGNER
from tests.collector.ledger.test_witness import NGO, Noon
from wire.ledger import Entry, parse_entry
from wire.notes import Signature, parse_note, verified
from wire.records import StationReport
from wire.tiles import entries_of

AT = "2026-11-22T15:00:00.000Z"


def told(number: int, **more: str) -> StationReport:
    fields = {"kind": "sheet", "value": f"{number:064x}", "mark": "1", "proof": "seal"} | more
    return StationReport(id=str(number), station=f"KZ-71-{number:04d}", at=AT, **fields)  # type: ignore[arg-type]  # the table's words


@asynccontextmanager
async def working(
    folder: Path, witnesses: tuple[Known, ...] = (), clock: Noon | None = None
) -> AsyncIterator[Desk]:
    async with opened(folder, SIGNER, clock or Noon(), witnesses) as desk:
        with suppress(asyncio.CancelledError):
            async with asyncio.TaskGroup() as group:
                task = group.create_task(desk.run())
                yield desk
                task.cancel()


async def until_size(desk: Desk, size: int) -> None:
    async with asyncio.timeout(10):
        while desk.shelf.size < size:  # noqa: ASYNC110  # another thread's file is what is waited for
            await asyncio.sleep(0.01)


async def test_all_who_wait_are_told_where_their_entries_stand(tmp_path: Path) -> None:
    async with working(tmp_path) as desk, asyncio.TaskGroup() as group:
        tasks = [group.create_task(desk.add([Entry(kind="void", at=AT, note=str(at))])) for at in range(50)]
        await asyncio.wait(tasks)
        assert sorted(task.result()[0] for task in tasks) == list(range(50))
        assert check(desk.shelf, SIGNER.key).faults == []


async def test_claims_are_made_of_texts_that_bring_a_hash(tmp_path: Path) -> None:
    async with working(tmp_path) as desk:
        desk.tell([told(1), told(2, kind="open", value=""), told(3, value="short"), told(4)])
        await until_size(desk, 2)
        raw = entries_of(desk.shelf.get("tile/entries/000.p/2") or b"", 2)
        assert [parse_entry(one).station for one in raw] == ["KZ-71-0001", "KZ-71-0004"]
        assert {parse_entry(one).proof for one in raw} == {"seal"}


async def test_a_claim_that_is_told_again_stands_once(tmp_path: Path) -> None:
    for _ in range(2):
        async with working(tmp_path) as desk:
            desk.tell([told(1), told(2)])
            desk.tell([told(2), told(1)])
            await until_size(desk, 2)
            await desk.add([])
            assert desk.shelf.size == 2


async def test_what_cannot_be_signed_is_said_and_claims_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.ledger.desk.RETRY_S", 0.01)
    monkeypatch.setattr("collector.ledger.log.FREE_FLOOR_BYTES", 1 << 62)
    async with working(tmp_path) as desk:
        desk.tell([told(1)])
        with pytest.raises(LedgerFault, match="bytes are free"):
            await desk.add([Entry(kind="void", at=AT)])
        desk._log.free_floor_bytes = 0
        await until_size(desk, 1)


async def test_it_is_served_as_static_files_and_holds_from_afar(tmp_path: Path) -> None:
    async with working(tmp_path) as desk:
        await desk.add([Entry(kind="void", at=AT, note=str(number)) for number in range(300)])
        app = web.Application()
        add_ledger(app, desk.shelf)
        async with TestServer(app) as server, TestClient[web.Request, web.Application](server) as client:
            for path in paths_of(300):
                assert (await client.get(f"/ledger/{path}")).status == 200
            for path in ("tile/0/000.p/7", "tile/entries/001.p/1"):
                assert (await client.get(f"/ledger/{path}")).status == 200, (
                    "a smaller tree's part is still served"
                )
            for path in ("tile/0/001.p/45", "tile/0/002", "tile/9/000", "nothing"):
                assert (await client.get(f"/ledger/{path}")).status == 404
            answer = await client.get("/ledger/checkpoint")
            assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
            assert "max-age=2" in answer.headers["Cache-Control"]
            checked = await asyncio.to_thread(check, Web(str(server.make_url("/ledger/"))), SIGNER.key)
            assert (checked.faults, checked.head.size) == ([], 300)


async def test_witnesses_cosign_what_is_served(tmp_path: Path) -> None:
    witness = Witness(tmp_path / "w", NGO, {SIGNER.name: (SIGNER.key,)}, Noon())
    async with (
        TestServer(app_of(witness)) as server,
        working(tmp_path / "l", (Known(str(server.make_url("/")), NGO.key),)) as desk,
    ):
        await desk.add([Entry(kind="void", at=AT)])
        await until_cosigned(desk)
        note = parse_note(desk.shelf.get(CHECKPOINT) or b"")
        assert set(verified(note, [SIGNER.key, NGO.key])) == {SIGNER.key, NGO.key}
    witness.close()


async def until_cosigned(desk: Desk) -> None:
    async with asyncio.timeout(10):
        while len(parse_note(desk.shelf.get(CHECKPOINT) or b"").signatures) < 2:  # noqa: ASYNC110  # as above
            await asyncio.sleep(0.05)


class Ticking(Noon):
    """Noon, and a clock that has gone on by a minute whenever it is looked at."""

    ticks = 0.0

    def monotonic(self) -> float:
        self.ticks += 60.0
        return self.ticks


async def test_a_witness_that_was_away_is_asked_again_though_nothing_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.ledger.desk.LOOK_S", 0.01)
    witness = Witness(tmp_path / "w", NGO, {SIGNER.name: (SIGNER.key,)}, Noon())
    asked = 0

    @web.middleware
    async def away_at_first(request: web.Request, handler: Handler) -> web.StreamResponse:
        nonlocal asked
        asked += 1
        if asked <= 2:
            raise web.HTTPServiceUnavailable
        return await handler(request)

    app = app_of(witness)
    app.middlewares.append(away_at_first)
    async with TestServer(app) as server:
        known = Known(str(server.make_url("/")), NGO.key)
        async with working(tmp_path / "l", (known,), Ticking()) as desk:
            await until_cosigned(desk)
    assert asked == 3
    witness.close()


async def test_a_cosignature_that_cannot_be_kept_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("collector.ledger.desk.LOOK_S", 0.01)
    witness = Witness(tmp_path / "w", NGO, {SIGNER.name: (SIGNER.key,)}, Noon())
    async with TestServer(app_of(witness)) as server:
        known = Known(str(server.make_url("/")), NGO.key)
        async with working(tmp_path / "l", (known,)) as desk:
            cosign = desk._log.cosign
            failed: list[str] = []

            def full_once(name: str, size: int, line: Signature) -> None:
                if not failed:
                    failed.append(name)
                    raise sqlite3.OperationalError("database or disk is full")
                cosign(name, size, line)

            monkeypatch.setattr(desk._log, "cosign", full_once)
            await until_cosigned(desk)
    assert "no cosignature can be kept: database or disk is full" in caplog.text
    witness.close()


async def test_a_log_that_was_changed_does_not_open(tmp_path: Path) -> None:
    Log(tmp_path, SIGNER).__exit__()
    (tmp_path / "ledger-head.sqlite3").write_bytes(b"nothing")
    with pytest.raises(ValueError, match=r"ledger-head\.sqlite3"):
        async with opened(tmp_path, SIGNER, Noon()):
            pass
