"""A Kannel: smsbox brings texts to our HTTP face, and takes answers at its `sendsms`."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from sms_gateway.core.gsm import parts
from sms_gateway.core.kannel import judge_sendsms, sendsms_query
from sms_gateway.link_settings import KannelLink
from sms_gateway.links.link import Health, Outgoing, Sent

_log = logging.getLogger(__name__)
_TIMEOUT: Final = ClientTimeout(total=15)


class Kannel:
    """One smsbox. It comes by itself: there is nothing to connect."""

    def __init__(self, link: KannelLink, session: ClientSession) -> None:
        """`session` may be shared."""
        self._link, self._session = link, session
        self._url = link.sendsms.rstrip("/") + "/cgi-bin/sendsms"
        self._health = Health(up=True, state="listening")

    async def run(self) -> None:
        """Nothing is to be done until the end."""
        await asyncio.Event().wait()

    async def send(self, text: Outgoing) -> Sent:
        """Ask smsbox to take a text."""
        query = sendsms_query(
            (self._link.username, self._link.password), (text.sender, text.recipient), text.text
        )
        try:
            # Encoded once, by us.
            async with self._session.get(
                URL(f"{self._url}?{query}", encoded=True), timeout=_TIMEOUT, allow_redirects=False
            ) as response:
                status = response.status
        except (ClientError, TimeoutError, OSError) as error:
            return self._away(type(error).__name__)
        toll = judge_sendsms(status)
        self._health = Health(
            up=toll != "later", state="listening", why="" if toll != "later" else f"HTTP {status}"
        )
        return Sent(toll=toll, parts=parts(text.text).count, why=f"HTTP {status}")

    def health(self) -> Health:
        """How the last attempt ended."""
        return self._health

    def _away(self, why: str) -> Sent:
        # The name only: the text of a client's error may hold the address, and that the number.
        _log.warning("%s: sendsms: %s", self._link.name, why)
        self._health = Health(up=False, state="away", why=why)
        return Sent(toll="away", why=why)
