"""An operator's message centre by SMPP 3.4: one or more bound connections, each begun anew when it ends."""

from __future__ import annotations

import asyncio
import logging
import ssl
from typing import Final

from sms_gateway.core.delivery import pause_s
from sms_gateway.core.smpp import Submission, submissions, toll_of
from sms_gateway.core.smpp.status import name_of
from sms_gateway.link_settings import SmppLink
from sms_gateway.links.link import Health, Outgoing, Sent
from sms_gateway.links.smpp_session import Session
from sms_gateway.office import Office
from wire.errors import BadInput

_log = logging.getLogger(__name__)
_CONNECT_S: Final = 15.0
_LONG_LIFE_S: Final = 60.0
_MOST_BEGUN: Final = 1_000


class Smpp:
    """One operator."""

    def __init__(self, office: Office, link: SmppLink) -> None:
        """Not connected yet."""
        self._office, self._link = office, link
        self._sessions: dict[int, Session] = {}
        self._why = "not connected yet"
        self._heard_at = 0.0
        self._turn = 0
        # Parts that the centre took of texts that it did not take whole: they are not sent again. The oldest
        # are forgotten: their texts went by another link, or their time is over.
        self._begun: dict[int, list[str]] = {}

    async def run(self) -> None:
        """Keep all binds up, for ever."""
        async with asyncio.TaskGroup() as group:
            for number in range(self._link.binds):
                group.create_task(self._keep_bound(number))

    async def send(self, text: Outgoing) -> Sent:
        """Send the parts that are still to be sent, each when the former was taken."""
        try:
            bodies = submissions(self._submission(text))
        except BadInput as error:
            return Sent(toll="refused", why=str(error))
        ids = self._begun.setdefault(text.id, [])
        sent = Sent(toll="accepted", parts=len(bodies))
        for body in bodies[len(ids) :]:
            sent = await self._submit(body, ids)
            if sent.toll != "accepted":
                break
        if sent.toll in {"accepted", "refused"} or not ids:
            del self._begun[text.id]
        while len(self._begun) > _MOST_BEGUN:
            del self._begun[next(iter(self._begun))]
        return Sent(toll=sent.toll, ids=tuple(ids), parts=len(bodies), why=sent.why)

    def health(self) -> Health:
        """Up when one bind is."""
        bound = [one for one in self._sessions.values() if one.state == "bound"]
        heard = max([self._heard_at, *(one.heard_at for one in self._sessions.values())])
        state = f"bound {len(bound)}/{self._link.binds}" if bound else "away"
        return Health(up=bool(bound), state=state, why="" if bound else self._why, heard_at=heard)

    def _submission(self, text: Outgoing) -> Submission:
        return Submission(
            sender=text.sender,
            recipient=text.recipient,
            text=text.text,
            reference=text.id,
            receipt=self._link.receipts,
            alphabet=self._link.alphabet,
        )

    async def _submit(self, body: bytes, ids: list[str]) -> Sent:
        session = self._next_session()
        answer = await session.submit(body) if session else None
        if answer is None:
            return Sent(toll="away", why=self._why)
        toll = toll_of(answer.status)
        if toll == "accepted":
            ids.append(answer.body.partition(b"\0")[0].decode("latin-1"))
        return Sent(toll=toll, why=name_of(answer.status))

    def _next_session(self) -> Session | None:
        """The bound connections, in turn."""
        bound = [one for _, one in sorted(self._sessions.items()) if one.state == "bound"]
        self._turn += 1
        return bound[self._turn % len(bound)] if bound else None

    async def _keep_bound(self, number: int) -> None:
        failures = 0
        while True:
            began = self._office.clock.monotonic()
            self._why = await self._once(number)
            long_life = self._office.clock.monotonic() - began >= _LONG_LIFE_S
            failures = 0 if long_life else failures + 1
            _log.warning("%s: %s", self._link.name, self._why)
            await asyncio.sleep(pause_s(failures, self._office.randomness.uniform(0, 1)))

    async def _once(self, number: int) -> str:
        """One connection's life; gives the reason of its end."""
        try:
            async with asyncio.timeout(_CONNECT_S):
                streams = await asyncio.open_connection(
                    self._link.host,
                    self._link.port,
                    ssl=ssl.create_default_context() if self._link.tls else None,
                )
        except (OSError, TimeoutError) as error:
            return f"no connection: {type(error).__name__}"
        session = self._sessions[number] = Session(self._office, self._link, streams)
        try:
            await session.live()
        finally:
            del self._sessions[number]
            self._heard_at = max(self._heard_at, session.heard_at)
        return session.why or "the connection ended"
