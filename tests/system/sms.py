"""The SMS path as it is really run: collector, gateway, Kannel, a message centre, each a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.servers.fakesmsc import MessageCentre, message_centre
from tests.servers.kannel import kannel
from tests.servers.processes import free_ports, listening, started, stop

DABYL = (sys.executable, "-m", "dabyl")
KEY = "key-between-us"


class Program:
    """One of our commands that can be killed and started again."""

    def __init__(self, port: int, log: Path, *arguments: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._port, self._log, self._arguments = port, log, arguments
        self._stack = AsyncExitStack()
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, within_s: float = 15.0) -> None:
        """Start it and wait until it listens."""
        self._process = await self._stack.enter_async_context(started(self._log, *DABYL, *self._arguments))
        await listening(self._port, within_s)

    async def kill(self) -> None:
        """SIGKILL: no goodbye."""
        if self._process is not None:
            self._process.kill()
            await self._process.wait()

    async def stop(self) -> None:
        """SIGTERM, and its exit status must be 0."""
        if self._process is not None:
            await stop(self._process)
            assert self._process.returncode == 0, self._log.read_text(encoding="utf-8")

    async def close(self) -> None:
        """End whatever still runs."""
        await self._stack.aclose()


class SmsPath:
    """Everything between a phone and the collector's page."""

    def __init__(self, collector: Program, gateway: Program, centre: MessageCentre) -> None:
        self.collector, self.gateway, self.centre = collector, gateway, centre

    async def stations(self) -> dict[str, dict[str, Any]]:
        """The stations that the collector shows."""
        found = json.loads(await get(self.collector.url + "/v1/stations"))
        return {one["station"]: one for one in found["stations"]}


async def get(url: str) -> str:
    """A page; empty when nobody answers."""
    try:
        async with aiohttp.ClientSession() as client, client.get(url) as answer:
            return await answer.text()
    except aiohttp.ClientError:
        return ""


def write_settings(folder: Path, port: int, collector: str, invite: str, sendsms: str = "") -> Path:
    """The gateway's settings file."""
    sends = f'sendsms = "{sendsms}"\nusername = "dabyl"\npassword = "passw0rd"\n' if sendsms else ""
    file = folder / "sms.toml"
    file.write_text(
        f'listen = "127.0.0.1:{port}"\ndata = "{folder / "gateway"}"\ncollector = "{collector}"\n'
        f'invite = "{invite}"\n[[link]]\nkind = "kannel"\nkey = "{KEY}"\n{sends}',
        encoding="utf-8",
    )
    return file


async def invite(folder: Path) -> str:
    """A token of the collector's for a gateway."""
    command = (*DABYL, "collector", "invite", "--data", str(folder), "--role", "gateway")
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    printed, _ = await process.communicate()
    assert process.returncode == 0
    return printed.decode().strip()


@asynccontextmanager
async def sms_path(folder: Path) -> AsyncIterator[SmsPath]:
    """The whole path, running."""
    collector_port, gateway_port = free_ports(2)
    data = folder / "collector"
    collector = Program(
        collector_port, folder / "collector.log",
        "collector", "serve", "--listen", f"127.0.0.1:{collector_port}", "--data", str(data),
    )  # fmt: skip
    gateway = Program(
        gateway_port, folder / "gateway.log", "sms", "serve", "--config", str(folder / "sms.toml")
    )
    async with AsyncExitStack() as running:
        running.push_async_callback(collector.close)
        running.push_async_callback(gateway.close)
        await collector.start()
        box = await running.enter_async_context(kannel(folder, gateway.url, KEY))
        write_settings(folder, gateway_port, collector.url, await invite(data), box.sendsms)
        await gateway.start()
        centre = await running.enter_async_context(message_centre(box.smsc))
        yield SmsPath(collector, gateway, centre)


async def within(seconds: float, look: Callable[[], Any]) -> Any:
    """What `look` gives (or its coroutine) as soon as it is true; fails after that many seconds."""
    async with asyncio.timeout(seconds):
        while True:
            found = look()
            found = await found if asyncio.iscoroutine(found) else found
            if found:
                return found
            await asyncio.sleep(0.05)
