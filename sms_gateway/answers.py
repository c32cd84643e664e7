"""The loop that sends a Kannel link's answers: what is due, some at a time, until their time is over."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from sms_gateway import outbox
from sms_gateway.core.delivery import pause_s
from sms_gateway.core.kannel import Outcome, judge_sendsms, sendsms_query
from sms_gateway.office import Office
from sms_gateway.outbox import Due, Tried
from sms_gateway.settings import KannelLink
from sms_gateway.store import StoreFailed

_log = logging.getLogger(__name__)
_AT_ONCE: Final = 16
_IDLE_S: Final = 30.0
_TIMEOUT: Final = ClientTimeout(total=15)


class Answers:
    """The answers of one link."""

    def __init__(self, office: Office, link: KannelLink, session: ClientSession) -> None:
        """`session` may be shared."""
        self._office, self._link, self._session = office, link, session
        self._url = link.sendsms.rstrip("/") + "/cgi-bin/sendsms"
        self._bell = office.answer_bells[link.name]

    async def run(self) -> None:
        """For ever."""
        while True:
            self._bell.clear()
            try:
                wait_s = await self.step()
            except StoreFailed as error:
                _log.error("%s: %s", self._link.name, error)
                wait_s = 1.0
            await self._sleep(wait_s)

    async def step(self) -> float:
        """Send what is due; gives the seconds until there is more to do."""
        due = await self._office.store.run(
            partial(outbox.due, link=self._link.name, now=self._office.now_s(), most=_AT_ONCE)
        )
        if due:
            await self._settle(await self._send_all(due))
        following = await self._office.store.run(partial(outbox.next_due, link=self._link.name))
        return _IDLE_S if following is None else max(0.0, min(_IDLE_S, following - self._office.now_s()))

    async def _send_all(self, due: list[Due]) -> list[Tried]:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._send(answer)) for answer in due]
        return [task.result() for task in tasks]

    async def _send(self, answer: Due) -> Tried:
        outcome = await self._ask(answer)
        pause = pause_s(answer.attempts, self._office.randomness.uniform(0, 1))
        return Tried(id=answer.id, outcome=outcome, next_at=self._office.now_s() + pause)

    async def _ask(self, answer: Due) -> Outcome:
        numbers = (self._link.sender or answer.sender, answer.recipient)
        query = sendsms_query((self._link.username, self._link.password), numbers, answer.text)
        try:
            # Encoded once, by us.
            async with self._session.get(
                URL(f"{self._url}?{query}", encoded=True), timeout=_TIMEOUT, allow_redirects=False
            ) as response:
                return judge_sendsms(response.status)
        except (ClientError, TimeoutError, OSError) as error:
            # The name only: the text of a client's error may hold the address, and that the number.
            _log.warning("%s: sendsms: %s", self._link.name, type(error).__name__)
            return "later"

    async def _settle(self, tries: list[Tried]) -> None:
        await self._office.store.run(partial(outbox.settle, tries=tries))
        for tried in tries:
            if tried.outcome != "later":
                self._office.metrics.answered(
                    self._link.name, "sent" if tried.outcome == "accepted" else "refused"
                )
        self._office.metrics.link_is(self._link.name, any(tried.outcome == "accepted" for tried in tries))

    async def _sleep(self, wait_s: float) -> None:
        try:
            async with asyncio.timeout(wait_s):
                await self._bell.wait()
        except TimeoutError:
            return
