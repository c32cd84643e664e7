"""An hour of `dabyl up` with Prometheus and Alertmanager while links, collector and Prometheus are killed in turn.

`python -m tests.system.hour [--minutes N]` runs the files that we ship as they are, with a crowd of probes that lives through outages, and
prints what a phone got: no text "restored" while an outage lasts, no outage untold, nothing twice.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Final, NamedTuple

from tests.servers.processes import free_ports
from tests.system.outage.centre import Centre
from tests.system.outage.crowd import Crowd, Weather
from tests.system.outage.monitoring import Monitoring, Server
from tests.system.outage.phone import Judgement, Truth, judge

TOKEN: Final = "token-of-the-tests"
PROBES, EVERY_S = 48, 20.0
MINUTE: Final = 60.0
CALM_S, OUTAGE_S, AFTER_S = 5 * MINUTE, 8 * MINUTE, 10 * MINUTE
BETWEEN_KILLS_S: Final = 100.0
SETTLE_S: Final = 15 * MINUTE
WORDS: Final[dict[Weather, str]] = {"abroad": "no international internet", "messengers": "sites blocked"}
_TARGETS: Final = "url,category,name,side\nhttp://127.0.0.1:{port}/healthz,control,own,foreign\n"
_SETTINGS: Final = """data = "replaced"
collector = "http://127.0.0.1:1"
[alerts]
token = "{token}"
to = ["+77010000001"]
language = "en"
[[link]]
kind = "smpp"
host = "127.0.0.1"
port = {centre}
system_id = "dabyl"
"""


class Scene(NamedTuple):
    """Everything that runs, and the clock of the run."""

    up: Server
    monitoring: Monitoring
    centre: Centre
    crowd: Crowd
    now: Callable[[], float]


@asynccontextmanager
async def scene(folder: Path) -> AsyncIterator[Scene]:
    """`dabyl up`, its monitoring, a message centre and an enrolled crowd."""
    page, sms = free_ports(2)
    began = monotonic()
    centre = Centre(lambda: monotonic() - began)
    up = Server(page, folder / "up.log", *_up(folder, page, sms, centre.port))
    monitoring = Monitoring(folder, up.url, f"http://127.0.0.1:{sms}", TOKEN)
    async with AsyncExitStack() as stack:
        for close in (centre.stop, up.close, monitoring.close):
            stack.push_async_callback(close)
        await centre.start()
        await up.start()
        await monitoring.start()
        crowd = Crowd(up.url, folder / "up" / "collector", PROBES, EVERY_S)
        await crowd.enrol()
        yield Scene(up, monitoring, centre, crowd, centre.now)


def _up(folder: Path, page: int, sms: int, centre: int) -> tuple[str, ...]:
    targets, settings = folder / "targets.csv", folder / "sms.toml"
    targets.write_text(_TARGETS.format(port=page), encoding="ascii")
    settings.write_text(_SETTINGS.format(token=TOKEN, centre=centre), encoding="ascii")
    return (
        sys.executable, "-m", "dabyl", "up", "--data", str(folder / "up"), "--listen", f"127.0.0.1:{page}",
        "--sms-listen", f"127.0.0.1:{sms}", "--sms-config", str(settings), "--targets", str(targets), "--every", "60",
    )  # fmt: skip


async def live(here: Scene, minutes: float) -> list[Truth]:
    """Calm and outages in turn; what was true."""
    truths: list[Truth] = []
    sorts: cycle[Weather] = cycle(WORDS)
    await asyncio.sleep(CALM_S)
    for _ in range(max(1, int((minutes * MINUTE - CALM_S) // (OUTAGE_S + AFTER_S)))):
        weather = next(sorts)
        here.crowd.weather, since = weather, here.now()
        _say(here, f"outage begins: {weather}")
        await asyncio.sleep(OUTAGE_S)
        here.crowd.weather = "calm"
        _say(here, "outage ends")
        truths.append(Truth(WORDS[weather], since, here.now()))
        await asyncio.sleep(AFTER_S)
    return truths


async def kill(here: Scene, count: dict[str, int]) -> None:
    """Links, collector, Prometheus, for ever; each third time Prometheus is away until Alertmanager gives up."""
    await asyncio.sleep(CALM_S + 2 * MINUTE)
    turns: cycle[tuple[str, Callable[[], Awaitable[None]], Callable[[], Awaitable[None]], float]] = cycle(
        (
            ("Prometheus", here.monitoring.prometheus.kill, here.monitoring.prometheus.start, 20.0),
            ("link", here.centre.stop, here.centre.start, 40.0),
            ("collector", here.up.kill, here.up.start, 5.0),
            ("Prometheus for long", here.monitoring.prometheus.kill, here.monitoring.prometheus.start, 330.0),
            ("link", here.centre.stop, here.centre.start, 40.0),
            ("collector", here.up.kill, here.up.start, 5.0),
        )
    )
    for name, down, up, away_s in turns:
        _say(here, f"kill: {name}")
        count[name] = count.get(name, 0) + 1
        async with _back(up):
            await down()
            await asyncio.sleep(away_s)
        await asyncio.sleep(BETWEEN_KILLS_S)


@asynccontextmanager
async def _back(up: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """What is down when the killing ends comes back."""
    try:
        yield
    finally:
        await up()


async def run(folder: Path, minutes: float) -> tuple[Judgement, dict[str, int], Scene]:
    """The run; what is found, what was killed how often."""
    count: dict[str, int] = {}
    async with scene(folder) as here, asyncio.TaskGroup() as group:
        feeding = group.create_task(here.crowd.run())
        killing = group.create_task(kill(here, count))
        truths = await live(here, minutes)
        killing.cancel()
        await _settled(here, truths)
        feeding.cancel()
    return judge(here.centre.texts, truths), count, here


async def _settled(here: Scene, truths: list[Truth]) -> None:
    """Until every end was told, or it takes too long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(SETTLE_S):
            while judge(here.centre.texts, truths).ends_lost:  # noqa: ASYNC110  # texts come from another process
                await asyncio.sleep(5)


def _say(here: Scene, what: str) -> None:
    sys.stderr.write(f"{here.now() / MINUTE:6.1f} min  {what}\n")


def main() -> int:
    """The run as a command; 1 when anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.system.hour", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, metavar="N")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="dabyl-hour-") as folder:
        found, count, here = asyncio.run(run(Path(folder), options.minutes))
    for one in here.centre.texts:
        sys.stdout.write(f"{one.at / MINUTE:6.1f} min  {one.text}\n")
    killed = ", ".join(f"{name} {times}" for name, times in count.items())
    sys.stdout.write(
        f"\nkilled: {killed}; batches refused: {here.crowd.lost}\n"
        f"false restored {found.false_restored}\nalerts lost {found.lost}\nends lost {found.ends_lost}\n"
        f"duplicate texts {found.twice}\ntold after {found.told_after_s} s\nended after {found.ended_after_s} s\n"
    )
    return int(any(found[:4]))


if __name__ == "__main__":
    sys.exit(main())
