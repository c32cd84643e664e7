"""A real Chromium, driven over its DevTools protocol: open a page, ask it things, take its picture.

Headless Chromium does not make a window narrower than 500 px; the protocol's device metrics do.
"""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--remote-debugging-port=0",
)  # fmt: skip
START_S = 30.0
ANSWER_S = 30.0
Reply = dict[str, Any]


class Tab:
    """One page of the browser. `asked`: every address that it asked for."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.asked: list[str] = []
        self.console: list[str] = []
        self._socket = socket
        self._numbers = count(1)
        self._events: list[Reply] = []

    async def open(self, url: str, *, width: int = 1280, height: int = 900, scheme: str = "light") -> None:
        """Load an address at a size, in light or dark, and wait until it is drawn."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        await self.call("Emulation.setDeviceMetricsOverride", **metrics)
        await self.call(
            "Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}]
        )
        await self.call("Network.enable")
        await self.call("Log.enable")
        await self.call("Page.enable")
        self._events.clear()
        await self.call("Page.navigate", url=url)
        await self._event("Page.loadEventFired")

    async def value(self, script: str) -> Any:
        """What an expression gives in the page, promises awaited."""
        found = await self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    async def text(self) -> str:
        """The text that a reader sees."""
        return str(await self.value("document.body.innerText"))

    async def picture(self, path: Path, *, whole: bool = True) -> None:
        """The page as a PNG file, to its end or as far as the window shows."""
        found = await self.call(
            "Page.captureScreenshot", format="png", captureBeyondViewport=whole, **await self._clip(whole)
        )
        await asyncio.to_thread(path.write_bytes, base64.b64decode(found["data"]))

    async def call(self, method: str, **params: Any) -> Reply:
        """One command and its answer; events that come between are kept."""
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": params})
        async with asyncio.timeout(ANSWER_S):
            while True:
                found = await self._receive()
                if found.get("id") == number:
                    assert "error" not in found, (method, found["error"])
                    return dict(found["result"])

    async def _clip(self, whole: bool) -> Reply:
        if not whole:
            return {}
        size = (await self.call("Page.getLayoutMetrics"))["cssContentSize"]
        return {"clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}}

    def events(self, method: str) -> list[Reply]:
        """What the browser told of one kind since the page was opened."""
        return [event["params"] for event in self._events if event["method"] == method]

    async def until(self, method: str) -> None:
        """Wait for a new event of one kind."""
        before = len(self.events(method))
        async with asyncio.timeout(ANSWER_S):
            while len(self.events(method)) == before:
                await self._receive()

    async def _event(self, method: str) -> None:
        async with asyncio.timeout(ANSWER_S):
            while not any(event["method"] == method for event in self._events):
                await self._receive()

    async def _receive(self) -> Reply:
        found: Reply = await self._socket.receive_json()
        if "method" in found:
            self._events.append(found)
            self._note(found["method"], found["params"])
        return found

    def _note(self, method: str, params: Reply) -> None:
        if method == "Network.requestWillBeSent":
            self.asked.append(params["request"]["url"])
        if method == "Log.entryAdded":
            self.console.append(params["entry"]["text"])


@asynccontextmanager
async def browser(*flags: str) -> AsyncIterator[Tab]:
    """A Chromium with an empty profile and one tab; both are gone afterwards. `flags`: further ones of its own."""
    profile = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="dabyl-chromium-"))
    # A session of its own: what Chromium starts ends with it.
    process = await asyncio.create_subprocess_exec(
        "chromium", *FLAGS, *flags, f"--user-data-dir={profile}", "about:blank",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(await _tab_address(session, profile), max_msg_size=0) as socket,
        ):
            yield Tab(socket)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 9)
        await process.wait()
        await asyncio.to_thread(shutil.rmtree, profile, ignore_errors=True)


async def _tab_address(session: aiohttp.ClientSession, profile: Path) -> str:
    """Chromium writes its port into its profile once it listens."""
    port_file = profile / "DevToolsActivePort"
    async with asyncio.timeout(START_S):
        while True:
            with suppress(FileNotFoundError, IndexError, aiohttp.ClientError, StopIteration):
                port = int(port_file.read_text(encoding="utf-8").splitlines()[0])
                async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                    pages = [one for one in await answer.json() if one["type"] == "page"]
                    return str(next(iter(pages))["webSocketDebuggerUrl"])
            await asyncio.sleep(0.05)
