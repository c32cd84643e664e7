"""A phone: the local server of SMS Gateway for Android, and Termux's two commands.

As a program, `phone.py FOLDER termux-sms-list ...` is what the command of a Termux link runs into: it prints `FOLDER/inbox.json` and
appends what is sent to `FOLDER/sent`.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

USER = ("dabyl", "p&w")


class Phone:
    """The app's local server; `statuses` are answered first, then 202."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[dict[str, Any]] = []
        self.statuses: list[int] = []

    async def take(self, request: Any) -> Any:
        from aiohttp import web  # noqa: PLC0415  # the program below starts quicker without it

        if (
            request.headers.get("Authorization")
            != "Basic " + base64.b64encode(":".join(USER).encode()).decode()
        ):
            return web.Response(status=401)
        self.asked.append(await request.json())
        return web.json_response({"state": "Pending"}, status=self.statuses.pop(0) if self.statuses else 202)


@asynccontextmanager
async def phone() -> AsyncIterator[Phone]:
    """A phone that listens on loopback."""
    from aiohttp import web  # noqa: PLC0415  # as above

    one = Phone()
    app = web.Application()
    app.router.add_post("/message", one.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    one.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield one
    finally:
        await runner.cleanup()
        await asyncio.sleep(0)


def command(folder: Path) -> tuple[str, ...]:
    """What a Termux link runs to reach the phone of this folder."""
    return (sys.executable, "-S", "-E", __file__, str(folder))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("what")
    for short in ("-t", "-l", "-o", "-n", "-s"):
        parser.add_argument(short)
    asked = parser.parse_args()
    if asked.what == "termux-sms-send":
        with (asked.folder / "sent").open("a", encoding="utf-8") as file:
            file.write(json.dumps([asked.n, asked.s, sys.stdin.read()]) + "\n")
        return
    inbox = json.loads((asked.folder / "inbox.json").read_text(encoding="utf-8"))
    if isinstance(inbox, list):
        # The newest are chosen, and printed with the newest last.
        end = len(inbox) - int(asked.o)
        inbox = inbox[max(0, end - int(asked.l)) : max(0, end)]
    sys.stdout.write(json.dumps(inbox))


if __name__ == "__main__":
    main()
