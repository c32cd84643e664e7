"""A phone with the app "SMS Gateway for Android": it brings by webhook, and sends by its local server."""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from sms_gateway.core import android
from sms_gateway.core.gsm import parts
from sms_gateway.core.pdu.address import dialled
from sms_gateway.core.sender import number
from sms_gateway.link_settings import AndroidLink
from sms_gateway.links.link import Health, Outgoing, Sent
from sms_gateway.office import Office

_log = logging.getLogger(__name__)
_TIMEOUT: Final = ClientTimeout(total=15)


class Android:
    """One phone. It comes by itself; `health` is how the last exchange went."""

    def __init__(self, office: Office, session: ClientSession, link: AndroidLink) -> None:
        """`session` may be shared."""
        self._office, self._session, self._link = office, session, link
        self._url = link.api.rstrip("/") + "/message"
        self._why = ""
        self._heard_at = 0.0

    async def run(self) -> None:
        """Nothing is to be done until the end."""
        await asyncio.Event().wait()

    async def take(self, body: bytes, timestamp: str, signature: str) -> HTTPStatus:
        """A webhook: 200 once it is durable. Raises `StoreFailed`."""
        if not android.signed(self._link.signing_key, body, timestamp, signature):
            return HTTPStatus.FORBIDDEN
        if not android.is_recent(timestamp, self._office.now_s()):
            _log.warning("%s: signed more than a day from now: is the phone's clock right?", self._link.name)
            return HTTPStatus.FORBIDDEN
        event = android.event_of(body)
        if event is None or event.event != android.PING:
            await self._office.journal.keep(self._link.name, "", [body])
        self._heard_at = self._office.now_s()
        return HTTPStatus.OK

    async def send(self, text: Outgoing) -> Sent:
        """Ask the app to send a text; asked twice it sends once."""
        if not dialled(text.recipient) or number(text.recipient) == number(self._link.sender):
            return Sent(toll="refused", why="not a number to send to")
        name = android.message_id(self._link.name, text.id, text.recipient + text.text)
        try:
            status = await self._post(android.request(name, text.recipient, text.text, self._link.sim))
        except (ClientError, TimeoutError, OSError) as error:
            # The name only: the text of a client's error may hold more.
            return self._ended("away", name, text, type(error).__name__)
        return self._ended(android.toll(status), name, text, f"HTTP {status}")

    def health(self) -> Health:
        """Whether the last text could be handed over; a phone that only brings is always up."""
        return Health(up=not self._why, state="listening", why=self._why, heard_at=self._heard_at)

    async def _post(self, body: bytes) -> int:
        async with self._session.post(
            self._url, data=body, timeout=_TIMEOUT,
            headers=android.headers(self._link.username, self._link.password), allow_redirects=False,
        ) as response:  # fmt: skip
            return response.status

    def _ended(self, toll: android.Toll, name: str, text: Outgoing, why: str) -> Sent:
        self._why = why if toll in {"away", "later"} else ""
        if self._why:
            _log.warning("%s: %s", self._link.name, why)
        ids = (name,) if toll == "accepted" else ()
        return Sent(toll=toll, ids=ids, parts=parts(text.text).count, why="" if toll == "accepted" else why)
