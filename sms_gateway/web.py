"""The gateway's HTTP face: what links bring, the metrics, the health.

No request is logged: its address holds a number.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from typing import Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from prometheus_client import CONTENT_TYPE_LATEST

from sms_gateway import queues
from sms_gateway.core import android, kannel
from sms_gateway.core.rate import Bucket
from sms_gateway.link_settings import KannelLink
from sms_gateway.metrics import Undelivered
from sms_gateway.office import Office
from sms_gateway.page import PageDoor
from sms_gateway.store import StoreFailed
from sms_gateway.web_alerts import AlertsDoor
from sms_gateway.web_android import AndroidDoor
from wire import canonical
from wire.errors import BadInput

MAX_LINE_BYTES: Final = kannel.MAX_QUERY_BYTES + 512
_PATIENCE_S: Final = 10.0


class _Discreet(logging.Filter):
    """The web server names the peer, and quotes a broken request, which may hold a number: drop both."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, and the traceback of what is no fault of the request."""
        record.msg, record.args = "the web server: an error while answering", ()
        if record.exc_info and isinstance(record.exc_info[1], HttpProcessingError):
            record.exc_info = None
        return True


def server_log() -> logging.Logger:
    """The web server's log, made discreet."""
    log = logging.getLogger("sms_gateway.http")
    if not log.filters:
        log.addFilter(_Discreet())
    return log


class Face:
    """The handlers, for one office."""

    def __init__(self, office: Office) -> None:
        """Each link has its own rate."""
        self._office = office
        self._buckets = {
            link.name: Bucket(link.texts_per_s, link.texts_burst)
            for link in office.settings.link
            if isinstance(link, KannelLink)
        }

    def application(self) -> web.Application:
        """The routes."""
        app = web.Application(client_max_size=android.MOST_BYTES)
        app.router.add_get("/kannel", self.kannel)
        app.router.add_get("/kannel/{key}", self.kannel)
        app.router.add_post("/android/{link}", AndroidDoor(self._office).take)
        if self._office.settings.alerts is not None:
            app.router.add_post("/alerts", AlertsDoor(self._office, self._office.settings.alerts).take)
        page = PageDoor(self._office)
        app.router.add_get("/", page.page)
        app.router.add_get("/coverage.csv", page.csv)
        app.router.add_get("/disputes.csv", page.disputed)
        app.router.add_get("/metrics", self.metrics)
        app.router.add_get("/healthz", self.health)
        return app

    async def kannel(self, request: web.Request) -> web.Response:
        """A text from smsbox: 200 with nothing in it once the text is durable."""
        try:
            found = kannel.fields(request.raw_path.partition("?")[2])
            link = self._link(request.match_info.get("key", ""), found.get("key", b""))
            if link is None:
                return self._refused("", "key", 403, "no link has this key")
            if not self._buckets[link.name].take(self._office.clock.monotonic()):
                return self._refused(
                    link.name, "rate", 503, "more texts than this link may bring; again later"
                )
            await self._office.keep(kannel.message(link.name, found))
        except BadInput as error:
            return self._refused("", "bad_request", 400, str(error))
        except StoreFailed as error:
            return self._refused("", "storage", 503, str(error))
        return web.Response()

    async def metrics(self, _: web.Request) -> web.Response:
        """The Prometheus text."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                waiting = await self._office.store.run(queues.waiting)
        except (StoreFailed, TimeoutError):
            return web.Response(status=503, text="the store does not answer\n")
        for name, link in self._office.links.items():
            health = link.health()
            self._office.metrics.link_is(name, health.up, health.signal)
        body = self._office.metrics.text(waiting, self._office.now_s())
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def health(self, _: web.Request) -> web.Response:
        """Whether texts can be made durable, and what waits. A collector that is away is no illness."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                waiting = await self._office.store.run(queues.waiting)
        except (StoreFailed, TimeoutError):
            return _json({"status": "failing", "store": "no commit"}, 503)
        status = "ok" if self._office.store.healthy else "failing"
        return _json({"status": status, "waiting": {name: one.length for name, one in waiting.items()}}, 200)

    def _link(self, in_path: str, in_query: bytes) -> KannelLink | None:
        given = in_path.encode() or in_query
        for link in self._office.settings.link:
            if isinstance(link, KannelLink) and hmac.compare_digest(link.key.encode(), given):
                return link
        return None

    def _refused(self, link: str, why: Undelivered, status: int, line: str) -> web.Response:
        self._office.metrics.refused(link, why)
        return web.Response(status=status, text=f"{line}\n")


def _json(content: object, status: int) -> web.Response:
    return web.Response(status=status, body=canonical.encode(content), content_type="application/json")
