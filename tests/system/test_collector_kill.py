"""kill -9 of the real collector, 50 times, while probes send: what was acknowledged is there once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Awaitable
from pathlib import Path
from typing import IO

import aiohttp
from msgspec.structs import replace

from collector.evidence import check
from collector.store.contents import everything
from collector.store.schema import open_database
from dabyl.system import SystemClock
from tests.collector.core.scenes import ASTANA, key, seen
from tests.servers.collector import READY, invite
from wire import batch, canonical
from wire.enrol import enrolment
from wire.signing import SigningKey
from wire.times import format_time

KILLS = 50
PROBES = 6
BOOT = "00112233aabbccdd"
SETTINGS = """
archive_every_s = 0.05
[limits]
batches_per_s = 1000.0
batches_burst = 1000.0
"""


class Sender:
    """A probe that sends one batch after another and repeats until it is acknowledged."""

    def __init__(self, signer: SigningKey) -> None:
        self.key, self.url = signer, ""
        self.acknowledged: list[bytes] = []
        self.repeated = 0

    async def run(self, client: aiohttp.ClientSession) -> None:
        raw = self._next()
        while True:
            if await self._acknowledged(client, raw):
                self.acknowledged.append(raw)
                raw = self._next()
            await asyncio.sleep(0.003)

    def _next(self) -> bytes:
        now = format_time(SystemClock().now())
        records = [replace(seen(f"t{n}", probe=self.key.id), at=now) for n in range(20)]
        return batch.seal(self.key, "dabyl/v1/batch", BOOT, len(self.acknowledged) + 1, records)

    async def _acknowledged(self, client: aiohttp.ClientSession, raw: bytes) -> bool:
        try:
            async with client.post(self.url + "/v1/measurements", data=raw) as answer:
                receipt = await answer.json()
        except (aiohttp.ClientError, OSError):
            return False
        assert answer.status == 200, receipt
        self.repeated += receipt["result"] == "known"
        return True

    async def enrol(self, client: aiohttp.ClientSession, token: str) -> None:
        raw = canonical.encode(enrolment(self.key, token, ASTANA))
        async with client.post(self.url + "/v1/enrol", data=raw) as answer:
            assert answer.status == 200, await answer.text()


class Lives:
    """The collector's lives, one after another."""

    def __init__(self, folder: Path, config: Path) -> None:
        self._line = f"collector serve --data {folder} --config {config} --listen 127.0.0.1:0\n"
        pipe = subprocess.PIPE
        command = [sys.executable, "-m", "tests.servers.collector_lives"]
        self._forker = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def begin(self) -> str:
        """Start one; where it listens."""
        _, out, said = self._pipes()
        self._tell(self._line)
        self._pid = int(out.readline())
        return next(found[1] for line in said if (found := READY.search(line)))

    def kill(self) -> None:
        """kill -9; back when it is gone."""
        os.kill(self._pid, signal.SIGKILL)
        assert self._pipes()[1].readline() == "\n"

    def end(self) -> None:
        """No more lives."""
        for pipe in self._pipes():
            pipe.close()
        self._forker.wait(10)

    def _tell(self, line: str) -> None:
        into = self._pipes()[0]
        into.write(line)
        into.flush()

    def _pipes(self) -> tuple[IO[str], IO[str], IO[str]]:
        into, out, said = self._forker.stdin, self._forker.stdout, self._forker.stderr
        assert into is not None
        assert out is not None
        assert said is not None
        return into, out, said


async def test_fifty_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    config, folder = tmp_path / "settings.toml", tmp_path / "data"
    config.write_text(SETTINGS)
    senders = [Sender(key(number + 1)) for number in range(PROBES)]
    tokens = [await asyncio.to_thread(invite, folder) for _ in senders]
    lives = Lives(folder, config)
    async with aiohttp.ClientSession() as client:
        await one_life(lives, senders, enrolling(client, senders, tokens))
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(sender.run(client)) for sender in senders]
            for number in range(KILLS):
                await one_life(lives, senders, asyncio.sleep(0.03 + 0.3 * (number * 0.618 % 1)))
            for task in tasks:
                task.cancel()
    await asyncio.to_thread(lives.end)
    verify(folder, senders)


async def enrolling(client: aiohttp.ClientSession, senders: list[Sender], tokens: list[str]) -> None:
    for sender, token in zip(senders, tokens, strict=True):
        await sender.enrol(client, token)


async def one_life(lives: Lives, senders: list[Sender], meanwhile: Awaitable[None]) -> None:
    url = await asyncio.to_thread(lives.begin)
    for sender in senders:
        sender.url = url
    await meanwhile
    await asyncio.to_thread(lives.kill)


def verify(folder: Path, senders: list[Sender]) -> None:
    connection = open_database(folder)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        found = Counter(line.raw for line in everything(connection, folder))
    finally:
        connection.close()
    acknowledged = [raw for sender in senders for raw in sender.acknowledged]
    assert len(acknowledged) > KILLS, "the probes were at work"
    assert max(found.values()) == 1, "nothing is doubled"
    assert not set(acknowledged) - set(found), "nothing is lost"
    assert len(found) - len(acknowledged) <= len(senders), "at most the last of each was never acknowledged"
    assert list((folder / "archive").glob("batches-*")), "the archive was at work too"
    tally, differing = check(folder)
    assert (tally.faults, differing) == ([], []), "the archive alone gives the live state"
    assert (tally.batches, tally.measurements.total()) == (len(found), 20 * len(found))
