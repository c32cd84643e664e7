"""A spool, an app's webhooks and a phone's list, kill -9 under load, and no collector: what was acknowledged is there, once.

`python -m tests.system.links_kill [TEXTS [KILLS]]` is the long run, TEXTS over each link; the test runs a short one.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import sqlite3
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from dabyl.system import SystemClock
from tests.servers.phone import command
from tests.servers.processes import quiet_port
from tests.sms_gateway.core.test_android import event
from tests.sms_gateway.core.test_gammu import section
from tests.system.fire import texts_and_kills
from tests.system.sms import Program

KEY = "a-signing-key"
REGIONS = {"gammu": 71, "android": 75, "termux": 79}


def text_of(link: str, one: int) -> str:
    """A text that no other of the run equals."""
    return f"KZ-{REGIONS[link]}-{one + 1:04} OPEN"


def _settings(folder: Path, port: int) -> Path:
    for name in ("inbox", "phone"):
        (folder / name).mkdir()
    file = folder / "sms.toml"
    file.write_text(
        f'listen = "127.0.0.1:{port}"\ndata = "{folder}/data"\ncollector = "http://127.0.0.1:1"\n'
        'invite = "invite-of-the-tests-01"\nreplies_per_hour = 0\n'
        f'[[link]]\nkind = "gammu"\ninbox = "{folder}/inbox"\npoll_s = 0.05\n'
        f'[[link]]\nkind = "android"\nsigning_key = "{KEY}"\n'
        f'[[link]]\nkind = "termux"\ncommand = {json.dumps(command(folder / "phone"))}\npoll_s = 0.2\n',
        encoding="utf-8",
    )
    return file


class Load:
    """Texts over the three links, brought again until they are taken, as the networks do."""

    def __init__(self, folder: Path, url: str, texts: int) -> None:
        self._folder, self._url, self._texts = folder, url, texts
        self.brought = 0

    def start(self) -> None:
        """The phone has a text of its own before we come."""
        self._list(0)

    async def spool(self) -> None:
        """Files, each under its name at once."""
        for one in range(self._texts):
            draft = self._folder / "draft"
            draft.write_text(section(text_of("gammu", one)))
            draft.rename(self._folder / "inbox" / f"IN20261122_040000_{one:05}_+77011234567_00.txt")
            await asyncio.sleep(0.001)

    async def phone(self) -> None:
        """A growing list."""
        for count in range(0, self._texts + 1, 10):
            self._list(count)
            await asyncio.sleep(0.02)
        self._list(self._texts)

    async def webhooks(self) -> None:
        """Events, each until it is taken."""
        async with aiohttp.ClientSession() as client:
            for one in range(self._texts):
                body = event(ident=f"e{one}", message=text_of("android", one), phoneNumber=f"+7701{one:07}")
                while not await self._bring(client, body):  # noqa: ASYNC110  # as the app does
                    await asyncio.sleep(0.05)
                self.brought += 1

    async def _bring(self, client: aiohttp.ClientSession, body: bytes) -> bool:
        stamp = str(int(SystemClock().now().timestamp()))
        signature = hmac.new(KEY.encode(), body + stamp.encode(), hashlib.sha256).hexdigest()
        headers = {"X-Signature": signature, "X-Timestamp": stamp}
        try:
            async with client.post(f"{self._url}/android/android", data=body, headers=headers) as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    def _list(self, count: int) -> None:
        entries = [{"_id": 1, "number": "+77770001122", "body": "own", "type": "inbox"}] + [
            {"_id": one + 2, "number": f"+7702{one:07}", "body": text_of("termux", one), "type": "inbox"}
            for one in range(count)
        ]
        draft = self._folder / "phone" / "draft"
        draft.write_text(json.dumps(entries))
        draft.rename(self._folder / "phone" / "inbox.json")


async def run(texts: int, kills: int, folder: Path) -> Counter[str]:
    """How often each text was counted."""
    port = quiet_port()
    gateway = Program(port, folder / "gateway.log", "sms", "serve", "--config", str(_settings(folder, port)))
    load = Load(folder, gateway.url, texts)
    load.start()
    try:
        await gateway.start()
        await asyncio.sleep(0.5)
        async with asyncio.TaskGroup() as group:
            for task in (load.spool, load.phone, load.webhooks):
                group.create_task(task())
            for kill in range(kills):
                await asyncio.sleep(0.15 + 0.2 * (kill % 3))
                await gateway.kill()
                await gateway.start(within_s=60)
        await _all_read(gateway, folder, texts)
    finally:
        await gateway.close()
    return _counted(folder)


async def _all_read(gateway: Program, folder: Path, texts: int) -> None:
    """Stop and look, until everything is there or it takes too long."""
    for _ in range(20):
        await asyncio.sleep(1.0 + texts / 2_000)
        await gateway.stop()
        if len(_counted(folder)) == len(REGIONS) * texts:
            return
        await gateway.start()


def _counted(folder: Path) -> Counter[str]:
    connection = sqlite3.connect(folder / "data" / "sms.sqlite3")
    try:
        return Counter(text for (text,) in connection.execute("SELECT text FROM inbox WHERE outcome = 'new'"))
    finally:
        connection.close()


def wanted(texts: int) -> Counter[str]:
    """Each text once."""
    return Counter(text_of(link, one) for link in REGIONS for one in range(texts))


def main() -> int:
    """The long run."""
    texts, kills = texts_and_kills(5_000, 9)
    with TemporaryDirectory() as folder:
        found = asyncio.run(run(texts, kills, Path(folder)))
    lost, twice = wanted(texts) - found, found - wanted(texts)
    sys.stdout.write(f"{sum(found.values())} counted, {len(lost)} lost, {len(twice)} twice or strange\n")
    return 1 if lost or twice else 0


if __name__ == "__main__":
    sys.exit(main())
