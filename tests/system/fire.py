"""What the long runs under fire share: what is brought, what the collector got of it, the command that runs them."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Coroutine
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from msgspec import Struct

from tests.servers.receiver import receiver
from tests.system.sms import Program, within
from wire.facts import regions


class Outcome(Struct, frozen=True, kw_only=True):
    """What came of a run: how many texts were lost, and how many counted twice."""

    texts: int
    kills: int
    lost: int
    twice: int
    took_s: float


def stations(count: int) -> list[str]:
    """So many different ones."""
    codes = sorted(regions())
    return [f"{codes[number % len(codes)]}-{number // len(codes) + 1:04}" for number in range(count)]


async def reported(gateway: Program, texts: int, settings: Callable[[str], object]) -> Counter[str]:
    """The stations that a collector gets once it is there; `settings` puts its address into the file."""
    async with receiver() as collector:
        settings(collector.url)
        await gateway.start()
        await within(60 + texts / 100, lambda: len(collector.reports()) >= texts)
        await gateway.stop()
        return Counter(report.station for report in collector.reports())


def lost_and_twice(names: list[str], counted: Counter[str]) -> dict[str, int]:
    """Of the stations that were brought."""
    return {
        "lost": len(set(names) - set(counted)),
        "twice": sum(count - 1 for count in counted.values()),
    }


def texts_and_kills(texts: int, kills: int) -> tuple[int, int]:
    """As the arguments of the command say, these where they say nothing."""
    given = dict(zip(("texts", "kills"), map(int, sys.argv[1:]), strict=False))
    return given.get("texts", texts), given.get("kills", kills)


def main(run: Callable[[Path, int, int], Coroutine[Any, Any, Outcome]]) -> int:
    """Run it and print one JSON line; 1 when a text was lost or counted twice."""
    texts, kills = texts_and_kills(20_000, 3)
    with TemporaryDirectory(prefix="dabyl-fire-") as folder:
        outcome = asyncio.run(run(Path(folder), texts, kills))
    sys.stdout.write(msgspec.json.encode(outcome).decode() + "\n")
    return int(bool(outcome.lost or outcome.twice))
