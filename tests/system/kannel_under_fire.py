"""kill -9 of a real gateway behind a real Kannel, while its collector is away; says what came of it.

`python -m tests.system.kannel_under_fire [TEXTS] [KILLS]` prints one JSON line. smsbox brings every text again
that was not answered with 200. It may itself fall when a connection breaks in the moment of its request
(docs/sms.md); then it is started again, as systemd would, and bearerbox gives it again what it had not taken.
"""

from __future__ import annotations

import asyncio
import random  # noqa: TID251  # seeded: the same moments in every run
import sys
import time
from functools import partial
from pathlib import Path

from tests.servers.fakesmsc import MessageCentre, message_centre
from tests.servers.kannel import Kannel, kannel
from tests.servers.processes import free_ports, quiet_port
from tests.system import fire
from tests.system.sms import KEY, Program, get, within

BRINGING_PER_S = 2_000  # faster than Kannel takes: it is never without work
_SETTINGS = """listen = "127.0.0.1:{port}"
data = "{folder}/gateway"
collector = "{collector}"
invite = "invite-of-the-tests-01"
replies_per_hour = 0
[[link]]
kind = "kannel"
key = "{key}"
texts_per_s = 100000
texts_burst = 100000
"""


class Outcome(fire.Outcome, frozen=True, kw_only=True):
    """`falls`: how often smsbox fell."""

    falls: int


async def run(folder: Path, texts: int, kills: int, seed: int = 1) -> Outcome:
    """Flood, kill, and count what the collector gets once it is there."""
    names, port, (nowhere,) = fire.stations(texts), quiet_port(), free_ports(1)
    file, began = folder / "sms.toml", time.monotonic()
    _write(file, port, f"http://127.0.0.1:{nowhere}")
    gateway = Program(port, folder / "gateway.log", "sms", "serve", "--config", str(file))
    try:
        await gateway.start()
        async with (
            kannel(folder, gateway.url, KEY, watched=True) as box,
            message_centre(box.smsc) as centre,
        ):
            await _under_fire(gateway, centre, names, _moments(texts, kills, seed))
            falls, took = await _settled(gateway, box, texts), time.monotonic() - began
            await gateway.kill()
            counted = await fire.reported(gateway, texts, partial(_write, file, port))
    finally:
        await gateway.close()
    return Outcome(
        texts=texts, kills=kills, falls=falls, took_s=round(took, 1), **fire.lost_and_twice(names, counted)
    )  # fmt: skip


def _write(file: Path, port: int, collector: str) -> None:
    text = _SETTINGS.format(port=port, folder=file.parent, collector=collector, key=KEY)
    file.write_text(text, encoding="utf-8")


def _moments(texts: int, kills: int, seed: int) -> list[int]:
    """After how many texts a kill comes, spread by chance over the run."""
    chance = random.Random(seed)
    return sorted(chance.randrange(texts // 10, texts * 9 // 10) for _ in range(kills))


async def _under_fire(gateway: Program, centre: MessageCentre, names: list[str], moments: list[int]) -> None:
    """Bring all; the gateway is killed when its inbox holds so many."""
    async with asyncio.TaskGroup() as group:
        group.create_task(_bring(centre, names))
        for moment in moments:
            await within(300, partial(_holds, gateway, moment))
            await gateway.kill()
            await gateway.start(within_s=60)


async def _bring(centre: MessageCentre, names: list[str]) -> None:
    for number, name in enumerate(names):
        await centre.bring(f"+7701{number:07}", f"OPEN {name}")
        if number % 20 == 0:
            await asyncio.sleep(20 / BRINGING_PER_S)


async def _settled(gateway: Program, box: Kannel, texts: int) -> int:
    """Wait until all are kept; how often smsbox fell."""
    await within(600, partial(_holds, gateway, texts))
    return box.falls


async def _holds(gateway: Program, texts: int) -> bool:
    """Whether so many texts wait for the collector: that is durable, and no restart begins it anew."""
    lines = (await get(gateway.url + "/metrics")).splitlines()
    waiting = 'dabyl_sms_queue_length{link="collector",priority="report"} '
    found = next((float(one.removeprefix(waiting)) for one in lines if one.startswith(waiting)), 0.0)
    return found >= texts


if __name__ == "__main__":
    sys.exit(fire.main(run))
