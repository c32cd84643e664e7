"""kill -9 under load: every text that was acknowledged is reported, and exactly once."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from tests.servers.processes import quiet_port
from tests.servers.receiver import Receiver, receiver
from tests.system.sms import KEY, Program, within, write_settings

TEXTS = 3_000
SENDERS = 12
KILLS = 12
# Moments between kills: in the first commits, in the middle, while batches are on their way.
MOMENTS_S = (0.02, 0.3, 0.1, 0.5, 0.05, 0.2, 0.4, 0.15, 0.35, 0.25, 0.08, 0.6)


def _station(number: int) -> str:
    return f"KZ-{71 if number < TEXTS // 2 else 75}-{number + 1:04}"


class Load:
    """Senders that bring each text again until it is acknowledged, as smsbox does."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = iter(range(TEXTS))
        self.acknowledged: set[str] = set()
        self.again = 0

    async def send(self) -> None:
        """One sender's share."""
        async with aiohttp.ClientSession() as client:
            for number in self._numbers:
                while not await self._bring(client, number):
                    self.again += 1
                    await asyncio.sleep(0.02)
                self.acknowledged.add(_station(number))

    async def _bring(self, client: aiohttp.ClientSession, number: int) -> bool:
        asked = {
            "from": f"+7701{number:07}", "to": "1234", "text": f"OPEN {_station(number)}", "id": f"text-{number}", "key": KEY,
        }  # fmt: skip
        try:
            async with client.get(f"{self._url}/kannel?{urlencode(asked)}") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False


@pytest.mark.timeout(240)
async def test_every_acknowledged_text_is_reported_once_through_twelve_kills(tmp_path: Path) -> None:
    port = quiet_port()
    async with receiver() as collector:
        gateway = Program(
            port, tmp_path / "gateway.log", "sms", "serve", "--config", str(tmp_path / "sms.toml")
        )
        write_settings(tmp_path, port, collector.url, "invite-of-the-tests-01")
        load = Load(gateway.url)
        try:
            await gateway.start()
            await _load_and_kill(load, gateway)
            assert len(load.acknowledged) == TEXTS
            assert load.again > 0
            await within(30, lambda: len(collector.reports()) >= TEXTS)
            await gateway.stop()
        finally:
            await gateway.close()
        _check_once(collector, load)


async def _load_and_kill(load: Load, gateway: Program) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(SENDERS):
            group.create_task(load.send())
        for moment_s in MOMENTS_S:
            await asyncio.sleep(moment_s)
            await gateway.kill()
            await gateway.start()


def _check_once(collector: Receiver, load: Load) -> None:
    counted = Counter(report.station for report in collector.reports())
    assert set(counted) == load.acknowledged
    assert set(counted.values()) == {1}
    assert len(MOMENTS_S) == KILLS
