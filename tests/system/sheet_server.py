"""A server of sheets that may lie, and what a reader's browser finds there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from collector.api.answers import Handler
from tests.browser import Tab
from tests.collector.page.sheet_scenes import Scene, app_of

Change = Callable[[bytes], bytes]


class Server:
    """The pages and the ledger of a scene on loopback; `lies`: what a dishonest server makes of a path."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.url = scene, ""
        self.lies: dict[str, Change] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Server]:
        app = app_of(self.scene)
        app.middlewares.append(self._lying)
        async with TestServer(app) as server:
            self.url = str(server.make_url("/"))
            yield self

    @property
    def _lying(self) -> Any:
        @web.middleware
        async def lying(request: web.Request, handler: Handler) -> web.StreamResponse:
            answer = await handler(request)
            change = self.lies.get(request.path)
            if change is not None and isinstance(answer, web.Response) and isinstance(answer.body, bytes):
                answer.body = change(answer.body)
            return answer

        return lying


async def verified(tab: Tab, address: str, before: str = "0") -> list[str]:
    """What the page says of each copy after the button was pressed; `before`: a script that runs first.

    Without an address the page that is open is asked again.
    """
    if address:
        await tab.open(address, width=360)
    await tab.value(before)
    await tab.value(
        "dabyl.verify(document.querySelector('form.verify'), JSON.parse(document.getElementById('verify-words').textContent))"
    )
    found = await tab.value("[...document.querySelectorAll('.proof')].map(one => one.innerText)")
    return [str(one) for one in found]


async def faults(tab: Tab, address: str, before: str = "0") -> str:
    """The lines that the first copy's check gives as faults."""
    await verified(tab, address, before)
    found = await tab.value(
        "[...document.querySelector('.proof').querySelectorAll('li.checked-fault')].map(one => one.innerText)"
    )
    return "\n".join(found)
