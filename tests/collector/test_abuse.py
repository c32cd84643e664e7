"""Clients that are slow, endless, too many or simply wrong: each gets its answer, and nobody else suffers."""

from __future__ import annotations

import asyncio
import gzip
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import zstandard

from collector.core.intake import Limits
from tests.collector.core.scenes import key, seen
from tests.collector.core.test_intake import by_hand, tampered
from tests.collector.harness import Running, running, sealed
from wire.batch import MAX_BATCH_BYTES, MAX_EXPANDED_BYTES

PROBE = key(1)
RECORDS = [seen("a", probe=PROBE.id)]


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is refused in the middle of his body is not read for long."""
    # the package names the function of the same name
    monkeypatch.setattr(sys.modules["collector.serve"], "LINGER_S", 0.2)


@asynccontextmanager
async def raw_connection(
    collector: Running,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A socket to the collector, to say what no HTTP client would."""
    host, port = collector.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield reader, writer
    finally:
        writer.close()


async def answered(reader: asyncio.StreamReader) -> tuple[int, str]:
    """Status and error name of what comes until the connection ends."""
    async with asyncio.timeout(5):
        raw = await reader.read()
    head, _, body = raw.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["error"]


def request(length: int | None, *headers: str) -> bytes:
    framing = "Transfer-Encoding: chunked" if length is None else f"Content-Length: {length}"
    return "\r\n".join(["POST /v1/measurements HTTP/1.1", "Host: x", framing, *headers, "", ""]).encode()


async def test_a_body_that_drips_is_given_up_and_others_are_served(tmp_path: Path) -> None:
    async with (
        running(tmp_path, body_timeout_s=0.3) as collector,
        raw_connection(collector) as (reader, writer),
    ):
        await collector.enrol(PROBE)
        writer.write(request(1000) + b"dabyl")
        assert (await collector.send(PROBE, RECORDS))[0] == 200
        assert await answered(reader) == (408, "slow")


async def test_a_head_that_drips_is_given_up(tmp_path: Path) -> None:
    async with (
        running(tmp_path, idle_timeout_s=0.3) as collector,
        raw_connection(collector) as (reader, writer),
    ):
        writer.write(b"POST /v1/measurements HTTP/1.1\r\nX: ")
        async with asyncio.timeout(5):
            for _ in range(3):
                writer.write(b"y")
                await asyncio.sleep(0.05)
            assert await reader.read() == b""


@pytest.mark.parametrize("length", [MAX_BATCH_BYTES + 1, None], ids=["told", "not told"])
async def test_a_body_without_end_is_cut_off(tmp_path: Path, length: int | None) -> None:
    chunk = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    async with running(tmp_path) as collector, raw_connection(collector) as (reader, writer):
        writer.write(request(length))
        if length is None:
            for _ in range(MAX_BATCH_BYTES // 0x10000 + 2):
                writer.write(chunk)
        assert await answered(reader) == (413, "too_large")


async def test_a_content_encoding_is_refused_unread(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    async with running(tmp_path) as collector:
        headers = {"Content-Encoding": "gzip"}
        status, refusal = await collector.post("/v1/measurements", bomb, headers=headers)
        assert (status, refusal["error"]) == (415, "encoding")


@pytest.mark.parametrize(
    ("raw", "status", "error"),
    [
        (b"", 400, "malformed"),
        (b"{}", 400, "malformed"),
        (tampered(), 401, "signature"),
        (sealed(key(77), RECORDS), 401, "unknown_probe"),
        (by_hand(zstandard.compress(bytes(MAX_EXPANDED_BYTES + 1))), 413, "bomb"),
        (by_hand(zstandard.compress(b"words")), 422, "schema"),
        (sealed(PROBE, RECORDS, purpose="dabyl/v1/report"), 400, "purpose"),
    ],
    ids=[
        "nothing",
        "JSON",
        "tampered",
        "a stranger's",
        "zstd bomb",
        "no columns",
        "wrong purpose",
    ],
)
async def test_a_wrong_batch_gets_its_reason_and_is_counted(
    tmp_path: Path, raw: bytes, status: int, error: str
) -> None:
    async with running(tmp_path) as collector:
        await collector.enrol(PROBE)
        found, refusal = await collector.post("/v1/measurements", raw)
        assert (found, refusal["error"], refusal["retry"]) == (status, error, False)
        assert await collector.metric(f'dabyl_batches_rejected_total{{reason="{error}"}}') == 1
        assert (await collector.send(PROBE, RECORDS))[0] == 200


async def test_too_many_bodies_at_once_are_sent_away(tmp_path: Path) -> None:
    async with running(tmp_path, max_bodies=1) as collector, raw_connection(collector) as (_, writer):
        await collector.enrol(PROBE)
        writer.write(request(1000))
        await writer.drain()
        await asyncio.sleep(0.1)
        assert (await collector.send(PROBE, RECORDS))[1]["error"] == "busy"
        writer.close()
        await asyncio.sleep(0.1)
        assert (await collector.send(PROBE, RECORDS))[0] == 200, (
            "a place is free again when a client goes away"
        )


async def test_too_many_batches_are_told_when_to_come_back(tmp_path: Path) -> None:
    async with running(tmp_path, limits=Limits(batches_burst=1, batches_per_s=0.1)) as collector:
        await collector.enrol(PROBE)
        await collector.send(PROBE, RECORDS, 1)
        raw = sealed(PROBE, RECORDS, 2)
        async with collector.client.post(collector.url + "/v1/measurements", data=raw) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (429, "10")
            assert (await answer.json())["retry"] is True


@pytest.mark.parametrize(
    "raw", [b"\x16\x03\x01\x00\xa5\x01\x00\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"GET /" + b"a" * 9000]
)
async def test_what_is_no_http_does_no_harm(tmp_path: Path, raw: bytes) -> None:
    async with (
        running(tmp_path, idle_timeout_s=0.5) as collector,
        raw_connection(collector) as (reader, writer),
    ):
        writer.write(raw)
        async with asyncio.timeout(5):
            assert b" 200 " not in await reader.read()
        assert await collector.get("/healthz") == {"ok": True, "trouble": ""}


async def test_no_address_is_written_anywhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with (
        running(tmp_path, archive_every_s=0.05) as collector,
        raw_connection(collector) as (reader, writer),
    ):
        await collector.enrol(PROBE)
        await collector.send(PROBE, RECORDS)
        writer.write(b"\x16\x03\x01\r\n\r\n")
        await reader.read()
        await asyncio.sleep(0.3)
    assert b"127.0.0.1" not in written_in(tmp_path)
    assert "127.0.0.1" not in "".join(f"{record.getMessage()} {record.exc_text}" for record in caplog.records)


def written_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
