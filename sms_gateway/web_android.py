"""The door for phones: `POST /android/LINK`, signed by the app."""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal

from aiohttp import web

from sms_gateway.links.android import Android
from sms_gateway.office import Office
from sms_gateway.store import StoreFailed


class AndroidDoor:
    """Hands each webhook to its link."""

    def __init__(self, office: Office) -> None:
        """The links must be open when somebody comes."""
        self._office = office

    async def take(self, request: web.Request) -> web.Response:
        """200 once the event is durable; what is not signed rightly is 403, whatever link it names."""
        link = self._office.links.get(request.match_info["link"])
        if not isinstance(link, Android):
            return self._refused("", "key", HTTPStatus.FORBIDDEN)
        body = await request.read()
        stamp, signature = (request.headers.get(name, "") for name in ("X-Timestamp", "X-Signature"))
        try:
            status = await link.take(body, stamp, signature)
        except StoreFailed:
            return self._refused(request.match_info["link"], "storage", HTTPStatus.SERVICE_UNAVAILABLE)
        if status != HTTPStatus.OK:
            return self._refused(request.match_info["link"], "key", status)
        return web.Response()

    def _refused(self, link: str, why: Literal["key", "storage"], status: HTTPStatus) -> web.Response:
        self._office.metrics.refused(link, why)
        return web.Response(status=status, text=f"{status.phrase}\n")
