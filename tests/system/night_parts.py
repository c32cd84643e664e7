"""Who takes part in an election night: stations, their gateway, the collector's lives, an observer, a witness."""

from __future__ import annotations

import asyncio
import hashlib
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
from aiohttp import web
from msgspec.structs import replace

from collector.ledger.witness import Witness, app_of
from dabyl.system import SystemClock
from tests.collector.core.scenes import key
from tests.servers.collector import DABYL
from wire import batch, canonical, uploads
from wire.enrol import enrolment
from wire.notes import COSIGNATURE, NoteKey, Signer
from wire.records import Network, StationReport
from wire.sealed import seal_sheet
from wire.sheets import Sheet, sheet_bytes
from wire.signing import SigningKey, to_text
from wire.stationkeys import StationKeys
from wire.times import format_time
from wire.uploads import Upload

SHEETS = 4
WRONG_EVERY = 50  # of so many sheets one differs from its text
SCAN_EVERY = 10
SENDERS = 12
TEXTS = 50  # in one batch of the gateway
REGIONS = (10, 11, 15, 19, 27, 31, 33, 35, 39, 43, 47, 55, 59, 61, 62, 63, 71, 75, 79)
GATEWAY = key(5)
CLOCK = SystemClock()
NGO = Signer("witness.example/ngo", COSIGNATURE, SigningKey(b"w" * 32))
NAME = "ledger.example/night"


def now() -> str:
    return format_time(CLOCK.now())


class Paper(NamedTuple):
    """One sheet as its station sends it: the hash of its text, and what is uploaded."""

    station: str
    number: int
    told: str
    sheet: Sheet
    own: SigningKey
    scan: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(sheet_bytes(self.sheet)).hexdigest()


def papers(stations: int) -> Iterator[Paper]:
    """Every sheet of the night."""
    for place in range(stations):
        name = f"KZ-{REGIONS[place % len(REGIONS)]}-{place // len(REGIONS) + 1:04d}"
        own = SigningKey(hashlib.sha256(name.encode()).digest())
        for number in range(1, SHEETS + 1):
            at = place * SHEETS + number
            counts = {"voters_on_list": 1_000 + at % 1_000, "against_all": at % 7}
            sheet = Sheet(election="2026", station=name, sheet=number, counts=counts, votes={"A": at, "B": 3})
            told = replace(sheet, votes={"A": at + 1, "B": 3}) if at % WRONG_EVERY == 0 else sheet
            scan = b"\xff\xd8\xff\xe0" + sheet_bytes(sheet) if at % SCAN_EVERY == 0 else b""
            yield Paper(name, number, hashlib.sha256(sheet_bytes(told)).hexdigest(), sheet, own, scan)


class Lives:
    """The collector's lives on one address; what it says goes to a file."""

    def __init__(self, folder: Path, config: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            listen = f"127.0.0.1:{free.getsockname()[1]}"
        self.url, self._said = f"http://{listen}", (folder.parent / "said.txt").open("ab")
        self._command = [
            *DABYL,
            "collector",
            "serve",
            "--data",
            str(folder),
            "--listen",
            listen,
            "--config",
            str(config),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    async def begin(self, client: aiohttp.ClientSession) -> None:
        """Start one; back when it answers."""
        self._process = await asyncio.to_thread(subprocess.Popen, self._command, stderr=self._said)
        async with asyncio.timeout(120):
            while not await self._answers(client):
                assert self._process.poll() is None, "the collector ended by itself"
                await asyncio.sleep(0.05)

    async def _answers(self, client: aiohttp.ClientSession) -> bool:
        try:
            async with client.get(f"{self.url}/ledger/checkpoint") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    def end(self) -> None:
        """No more lives."""
        self.kill()
        self._said.close()

    def kill(self) -> None:
        """kill -9; back when it is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)

    def another(self) -> subprocess.CompletedProcess[str]:
        """A second instance on the same store, at another address."""
        command = [*self._command[:-3], "127.0.0.1:0", *self._command[-2:]]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


class Night:
    """What was sent, what was acknowledged, and what an observer saw meanwhile."""

    def __init__(self, url: str, client: aiohttp.ClientSession) -> None:
        self.url, self.client = url, client
        self.entries: dict[str, int] = {}  # by the published hash, as acknowledged
        self.texts = 0
        self.repeats = 0
        self.heads: list[tuple[float, bytes]] = []

    async def text(self, every: Sequence[Paper]) -> None:
        """The gateway: batch after batch, each until it is acknowledged."""
        for sequence, first in enumerate(range(0, len(every), TEXTS), 1):
            reports = [report_of(paper) for paper in every[first : first + TEXTS]]
            await self._until_taken(
                "/v1/reports", batch.seal(GATEWAY, "dabyl/v1/report", "00" * 8, sequence, reports)
            )
            self.texts += len(reports)

    async def upload(self, mine: Sequence[Paper]) -> None:
        """One of many stations at once."""
        for paper in mine:
            named = hashlib.sha256(paper.scan).hexdigest() if paper.scan else ""
            upload = Upload(
                by="station",
                signer=paper.station,
                at=now(),
                sheet=sheet_bytes(paper.sheet).decode(),
                scan=named,
            )
            said = await self._until_taken("/v1/sheets", canonical.encode(uploads.signed(paper.own, upload)))
            self.entries[said["sha256"]] = said["entry"]
            if named:
                await self._until_taken(f"/v1/scans/{named}", paper.scan, "PUT")

    async def watch(self) -> None:
        """An observer keeps every head that is shown, with the time."""
        while True:
            raw = await self._head()
            if raw and (not self.heads or self.heads[-1][1] != raw):
                self.heads.append((CLOCK.now().timestamp(), raw))
            await asyncio.sleep(0.25)

    async def _head(self) -> bytes:
        try:
            async with self.client.get(f"{self.url}/ledger/checkpoint") as answer:
                return await answer.read() if answer.status == 200 else b""
        except aiohttp.ClientError:
            return b""

    async def _until_taken(self, path: str, raw: bytes, method: str = "POST") -> Any:
        while True:
            try:
                async with self.client.request(method, self.url + path, data=raw) as answer:
                    said = await answer.json()
            except (aiohttp.ClientError, OSError):
                self.repeats += 1
                await asyncio.sleep(0.1)
                continue
            if answer.status == 200:
                return said
            assert said["retry"], said
            await asyncio.sleep(0.2)


def report_of(paper: Paper) -> StationReport:
    at = CLOCK.now()
    text = seal_sheet(paper.own, paper.station, bytes.fromhex(paper.told), int(at.timestamp()), paper.number)
    return StationReport(
        id=f"{paper.told[:40]}", station=paper.station, kind="sheet", value=paper.told, mark=str(paper.number),
        at=format_time(at), proof="seal", sealed=text,
    )  # fmt: skip


class Away:
    """A witness that is sometimes not there."""

    def __init__(self) -> None:
        self.here, self.url, self.cosigned = True, "", 0


@asynccontextmanager
async def witness(folder: Path, log: NoteKey) -> AsyncIterator[Away]:
    """It answers on loopback; while it is away every request fails."""
    away, made = Away(), Witness(folder / "witness", NGO, {NAME: (log,)}, CLOCK)

    @web.middleware
    async def door(request: web.Request, handler: Any) -> web.StreamResponse:
        if not away.here:
            raise web.HTTPServiceUnavailable
        answer: web.StreamResponse = await handler(request)
        away.cosigned += answer.status == 200
        return answer

    app = app_of(made)
    app.middlewares.append(door)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    away.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield away
    finally:
        await runner.cleanup()
        made.close()


def settings(folder: Path, every: Sequence[Paper], away: Away) -> Path:
    """The collector's settings, and the file of the stations' keys."""
    keys = {paper.station: paper.own for paper in every}
    lines = (StationKeys(station=name, keys=(to_text(own.public),)) for name, own in keys.items())
    (folder / "stations.jsonl").write_bytes(b"".join(canonical.encode(line) + b"\n" for line in lines))
    config = folder / "settings.toml"
    config.write_text(f"""
archive_every_s = 5.0
[limits]
reports_per_s = 1000.0
[sheets]
stations = "{folder}/stations.jsonl"
uploads_per_s = 100.0
[ledger]
name = "{NAME}"
head = "{folder}/head"
audit_every_s = 30.0
[[ledger.witness]]
url = "{away.url}"
key = "{NGO.key}"
""")
    return config


async def enrol(seen: Night, token: str) -> None:
    """The gateway's key."""
    where = Network(asn="AS9198", region="KZ-71", access="fixed", side="inside")
    raw = canonical.encode(enrolment(GATEWAY, token, where))
    async with seen.client.post(f"{seen.url}/v1/enrol", data=raw) as answer:
        assert answer.status == 200, await answer.text()
