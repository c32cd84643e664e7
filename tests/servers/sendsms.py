"""smsbox's door for what is sent: `/cgi-bin/sendsms`, with statuses that the test chooses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


class Smsbox:
    """What was asked of it. `statuses` are used up one by one, then all is accepted."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[dict[str, str]] = []
        self.statuses: list[int] = []

    async def sendsms(self, request: web.Request) -> web.Response:
        self.asked.append(dict(request.query))
        status = self.statuses.pop(0) if self.statuses else 202
        return web.Response(status=status, text="0: Accepted for delivery" if status == 202 else "no")


@asynccontextmanager
async def smsbox() -> AsyncIterator[Smsbox]:
    """One on a free port of loopback."""
    found = Smsbox()
    app = web.Application()
    app.router.add_get("/cgi-bin/sendsms", found.sendsms)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        found.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield found
    finally:
        await runner.cleanup()
