"""Control records from files and from collectors."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from probes import controls
from probes.controls import parse_controls, read_source
from tests.probes.keeping.batches import measured
from tests.servers.deaf import saying, talking
from tests.servers.processes import free_ports
from wire import canonical
from wire.errors import BadInput

LINES = canonical.encode(measured("a")) + b"\n\n" + canonical.encode(measured("b")) + b"\n"


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("c.jsonl", LINES),
        ("c.jsonl.gz", gzip.compress(LINES)),
        ("c.jsonl.zst", zstandard.compress(LINES)),
        ("misnamed.jsonl", gzip.compress(LINES)),
    ],
)
async def test_a_file_is_read_as_it_is_packed(tmp_path: Path, name: str, raw: bytes) -> None:
    (tmp_path / name).write_bytes(raw)
    assert [one.id for one in await read_source(str(tmp_path / name))] == ["a", "b"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (LINES + b"{}\n", "c.jsonl:4: "),
        (b"not json\n", "c.jsonl:1: "),
        (LINES.replace(b"2026-11-", b"2026-13-"), "c.jsonl:1: not a time of the calendar"),
        (b"\xff\xfe\n", "c.jsonl:1: "),
        (gzip.compress(LINES)[:-9], "broken gzip"),
        (zstandard.compress(LINES)[:-30], "broken zstd"),
        (gzip.compress(b"\n" * (controls.MAX_CONTROL_BYTES + 1)), "expands past"),
    ],
    ids=["a line", "no JSON", "no day", "no UTF-8", "cut gzip", "cut zstd", "bomb"],
)
async def test_what_is_broken_is_named(tmp_path: Path, raw: bytes, reason: str) -> None:
    (tmp_path / "c.jsonl").write_bytes(raw)
    with pytest.raises(BadInput) as found:
        await read_source(str(tmp_path / "c.jsonl"))
    assert reason in str(found.value)
    assert "\n" not in str(found.value)


async def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        await read_source(str(tmp_path / "none.jsonl"))


def answer(body: bytes, status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


async def test_a_collectors_controls_are_fetched() -> None:
    async with talking(saying(answer(LINES))) as port:
        found = await read_source(f"http://127.0.0.1:{port}/v1/control")
    assert [one.id for one in found] == ["a", "b"]


async def test_a_collector_that_cannot_be_asked_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    (closed,) = free_ports(1)
    with pytest.raises(BadInput, match="--control http"):
        await read_source(f"http://127.0.0.1:{closed}/v1/control")
    async with talking(saying(answer(b"", b"404 Not Found"))) as port:
        with pytest.raises(BadInput, match="HTTP 404"):
            await read_source(f"http://127.0.0.1:{port}/v1/control")
    monkeypatch.setattr(controls, "MAX_CONTROL_BYTES", 100)
    async with talking(saying(answer(LINES))) as port:
        with pytest.raises(BadInput, match="more than 100 bytes"):
            await read_source(f"http://127.0.0.1:{port}/v1/control")


@pytest.mark.parametrize("url", ["http://a..b/", "http://[::1", "http://a:99999/", "http:///"])
async def test_an_address_that_is_none_is_bad_input(url: str) -> None:
    with pytest.raises(BadInput, match=r"--control http.*: its address cannot be used$"):
        await read_source(url)


async def test_controls_come_through_the_proxy_through_which_batches_go(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with talking(saying(answer(LINES))) as port:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("no_proxy", "")
        assert len(await read_source("http://collector.test/v1/control")) == 2


@given(st.binary(max_size=200))
def test_any_bytes_are_controls_or_bad_input(raw: bytes) -> None:
    try:
        parse_controls(raw, "x")
    except BadInput as error:
        assert str(error).startswith("x")
