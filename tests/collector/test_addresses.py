"""No address is written anywhere: traffic from known addresses, then a look into every file and log line."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import msgspec
import pytest
import zstandard

from collector import new_invite
from collector.core.times import stamp
from tests.collector.core.scenes import NOW, key, seen
from tests.collector.evidence.scenes import waiting
from tests.collector.harness import Running, TestClock, TestRandomness, running, sealed
from wire.enrol import Enrolled, Role, enrolment
from wire.records import Network, StationReport

HOME, OTHER, ATTACKER = "127.77.13.201", "127.99.41.7", "127.201.66.33"
FORWARDED = "95.58.201.113"
ADDRESSES = (HOME, OTHER, ATTACKER, FORWARDED)
TABLE = "network,asn,region\n127.77.0.0/16,AS9198,KZ-75\n95.58.0.0/16,AS21299,KZ-71\n"
CHANCE = TestRandomness(11)


@asynccontextmanager
async def from_address(address: str) -> AsyncIterator[aiohttp.ClientSession]:
    """A client whose connections come from that address of loopback."""
    connector = aiohttp.TCPConnector(local_addr=(address, 0))
    async with aiohttp.ClientSession(connector=connector) as client:
        yield client


async def enrolled(
    collector: Running, client: aiohttp.ClientSession, number: int, role: Role, *forwarded: str
) -> Enrolled:
    token = await asyncio.to_thread(new_invite, collector.folder, role, 1.0, collector.clock, CHANCE)
    body = msgspec.json.encode(enrolment(key(number), token, Network()))
    headers = [("X-Forwarded-For", line) for line in forwarded or (f"10.0.0.1, {FORWARDED}",)]
    async with client.post(f"{collector.url}/v1/enrol", data=body, headers=headers) as answer:
        assert answer.status == 200
        return msgspec.json.decode(await answer.read(), type=Enrolled)


async def trouble(collector: Running, client: aiohttp.ClientSession) -> None:
    """All that a stranger might do to be written down."""
    for path in ("/", "/nowhere", "/v1/status", "/metrics", "/past?at=x", "/incidents/none"):
        async with client.get(f"{collector.url}{path}", headers={"X-Real-IP": FORWARDED}) as answer:
            await answer.read()
    for raw in (b"", b"junk", sealed(key(9), [seen("a", probe=key(9).id)])):
        async with client.post(f"{collector.url}/v1/measurements", data=raw) as answer:
            assert answer.status >= 400
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", int(collector.url.rpartition(":")[2]), local_addr=(ATTACKER, 0)
    )
    writer.write(b"\x16\x03\x01 no HTTP at all\r\n\r\n")
    await reader.read()
    writer.close()
    await writer.wait_closed()


def everything(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file as it is, and expanded where it is compressed."""
    for path in folder.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            yield path.name, raw
            if path.name.endswith(".zst"):
                with zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True) as whole:
                    yield f"{path.name}, expanded", whole.read()


async def test_no_address_is_written_anywhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # the event loop's own debugging is not ours
    (tmp_path / "table.csv").write_text(TABLE, encoding="ascii")
    folder, clock = tmp_path / "data", TestClock()
    async with (
        running(folder, clock, archive_every_s=0.05, networks=str(tmp_path / "table.csv")) as collector,
        from_address(HOME) as home,
        from_address(OTHER) as other,
        from_address(ATTACKER) as attacker,
    ):
        who = await enrolled(collector, home, 1, "probe")
        assert who.network == Network(asn="AS9198", region="KZ-75")
        assert (await enrolled(collector, other, 2, "gateway")).network is None
        batch = sealed(key(1), [seen("a", probe=key(1).id)])
        report = StationReport(id="r1", station="KZ-71-0379", kind="open", at=stamp(NOW))
        told = sealed(key(2), [report], purpose="dabyl/v1/report")
        for client, path, raw in ((home, "measurements", batch), (other, "reports", told)):
            async with client.post(f"{collector.url}/v1/{path}", data=raw) as answer:
                assert answer.status == 200, await answer.text()
        await trouble(collector, attacker)
        async with asyncio.timeout(10):
            while await waiting(folder):  # noqa: ASYNC110  # the collector tells nobody that it archived
                await asyncio.sleep(0.02)
        look(folder, caplog.text)
    look(folder, caplog.text)


def look(folder: Path, logged: str) -> None:
    files = list(everything(folder))
    assert any(name.endswith("expanded") for name, _ in files)
    for address in ADDRESSES:
        number = ipaddress.ip_address(address).packed
        for name, raw in files:
            assert address.encode() not in raw, name
            assert number not in raw, name
        assert address not in logged


async def test_behind_a_proxy_its_own_word_counts_and_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(TABLE, encoding="ascii")
    folder = tmp_path / "data"
    async with running(folder, networks=str(tmp_path / "table.csv"), behind_proxy=True) as collector:
        who = await enrolled(collector, collector.client, 1, "probe")
    assert who.network == Network(asn="AS21299", region="KZ-71")
    for name, raw in everything(folder):
        assert FORWARDED.encode() not in raw, name
        assert b"AS21299" in raw or name != "dabyl.sqlite3"


async def test_a_line_that_the_caller_wrote_itself_is_not_the_proxys_word(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(TABLE, encoding="ascii")
    table = str(tmp_path / "table.csv")
    async with running(tmp_path / "data", networks=table, behind_proxy=True) as collector:
        who = await enrolled(collector, collector.client, 1, "probe", HOME, FORWARDED)
    assert who.network == Network(asn="AS21299", region="KZ-71")
