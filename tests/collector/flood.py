"""Two thousand probes come back after five days and empty their spools at once: `python -m tests.collector.flood`.

Each sends its batches in order, many probes at the same time, every tenth batch twice. Told are the
time, the memory, whether every record counted once, and whether the archive alone gives the same state.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

from collector import Settings, opened
from collector.core.late_chunks import unpack
from collector.evidence import check
from collector.invites import new_invite
from collector.serve import Collector
from collector.settings import Late
from collector.store.late import queued
from dabyl import loop
from tests.collector.core.scenes import NOW, key, seen
from tests.collector.harness import TestClock, TestRandomness, sealed
from wire import canonical
from wire.enrol import enrolment
from wire.facts import regions
from wire.ports import Randomness
from wire.records import Network

DAY = 86_400.0
TOGETHER = 200  # probes that send at the same time
RECORDS_A_BATCH = 500
NOBODY = "http://127.0.0.1:9/api/v1/write"  # the queue is what is looked at


@dataclass(frozen=True)
class Flood:
    """How many probes, how many days, how often they measured, how many targets."""

    probes: int = 2_000
    days: int = 5
    every_s: float = 1_800.0
    targets: int = 5


@dataclass
class Found:
    """What came of it, in records; `late_probes`: the most probes behind one late figure."""

    acknowledged: int = 0
    known: int = 0
    counted: int = 0
    rebuilt: int = 0
    differing: list[str] | None = None
    late_probes: float = 0.0
    late_samples: int = 0
    took_s: float = 0.0


def network(number: int) -> Network:
    codes = list(regions())
    return Network(asn=("AS9198", "AS21299")[number % 2], region=codes[number % 4], access="fixed")


def spool(number: int, size: Flood, until: float) -> Iterator[tuple[int, bytes]]:
    """The batches of one probe: how many records, and the bytes."""
    signer, place = key(1_000 + number), network(number)
    moments = [until - size.days * DAY + n * size.every_s for n in range(int(size.days * DAY / size.every_s))]
    records = [
        seen(f"t{target}", probe=signer.id, at=moment, network=place)
        for moment in moments
        for target in range(size.targets)
    ]
    for sequence, begin in enumerate(range(0, len(records), RECORDS_A_BATCH), 1):
        part = records[begin : begin + RECORDS_A_BATCH]
        yield len(part), sealed(signer, part, sequence)


async def flood(folder: Path, size: Flood, randomness: Randomness) -> Found:
    """Everybody at once."""
    clock, found = TestClock(NOW), Found()
    settings = Settings(data=str(folder), late=Late(remote_write=NOBODY))
    async with opened(settings, clock, randomness) as collector:
        await enrol(collector, folder, size, clock)
        clock.seconds += size.days * DAY
        began = process_time()
        for first in range(0, size.probes, TOGETHER):
            async with asyncio.TaskGroup() as group:
                for number in range(first, min(size.probes, first + TOGETHER)):
                    group.create_task(empty(collector, number, size, found))
        found.took_s = process_time() - began
        await collector.archive()
        await late(collector, clock, found)
        found.counted = collector.live.totals.measurements.total()
        tally, found.differing = await asyncio.to_thread(check, folder)
        found.rebuilt = tally.measurements.total()
    return found


async def enrol(collector: Collector, folder: Path, size: Flood, clock: TestClock) -> None:
    for number in range(size.probes):
        token = new_invite(folder, "probe", 24.0, clock, TestRandomness(number + 100))
        raw = canonical.encode(enrolment(key(1_000 + number), token, network(number)))
        await collector.taking.admit(raw)


async def empty(collector: Collector, number: int, size: Flood, found: Found) -> None:
    for sequence, (records, raw) in enumerate(spool(number, size, NOW + size.days * DAY)):
        receipt = await collector.taking.take(raw, "dabyl/v1/batch")
        assert receipt.result == "new"
        found.acknowledged += records
        if (sequence + number) % 10 == 0:
            again = await collector.taking.take(raw, "dabyl/v1/batch")
            found.known += again.result == "known"


async def late(collector: Collector, clock: TestClock, found: Found) -> None:
    """What waits for Prometheus."""
    clock.seconds += 301
    with suppress(OSError):  # nobody answers, as was said
        await collector.courier.turn()
    chunks = await asyncio.to_thread(collector.store.late.read, lambda db: queued(db, -1))
    for chunk in chunks:
        samples = unpack(chunk.samples)
        found.late_samples += len(samples)
        behind = [one.value for one in samples if one.name.endswith("probes")]
        found.late_probes = max([found.late_probes, *behind])


def main() -> None:
    """The whole flood."""
    size, began = Flood(), perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        found = loop.run(flood(Path(folder), size, TestRandomness()))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told = f"{size.probes} probes, {found.acknowledged} records in {found.took_s:.1f} CPU s, all in {perf_counter() - began:.0f} s"
    sys.stdout.write(f"{told}, {memory} MB\n{found}\n")


if __name__ == "__main__":
    main()
