"""Sheets over HTTP: what is acknowledged is durable and in the ledger; all else is refused with one clear line."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from collector.core.times import stamp
from collector.ledger import check
from collector.ledger.sources import Web
from tests.collector.core.scenes import NOW, key
from tests.collector.harness import Running, TestClock
from tests.collector.sheets.scenes import (
    COMMISSION_KEY,
    GATEWAY,
    OBSERVER_KEY,
    OTHER,
    PHOTO,
    PHOTO_HASH,
    STATION,
    a_sheet,
    collecting,
    forged,
    hash_of,
    put,
    send,
    upload_of,
    void_of,
)
from wire.notes import NoteKey
from wire.records import StationReport
from wire.sheets import Sheet, sheet_bytes
from wire.uploads import MAX_UPLOAD_BYTES, Upload


@pytest.fixture
async def collector(tmp_path: Path) -> AsyncIterator[Running]:
    async with collecting(tmp_path) as found:
        yield found


async def now_of(collector: Running, query: str = "") -> Any:
    """The one sheet that a query finds."""
    (found,) = (await collector.get(f"/v1/sheets{query}"))["sheets"]
    return found


async def until(collector: Running, status: str) -> Any:
    async with asyncio.timeout(10):
        while (found := await now_of(collector))["status"] != status:  # noqa: ASYNC110 - asked over HTTP
            await asyncio.sleep(0.02)
    return found


async def holds(collector: Running) -> dict[str, int]:
    """The kinds of the ledger's entries, once everybody's check of it has found nothing."""
    public = NoteKey.parse(await collector.text("/ledger/key"))
    checked = await asyncio.to_thread(check, Web(f"{collector.url}/ledger"), public)
    assert checked.faults == []
    return checked.kinds


def claim(sheet: Sheet, **more: Any) -> StationReport:
    fields: dict[str, Any] = {
        "kind": "sheet",
        "value": hash_of(sheet),
        "mark": "1",
        "proof": "seal",
        "sealed": "D1",
    }
    return StationReport(id=f"r{hash_of(sheet)[:8]}", station=STATION, at=stamp(NOW), **(fields | more))


async def test_a_stations_sheet_is_in_the_ledger_when_it_is_acknowledged(collector: Running) -> None:
    status, said = await send(collector, upload_of(a_sheet()))
    assert (status, said) == (200, {"v": 1, "entry": 0, "sha256": hash_of(a_sheet())})
    assert await holds(collector) == {"sheet": 1}
    now = await now_of(collector)
    assert (now["status"], now["copies"][0]["entry"]) == ("sheet_in", 0)


async def test_the_exact_bytes_are_given_out(collector: Running) -> None:
    await send(collector, upload_of(a_sheet()))
    async with collector.client.get(f"{collector.url}/v1/sheets/{hash_of(a_sheet())}") as answer:
        assert await answer.read() == sheet_bytes(a_sheet())
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_the_same_again_gives_the_same_answer(collector: Running) -> None:
    first = await send(collector, upload_of(a_sheet()))
    collector.clock.seconds += 100
    assert await send(collector, upload_of(a_sheet())) == first
    assert await send(collector, upload_of(a_sheet(), at=stamp(NOW + 1))) == first
    assert await holds(collector) == {"sheet": 1}


async def test_a_sheet_that_equals_its_text_matches(collector: Running) -> None:
    await collector.enrol(GATEWAY, "gateway")
    await collector.report(GATEWAY, [claim(a_sheet())])
    await send(collector, upload_of(a_sheet()))
    now = await until(collector, "matches")
    assert [one["same"] for one in now["comparisons"]] == [True]
    assert await holds(collector) == {"claim": 1, "sheet": 1, "match": 1}


async def test_a_sheet_that_differs_from_its_text_is_a_mismatch_at_once(collector: Running) -> None:
    await collector.enrol(GATEWAY, "gateway")
    await send(collector, upload_of(a_sheet(4)))
    await collector.report(GATEWAY, [claim(a_sheet())])
    await until(collector, "disputed")
    assert await holds(collector) == {"claim": 1, "sheet": 1, "mismatch": 1}


async def test_an_observers_copy_stands_beside_the_stations_and_differences_are_named(
    collector: Running,
) -> None:
    await send(collector, upload_of(a_sheet()))
    status, _ = await send(collector, upload_of(a_sheet(4), "observer", OBSERVER_KEY))
    assert status == 200
    now = await until(collector, "disputed")
    assert [(one["by"], one["signer"]) for one in now["copies"]] == [
        ("station", STATION),
        ("observer", OBSERVER_KEY.id),
    ] or now["copies"][0].get("by") is None
    assert now["comparisons"][0]["differs"] == ["votes: A"]


async def test_a_commission_that_has_the_same_confirms_it(collector: Running) -> None:
    await send(collector, upload_of(a_sheet(), "commission", COMMISSION_KEY))
    await send(collector, upload_of(a_sheet()))
    await until(collector, "matches")


async def test_a_slip_is_taken_back_and_stays_in_the_ledger(collector: Running) -> None:
    await send(collector, upload_of(a_sheet()))
    await send(collector, upload_of(a_sheet(4)))
    await until(collector, "disputed")
    status, _ = await send(collector, void_of(0))
    assert status == 200
    now = await until(collector, "sheet_in")
    assert [one.get("void", False) for one in now["copies"]] == [True, False]
    assert await holds(collector) == {"sheet": 2, "mismatch": 1, "void": 1}


async def test_a_scan_comes_after_its_sheet(collector: Running) -> None:
    assert (await put(collector, PHOTO))[1]["error"] == "unasked"
    await send(collector, upload_of(a_sheet(), scan=PHOTO_HASH))
    status, said = await put(collector, PHOTO)
    assert (status, said) == (200, {"v": 1, "entry": 1, "sha256": PHOTO_HASH})
    assert await put(collector, PHOTO) == (status, said)
    async with collector.client.get(f"{collector.url}/v1/scans/{PHOTO_HASH}") as answer:
        assert (await answer.read(), answer.content_type) == (PHOTO, "image/jpeg")
    assert (await now_of(collector))["status"] == "scan_in"
    assert await holds(collector) == {"sheet": 1, "scan": 1}


async def test_a_scan_that_is_here_already_counts_for_a_later_upload(collector: Running) -> None:
    await send(collector, upload_of(a_sheet(), scan=PHOTO_HASH))
    await put(collector, PHOTO)
    await send(collector, upload_of(a_sheet(), "commission", COMMISSION_KEY, scan=PHOTO_HASH))
    assert (await holds(collector))["scan"] == 2


NO_SCANS = (
    (PHOTO + b"!", PHOTO_HASH, "hash", 422),
    (b"<svg>", "", "schema", 422),
    (b"x" * (8 * 1_048_576 + 1), "", "too_large", 413),
)


async def test_no_other_bytes_pass_for_a_scan(collector: Running) -> None:
    for raw, sha256, error, status in NO_SCANS:
        named = sha256 or hashlib.sha256(raw).hexdigest()
        await send(collector, upload_of(a_sheet(), scan=named))
        found, said = await put(collector, raw, named)
        assert (found, said["error"]) == (status, error)
        async with collector.client.get(f"{collector.url}/v1/scans/{named}") as answer:
            assert answer.status == 404


GOOD = upload_of(a_sheet())
NOT_CANONICAL = upload_of(a_sheet(), sheet=GOOD.sheet.replace(":", ": "))
REFUSED: list[tuple[str, Upload, int, str, str]] = [
    ("a strange key", upload_of(a_sheet(), own=key(77)), 401, "signature", ""),
    ("a changed digit", forged(GOOD, sheet=GOOD.sheet.replace('"A":3', '"A":4')), 401, "signature", ""),
    ("an unknown station", upload_of(a_sheet(station="KZ-71-9999")), 401, "unknown_probe", "KZ-71-9999"),
    ("another station's sheet", upload_of(a_sheet(station=OTHER), signer=STATION), 422, "schema", f"a sheet of {OTHER}"),
    ("not the canonical bytes", NOT_CANONICAL, 422, "schema", "RFC 8785"),
    ("an unknown key", upload_of(a_sheet(), "observer", key(78)), 401, "unknown_probe", ""),
    ("a key of another office", upload_of(a_sheet(), "commission", OBSERVER_KEY), 403, "role", "observer"),
    ("a region that is not the key's", upload_of(a_sheet(station=OTHER), "observer", OBSERVER_KEY), 403, "role", "KZ-71"),
]  # fmt: skip


async def test_what_is_not_right_is_refused_in_one_line(collector: Running) -> None:
    for name, upload, status, error, why in REFUSED:
        found, said = await send(collector, upload)
        assert (found, said["error"]) == (status, error), name
        assert why in said["detail"], name
    assert (await collector.get("/v1/sheets"))["sheets"] == []


async def test_what_is_no_upload_is_refused(collector: Running) -> None:
    for raw, error in ((b"", "schema"), (b"{}", "schema"), (b"x" * (MAX_UPLOAD_BYTES + 1), "too_large")):
        for path in ("/v1/sheets", "/v1/voids"):
            _, said = await collector.post(path, raw)
            assert said["error"] == error


async def test_nobody_takes_back_what_another_sent(collector: Running) -> None:
    await send(collector, upload_of(a_sheet()))
    for void in (void_of(0, own=OBSERVER_KEY, by="observer"), void_of(7), void_of(0, 7)):
        assert (await send(collector, void))[1]["error"] == "role"
    assert (await now_of(collector))["status"] == "sheet_in"


async def test_a_key_sends_so_many_copies_and_no_more(tmp_path: Path) -> None:
    async with collecting(tmp_path, copies=2) as collector:
        answers = [(await send(collector, upload_of(a_sheet(votes))))[0] for votes in range(3)]
        assert answers == [200, 200, 409]
        assert (await send(collector, upload_of(a_sheet(1))))[0] == 200, "what is known stays known"
        voids = [void_of(*entries) for entries in ((0,), (1,), (0, 1))]
        assert [(await send(collector, void))[0] for void in voids] == [200, 200, 409]


async def test_a_key_has_a_rate(tmp_path: Path) -> None:
    async with collecting(tmp_path, uploads_burst=2, uploads_per_s=0.1) as collector:
        answers = [(await send(collector, upload_of(a_sheet())))[0] for _ in range(3)]
        assert answers == [200, 200, 429]
        assert (await send(collector, upload_of(a_sheet(station=OTHER))))[0] == 200, "others have their own"


async def test_before_the_polls_close_only_hashes_are_shown(tmp_path: Path) -> None:
    clock = TestClock()
    async with collecting(tmp_path, clock, polls_close=stamp(NOW + 60)) as collector:
        await send(collector, upload_of(a_sheet(), scan=PHOTO_HASH))
        await send(collector, upload_of(a_sheet(4), "observer", OBSERVER_KEY))
        await put(collector, PHOTO)
        await until(collector, "disputed")
        for path in (f"/v1/sheets/{hash_of(a_sheet())}", f"/v1/scans/{PHOTO_HASH}"):
            async with collector.client.get(collector.url + path) as answer:
                assert (await answer.json())["error"] == "sealed"
        async with collector.client.get(f"{collector.url}/ledger/tile/entries/000.p/4") as answer:
            told = await collector.text("/v1/sheets") + (await answer.read()).decode(errors="replace")
        assert "votes" not in told
        assert hash_of(a_sheet()) in told
        clock.seconds += 60
        assert await collector.text(f"/v1/sheets/{hash_of(a_sheet())}") == sheet_bytes(a_sheet()).decode()


async def test_a_key_that_is_added_while_it_runs_is_known_soon(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("collector.sheets.senders.LOOK_S", 0.0)
    async with collecting(tmp_path) as collector:
        late = upload_of(a_sheet(station="KZ-71-9999"))
        assert (await send(collector, late))[0] == 401
        with (tmp_path / "stations.jsonl").open("ab") as file:
            line = (tmp_path / "stations.jsonl").read_bytes().splitlines()[0]
            file.write(line.replace(b"KZ-71-0379", b"KZ-71-9999") + b"\n")
        assert (await send(collector, late))[0] == 200
        (tmp_path / "stations.jsonl").write_text("broken")
        assert (await send(collector, late))[0] == 200, "a broken file changes nothing"


async def test_a_browser_on_a_file_may_send(collector: Running) -> None:
    for path in ("/v1/sheets", "/v1/voids", f"/v1/scans/{PHOTO_HASH}"):
        async with collector.client.options(collector.url + path) as answer:
            assert answer.status == 204
            assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
    async with collector.client.post(f"{collector.url}/v1/sheets", data=b"{}") as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == "*", "refusals too can be read"


async def test_a_query_that_makes_no_sense_is_told(collector: Running) -> None:
    limits = ("?limit=0", "?limit=many", "?limit=0000000019999999", f"?limit={'0' * 9}{'1' * 5_000}")
    for query in ("?more=1", "?region=KZ-99", "?status=fine", *limits):
        async with collector.client.get(f"{collector.url}/v1/sheets{query}") as answer:
            assert (answer.status, (await answer.json())["error"]) == (400, "query")


async def test_after_a_restart_everything_is_as_it_was(tmp_path: Path) -> None:
    async with collecting(tmp_path) as collector:
        await send(collector, upload_of(a_sheet(), scan=PHOTO_HASH))
        await put(collector, PHOTO)
        await send(collector, upload_of(a_sheet(4), "observer", OBSERVER_KEY))
        before = await until(collector, "disputed")
    async with collecting(tmp_path) as collector:
        assert await now_of(collector) == before
        assert await holds(collector) == {"sheet": 2, "scan": 1, "mismatch": 1}
