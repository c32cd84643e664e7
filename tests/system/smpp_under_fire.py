"""kill -9 of a real gateway while a message centre floods it and its collector is away; says what came of it.

`python -m tests.system.smpp_under_fire [TEXTS] [KILLS]` prints one JSON line. The centre brings every text again
that was not acknowledged before a connection broke, as real ones do; every tenth text comes in two parts.
"""

from __future__ import annotations

import asyncio
import random  # noqa: TID251  # seeded: the same moments in every run
import sys
import time
from collections import deque
from functools import partial
from pathlib import Path

from tests.servers.processes import free_ports
from tests.servers.smsc import Bound, Smsc, deliver, joined, smsc
from tests.system import fire
from tests.system.sms import Program

WINDOW = 50
BINDS = 2
_SETTINGS = """listen = "127.0.0.1:{port}"
data = "{folder}/gateway"
collector = "{collector}"
invite = "invite-of-the-tests-01"
replies_per_hour = 0
[[link]]
kind = "smpp"
host = "127.0.0.1"
port = {smsc}
system_id = "dabyl"
binds = {binds}
"""


class Outcome(fire.Outcome, frozen=True, kw_only=True):
    """`again`: the pieces that were brought more than once."""

    again: int


class Feeder:
    """What the centre still has to bring."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pending = deque(pieces)
        self._left = len(pieces)
        self.again = 0

    @property
    def done(self) -> bool:
        """Whether all is acknowledged."""
        return self._left == 0

    @property
    def left(self) -> int:
        """How many pieces are not acknowledged."""
        return self._left

    async def feed(self, bound: Bound) -> None:
        """Bring what is left over one connection, a window at a time, until it ends."""
        free = asyncio.Semaphore(WINDOW)
        while bound.is_bound and not self.done:
            await free.acquire()
            if not self._pending:
                free.release()
                await asyncio.sleep(0.01)
                continue
            piece = self._pending.popleft()
            bound.begin(piece).add_done_callback(partial(self._ended, piece, free))

    def _ended(self, piece: bytes, free: asyncio.Semaphore, future: asyncio.Future[int | None]) -> None:
        free.release()
        if future.result() == 0:
            self._left -= 1
        else:
            self.again += 1
            self._pending.append(piece)


def pieces(names: list[str]) -> list[bytes]:
    """One text of each station, from a phone of its own; every tenth in two parts, both not side by side."""
    found: list[bytes] = []
    late: list[bytes] = []
    for number, name in enumerate(names):
        sender, text = b"7701%07d" % number, f"OPEN {name}".encode()
        if number % 10:
            found.append(deliver(text, sender))
        else:
            late.append(deliver(joined(number % 256, 2, 2, text[8:]), sender, esm=0x40))
            found.append(deliver(joined(number % 256, 2, 1, text[:8]), sender, esm=0x40))
            if len(late) > 20:
                found.append(late.pop(0))
    return found + late


async def run(folder: Path, texts: int, kills: int, seed: int = 1) -> Outcome:
    """Flood, kill, and count what the collector gets once it is there."""
    names, (port, collector_port) = fire.stations(texts), free_ports(2)
    feeder, began = Feeder(pieces(names)), time.monotonic()
    file = folder / "sms.toml"
    gateway = Program(port, folder / "gateway.log", "sms", "serve", "--config", str(file))
    try:
        async with smsc() as centre:
            settings = partial(_write, file, port, centre)
            settings(f"http://127.0.0.1:{collector_port}")
            await gateway.start()
            await _under_fire(feeder, centre, gateway, _moments(feeder.left, kills, seed))
            took = time.monotonic() - began
            await gateway.kill()
            counted = await fire.reported(gateway, texts, settings)
    finally:
        await gateway.close()
    return Outcome(
        texts=texts, kills=kills, again=feeder.again, took_s=round(took, 1),
        **fire.lost_and_twice(names, counted),
    )  # fmt: skip


def _write(file: Path, port: int, centre: Smsc, collector: str) -> None:
    text = _SETTINGS.format(port=port, folder=file.parent, collector=collector, smsc=centre.port, binds=BINDS)
    file.write_text(text, encoding="utf-8")


def _moments(pieces_: int, kills: int, seed: int) -> list[int]:
    """Of how many pieces may be left when a kill comes, the first one first: spread by chance over the run."""
    chance = random.Random(seed)
    return sorted((chance.randrange(pieces_ // 10, pieces_) for _ in range(kills)), reverse=True)


async def _under_fire(feeder: Feeder, centre: Smsc, gateway: Program, moments: list[int]) -> None:
    async with asyncio.TaskGroup() as group:
        fed: set[int] = set()
        while not feeder.done:
            for bound in [one for one in centre.bound if id(one) not in fed]:
                fed.add(id(bound))
                group.create_task(feeder.feed(bound))
            if moments and feeder.left <= moments[0]:
                moments.pop(0)
                await gateway.kill()
                await gateway.start()
            await asyncio.sleep(0.002)


if __name__ == "__main__":
    sys.exit(fire.main(run))
