"""A modem's link with an office around it, without the gateway's other loops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sms_gateway import ModemLink, Settings
from sms_gateway.joining import Joiner
from sms_gateway.link_settings import AnyLink
from sms_gateway.links.kinds import decoders
from sms_gateway.links.link import Link, Outgoing
from sms_gateway.links.modem import Modem
from sms_gateway.office import Office, open_office
from tests.sms_gateway.harness import NOWHERE, MovableClock, SeededRandomness, eventually

PHONE = "+77011234567"


@dataclass
class AtWork:
    """A link that runs."""

    link: Any
    office: Office
    folder: Path

    async def up(self) -> None:
        await eventually(lambda: self.link.health().up)

    async def ask(self, query: str) -> list[tuple[Any, ...]]:
        """What the store says."""
        return await self.office.store.run(lambda connection: connection.execute(query).fetchall())

    async def kept(self, count: int) -> list[str]:
        """The texts, once there are so many; a moment later there are no more."""
        await self.until("SELECT count(*) FROM inbox", count)
        await asyncio.sleep(0.05)
        return [text for (text,) in await self.ask("SELECT text FROM inbox ORDER BY id")]

    async def until(self, query: str, least: int) -> None:
        """Wait until a query gives so many."""
        async with asyncio.timeout(5):
            while (await self.ask(query))[0][0] < least:  # noqa: ASYNC110  # a store rings nobody
                await asyncio.sleep(0.01)


@asynccontextmanager
async def at_work(
    folder: Path, device: str, clock: MovableClock | None = None, **settings: Any
) -> AsyncIterator[AtWork]:
    """A link to a modem; a short patience, and polls so rare that a test sees notices alone."""
    chosen = {"poll_s": 60.0, "answer_s": 0.2} | settings
    link = ModemLink(device=device, sender="+77770001122", **chosen)
    async with link_at_work(folder, link, lambda office: Modem(office, link), clock) as here:
        yield here


@asynccontextmanager
async def link_at_work(
    folder: Path, link: AnyLink, start: Callable[[Office], Link], clock: MovableClock | None = None
) -> AsyncIterator[AtWork]:
    """Any link, with what reads its pieces."""
    all_ = Settings(data=str(folder), collector=NOWHERE, link=(link,))
    office = await open_office(all_, clock or MovableClock(), SeededRandomness())
    running = start(office)
    try:
        async with asyncio.TaskGroup() as group:
            joiner = Joiner(office, decoders(all_))
            tasks = [group.create_task(running.run()), group.create_task(joiner.run())]
            try:
                yield AtWork(running, office, folder)
            finally:
                for task in tasks:
                    task.cancel()
    finally:
        office.store.close()


def outgoing(text: str = "71 379 open", recipient: str = PHONE) -> Outgoing:
    """A text to send."""
    return Outgoing(id=1, sender="", recipient=recipient, text=text)
