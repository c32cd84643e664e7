"""The door for Alertmanager: `POST /alerts` with a bearer token."""

from __future__ import annotations

import hmac
from functools import partial
from typing import Final

from aiohttp import web

from sms_gateway import alerts
from sms_gateway.answers import whole
from sms_gateway.core.alerts import alerts_of
from sms_gateway.office import Office
from sms_gateway.settings import Alerts
from sms_gateway.store import StoreFailed
from wire.errors import BadInput

MOST_BYTES: Final = 4 * 1_048_576


class AlertsDoor:
    """The handler, for one office."""

    def __init__(self, office: Office, settings: Alerts) -> None:
        """`settings` hold the token."""
        self._office, self._wanted = office, f"Bearer {settings.token}".encode()

    async def take(self, request: web.Request) -> web.Response:
        """200 once the alerts are durable. Alertmanager tries again after 5xx and drops after 4xx."""
        given = request.headers.get("Authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, self._wanted):
            return web.Response(
                status=401, text="a bearer token is wanted\n", headers={"WWW-Authenticate": "Bearer"}
            )
        try:
            body = await whole(request.content, MOST_BYTES)
            if body is None:
                raise BadInput(f"more than {MOST_BYTES} bytes")
            told = alerts_of(body)
            await self._office.store.run(partial(alerts.take, alerts=told, now=self._office.now_s()))
        except BadInput as error:
            return web.Response(status=400, text=f"{error}\n")
        except StoreFailed as error:
            return web.Response(status=503, text=f"{error}\n")
        return web.Response(text="")
