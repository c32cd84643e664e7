"""All sheets as files: stable columns, exact bytes, nothing before the polls close, few readers at once."""

from __future__ import annotations

import asyncio
import csv
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from collector.core.sample_files import read_published
from collector.core.sampling import Unit
from collector.page.sheets import files
from collector.page.sheets.columns import COLUMNS, cells_of, csv_text, line_of, rows_of
from tests.collector.page.sheet_scenes import ASTANA, Client, Scene, sheet, station


async def lines(client: Client) -> list[dict[str, Any]]:
    async with client.get("/sheets.jsonl") as answer:
        assert answer.status == 200
        return [json.loads(line) for line in (await answer.text()).splitlines()]


def test_the_columns_are_these_and_only_grow_at_the_end() -> None:
    assert COLUMNS == (
        "station", "region", "district", "sheet", "status", "kind", "entry", "at", "by", "signer", "void", "sha256",
        "scan", "link", "proof", "election", "schema", "broken", "voters_on_list", "ballots_received",
        "ballots_issued", "ballots_issued_outside", "ballots_unused", "ballots_spoiled", "ballots_in_boxes",
        "ballots_invalid", "against_all", "votes",
    )  # fmt: skip


def test_every_column_stands_in_the_docs() -> None:
    text = (Path(__file__).parents[3] / "docs" / "page.md").read_text(encoding="utf-8")
    assert [name for name in COLUMNS if f"`{name}`" not in text] == []


def test_a_sheet_gives_a_row_for_every_claim_and_copy(scene: Scene) -> None:
    first, _, third = station(scene)
    rows = list(rows_of(first, scene.raw.get))
    assert [(row.kind, row.by, row.entry) for row in rows] == [
        ("claim", "station", 0), ("sheet", "station", 1), ("sheet", "commission", 2), ("sheet", "observer", 3),
    ]  # fmt: skip
    assert [row.broken for row in rows] == [(), (), (), ("F = G + H + sum(V)",)]
    assert [row.scan for row in rows_of(third, scene.raw.get)] == ["", "5c" * 32]


def test_the_cells_of_a_row_are_its_numbers(scene: Scene) -> None:
    claim, copy, *_ = (
        dict(zip(COLUMNS, cells_of(row), strict=True)) for row in rows_of(station(scene)[0], scene.raw.get)
    )
    assert (copy["voters_on_list"], copy["against_all"], copy["election"]) == (2494, 77, "2026-parliament")
    assert json.loads(str(copy["votes"])) == sheet().votes
    assert (claim["voters_on_list"], claim["votes"], claim["proof"]) == (None, None, "seal")


def test_csv_keeps_commas_quotes_and_lines_apart() -> None:
    text = csv_text([("a,b", 'c"d', "e\nf", True, None, 0)])
    assert next(csv.reader(io.StringIO(text))) == ["a,b", 'c"d', "e\nf", "true", "", "0"]


async def test_the_csv_and_the_lines_hold_the_same_rows(client: Client, scene: Scene) -> None:
    async with client.get("/sheets.csv") as answer:
        assert answer.content_type == "text/csv"
        rows = list(csv.DictReader(io.StringIO(await answer.text())))
    found = await lines(client)
    assert len(rows) == len(found) == sum(entry.kind in {"claim", "sheet"} for entry in scene.entries)
    for row, line in zip(rows, found, strict=True):
        assert (row["station"], row["sheet"], int(row["entry"])) == (
            line["station"],
            line["sheet"],
            line["entry"],
        )
        counts = (line["content"] or {}).get("counts", {})
        assert row["voters_on_list"] == str(counts.get("voters_on_list", ""))


async def test_one_document_holds_what_the_lines_hold(client: Client) -> None:
    async with client.get("/sheets.json") as answer:
        assert (await answer.json())["sheets"] == await lines(client)


async def test_one_document_begins_with_a_row_even_where_the_first_sheets_have_none(
    client: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.scan(sheet("KZ-10-0001"), 0)  # a photograph alone is no row
    monkeypatch.setattr(files, "_LOT", 1)
    async with client.get("/sheets.json") as answer:
        assert (await answer.json())["sheets"] == await lines(client)


async def test_a_lines_content_has_its_hash_byte_for_byte(client: Client, scene: Scene) -> None:
    async with client.get("/sheets.jsonl") as answer:
        raw = (await answer.read()).splitlines()
    told = [line for line in raw if b'"content":{' in line]
    assert len(told) == len([entry for entry in scene.entries if entry.kind == "sheet"])
    for line in told:
        content = line[line.index(b'"content":') + 10 : -1]
        assert hashlib.sha256(content).hexdigest() == json.loads(line)["sha256"]


async def test_the_sample_audit_reads_the_lines(client: Client) -> None:
    async with client.get("/sheets.jsonl") as answer:
        found = read_published((await answer.read()).splitlines())
    assert found[Unit(ASTANA, "1")]["against_all"] == 77  # the station's copy, not the observer's
    assert Unit("KZ-10-0007", "1") not in found  # taken back
    assert len(found) == 4


async def test_parquet_has_the_columns_with_their_types(client: Client) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    async with client.get("/sheets.parquet") as answer:
        assert answer.content_type == "application/vnd.apache.parquet"
        table = parquet.read_table(io.BytesIO(await answer.read()))
    assert tuple(table.column_names) == COLUMNS
    assert table.schema.field("voters_on_list").type == arrow.int64()
    assert table.num_rows == len(await lines(client))
    assert max(number or 0 for number in table["against_all"].to_pylist()) == 87


async def test_without_pyarrow_one_line_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "find_spec", lambda _: None)
    async with client.get("/sheets.parquet") as answer:
        assert answer.status == 404
        assert "Parquet needs pyarrow, which is not installed here; take sheets.csv" in await answer.text()
    assert files.endings() == ("csv", "jsonl", "json")


async def test_before_the_polls_close_no_number_is_in_the_table(client: Client, scene: Scene) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    scene.revealed = False
    async with client.get("/sheets.parquet") as answer:
        table = parquet.read_table(io.BytesIO(await answer.read()))
    assert scene.hashed(sheet()) in table["sha256"].to_pylist()
    for name in COLUMNS[COLUMNS.index("election") :]:
        assert table[name].null_count == table.num_rows


@pytest.mark.parametrize("ending", ["csv", "jsonl", "json"])
async def test_before_the_polls_close_no_number_leaves(client: Client, scene: Scene, ending: str) -> None:
    scene.revealed = False
    async with client.get(f"/sheets.{ending}") as answer:
        assert answer.status == 200
        raw = await answer.read()
    assert scene.hashed(sheet()).encode() in raw
    for secret in (b'against_all":', b"2026-parliament", "«Алға»".encode(), b"F = G"):
        assert secret not in raw


@pytest.mark.parametrize("ending", ["csv", "jsonl", "json", "parquet"])
async def test_who_has_the_file_is_told_so_until_something_changes(
    client: Client, scene: Scene, ending: str
) -> None:
    async with client.get(f"/sheets.{ending}") as answer:
        known = {"If-None-Match": answer.headers["ETag"]}
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"] == "public, max-age=10"
    async with client.get(f"/sheets.{ending}", headers=known) as answer:
        assert (answer.status, await answer.read()) == (304, b"")
    scene.revealed = False
    async with client.get(f"/sheets.{ending}", headers=known) as answer:
        assert answer.status == 200
    scene.revealed = True
    scene.copy(sheet("KZ-75-0100"))
    async with client.get(f"/sheets.{ending}", headers=known) as answer:
        assert answer.status == 200


async def test_files_travel_compressed(client: Client) -> None:
    async with (
        ClientSession(auto_decompress=False) as plain,
        plain.get(client.make_url("/sheets.csv"), headers={"Accept-Encoding": "gzip"}) as answer,
    ):
        assert answer.headers["Content-Encoding"] == "gzip"


async def test_a_head_asks_for_no_rows(client: Client) -> None:
    async with client.head("/sheets.csv") as answer:
        assert (answer.status, await answer.read()) == (200, b"")


async def test_the_fifth_reader_at_once_is_told_when_to_come_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, served = asyncio.Event(), asyncio.Semaphore(0)

    async def slow(*_: object) -> None:
        served.release()
        await gate.wait()

    monkeypatch.setattr(files.Files, "_write", slow)
    async with asyncio.TaskGroup() as group:
        waiting = [group.create_task(client.get("/sheets.csv")) for _ in range(files.MOST_AT_ONCE)]
        for _ in waiting:
            await served.acquire()
        async with client.get("/sheets.csv") as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        gate.set()
    for one in waiting:
        assert one.result().status == 200
        one.result().close()
    async with client.get("/sheets.csv") as answer:
        assert answer.status == 200  # the places were given back


async def test_a_reader_who_takes_nothing_is_let_go(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    noise = hashlib.shake_256(b"noise").hexdigest(6_000_000)  # more than sockets hold, and hard to compress
    slow = files.KINDS["csv"]._replace(lot=lambda *_: noise)
    monkeypatch.setitem(files.KINDS, "csv", slow)
    monkeypatch.setattr(files, "LOT_S", 0.2)
    monkeypatch.setattr(files, "MOST_AT_ONCE", 1)
    reader, writer = await asyncio.open_connection(client.host, client.port, limit=1024)
    writer.write(b"GET /sheets.csv HTTP/1.1\r\nHost: x\r\n\r\n")
    await reader.readline()
    async with asyncio.timeout(10):
        while (await client.get("/sheets.json")).status != 200:  # noqa: ASYNC110 - asked over HTTP
            await asyncio.sleep(0.05)
    writer.close()


def test_a_row_whose_bytes_were_changed_tells_its_hash_alone(scene: Scene) -> None:
    row = list(rows_of(station(scene)[0], lambda _: b"{"))[1]
    assert b'"content":null' in line_of(row)
    assert row.sha256 == scene.hashed(sheet())
