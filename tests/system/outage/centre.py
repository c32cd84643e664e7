"""A message centre that goes away and comes back at the same port, and the phone behind it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack

from tests.servers.processes import free_ports
from tests.servers.smsc import Submitted, smsc
from tests.system.outage.phone import Text, readable


class Inbox(list[Submitted]):
    """Keeps what comes with the time at which it came."""

    def __init__(self, texts: list[Text], now: Callable[[], float]) -> None:
        super().__init__()
        self._texts, self._now = texts, now

    def append(self, one: Submitted) -> None:
        super().append(one)
        self._texts.append(Text(self._now(), readable(one)))


class Centre:
    """`texts`: all that ever came. `now`: the clock of the run, in seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        (self.port,) = free_ports(1)
        self.texts: list[Text] = []
        self.now = now
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        """Take clients."""
        here = await self._stack.enter_async_context(smsc(self.port))
        here.submitted = Inbox(self.texts, self.now)

    async def stop(self) -> None:
        """Away, in the middle of whatever is on its way."""
        await self._stack.aclose()
        self._stack = AsyncExitStack()
