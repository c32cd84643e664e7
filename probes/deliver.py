"""Bring what is in the spool to a collector, as long as the probe runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

import aiohttp

from probes.core.delivery import Command, Course, Reply, read_reply, unreachable
from probes.core.spool_names import Entry
from probes.post import BATCH_TYPE, post
from probes.spool import Spool
from wire.ports import Randomness

Say = Callable[[str], None]
Carried = Callable[[str, int], None]
_LINES: Final = {
    Command.SAY_UP: "delivering to {url}",
    Command.SAY_DOWN: "{url} does not take anything now ({why}); keeping it and trying again",
    Command.SAY_ASIDE: "{url} refused a batch for good ({why}); set aside",
    Command.SAY_LOCKED_OUT: "{url} does not know this probe ({why}); keeping it and trying again",
}


def _nobody_counts(_url: str, _size: int) -> None:
    return


class Delivery:
    """Sends the oldest batch until somebody takes it; `wake` says that there is something new."""

    def __init__(
        self,
        collectors: Sequence[str],
        spool: Spool,
        randomness: Randomness,
        say: Say,
        carried: Carried = _nobody_counts,
    ) -> None:
        """`carried` is told the URL and the bytes of each batch that was sent."""
        self._collectors = [url.rstrip("/") for url in collectors]
        self._spool = spool
        self._randomness = randomness
        self._say = say
        self._carried = carried
        self._course = Course(len(self._collectors))
        self.wake = asyncio.Event()

    async def run(self, session: aiohttp.ClientSession) -> None:
        """Until cancelled."""
        while True:
            waiting = self._spool.waiting
            if waiting:
                await self._deliver(session, waiting[0])
            else:
                self.wake.clear()
                await self.wake.wait()

    async def _deliver(self, session: aiohttp.ClientSession, entry: Entry) -> None:
        try:
            raw = self._spool.read(entry)
        except OSError as error:
            self._spool.give_up(entry, error)
            return
        url = self._collectors[self._course.turn]
        self._carried(url, len(raw))
        answer = await post(session, f"{url}/v1/measurements", raw, BATCH_TYPE)
        if answer.status:
            reply = read_reply(answer.status, answer.body, answer.retry_after)
        else:
            reply = unreachable(answer.why)
        await self._follow(entry, url, reply)

    async def _follow(self, entry: Entry, url: str, reply: Reply) -> None:
        for command in self._course.take(reply):
            self._do(command, entry, url, reply)
        pause = self._course.wait_s(reply, self._randomness.uniform(0.5, 1.5))
        if pause:
            await asyncio.sleep(pause)

    def _do(self, command: Command, entry: Entry, url: str, reply: Reply) -> None:
        if command in _LINES:
            self._say(_LINES[command].format(url=url, why=reply.why))
        elif command is Command.SET_ASIDE:
            self._spool.set_aside(entry)
        elif command is Command.SETTLE and reply.receipt is not None:
            self._spool.settle(entry, reply.receipt)
