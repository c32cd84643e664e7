"""The loop that sends a link's answers: what is due, some at a time, until their time is over."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import Final

from sms_gateway import outbox
from sms_gateway.core.delivery import pause_s
from sms_gateway.core.kannel import Outcome
from sms_gateway.links.link import Link, Outgoing, Toll
from sms_gateway.office import Office
from sms_gateway.outbox import Due, Tried
from sms_gateway.settings import LinkSettings
from sms_gateway.store import StoreFailed

_log = logging.getLogger(__name__)
_AT_ONCE: Final = 16
_IDLE_S: Final = 30.0
_OUTCOMES: Final[dict[Toll, Outcome]] = {"accepted": "accepted", "refused": "refused"}


class Answers:
    """The answers of one link."""

    def __init__(self, office: Office, settings: LinkSettings, link: Link) -> None:
        """`link` is running."""
        self._office, self._settings, self._link = office, settings, link
        self._bell = office.answer_bells[settings.name]

    async def run(self) -> None:
        """For ever."""
        while True:
            self._bell.clear()
            try:
                wait_s = await self.step()
            except StoreFailed as error:
                _log.error("%s: %s", self._settings.name, error)
                wait_s = 1.0
            await self._sleep(wait_s)

    async def step(self) -> float:
        """Send what is due; gives the seconds until there is more to do."""
        name = self._settings.name
        due = await self._office.store.run(
            partial(outbox.due, link=name, now=self._office.now_s(), most=_AT_ONCE)
        )
        if due:
            await self._settle(await self._send_all(due))
        following = await self._office.store.run(partial(outbox.next_due, link=name))
        return _IDLE_S if following is None else max(0.0, min(_IDLE_S, following - self._office.now_s()))

    async def _send_all(self, due: list[Due]) -> list[Tried]:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._send(answer)) for answer in due]
        return [task.result() for task in tasks]

    async def _send(self, answer: Due) -> Tried:
        sender = self._settings.sender or answer.sender
        sent = await self._link.send(
            Outgoing(id=answer.id, sender=sender, recipient=answer.recipient, text=answer.text)
        )
        pause = pause_s(answer.attempts, self._office.randomness.uniform(0, 1))
        outcome = _OUTCOMES.get(sent.toll, "later")
        return Tried(id=answer.id, outcome=outcome, next_at=self._office.now_s() + pause)

    async def _settle(self, tries: list[Tried]) -> None:
        await self._office.store.run(partial(outbox.settle, tries=tries))
        for tried in tries:
            if tried.outcome != "later":
                self._office.metrics.answered(
                    self._settings.name, "sent" if tried.outcome == "accepted" else "refused"
                )

    async def _sleep(self, wait_s: float) -> None:
        """Until it is time, or the bell rings."""
        try:
            async with asyncio.timeout(max(0.05, wait_s)):
                await self._bell.wait()
        except TimeoutError:
            return
