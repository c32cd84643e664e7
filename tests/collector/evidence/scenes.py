"""A collector that has lived through something, with an archive and with rows that are not in it yet."""

from __future__ import annotations

import asyncio
from pathlib import Path

from msgspec.structs import replace

from collector.core.times import stamp
from tests.collector.core.scenes import ALMATY, ASTANA, NOW, STEPS, key, seen
from tests.collector.harness import TestClock, running
from wire.records import StationReport

PROBE, MOVING, VANTAGE, GATEWAY = key(1), key(2), key(3), key(4)
OTHER_BOOT = "ffeeddccbbaa9988"
MINUTE_S = 60.0


async def lived(folder: Path) -> dict[str, float]:
    """Four keys at work for two minutes; the first is archived. The counters at the end."""
    clock = TestClock()
    async with running(folder, clock, archive_every_s=0.05, publish_from=1) as collector:
        for signer, role in ((PROBE, "probe"), (MOVING, "probe"), (VANTAGE, "vantage"), (GATEWAY, "gateway")):
            await collector.enrol(signer, role)  # type: ignore[arg-type]  # one of the roles
        await minute(collector, 1)
        async with asyncio.timeout(10):
            while await waiting(folder):  # noqa: ASYNC110  # the collector tells nobody that it archived
                await asyncio.sleep(0.02)
        before = counters(await collector.text("/metrics"))
    async with running(folder, clock, archive_every_s=1000, publish_from=1) as collector:
        clock.seconds += MINUTE_S
        await minute(collector, 2)
        after = counters(await collector.text("/metrics"))
    return {name: before.get(name, 0) + after.get(name, 0) for name in before | after}


async def minute(collector: object, number: int) -> None:
    """What each key sends in one minute. The second minute brings a gap, another life, and a move."""
    send, report = collector.send, collector.report  # type: ignore[attr-defined]  # a Running
    at = NOW + (number - 1) * MINUTE_S
    here = ASTANA if number == 1 else ALMATY
    for sequence in (2 * number - 1, 2 * number):
        if (number, sequence) == (2, 3):
            continue  # never comes
        records = [
            seen(f"t{n}", "ok" if n else "down", probe=PROBE.id, at=at + n, steps=STEPS) for n in range(5)
        ]
        assert (await send(PROBE, records, sequence))[0] == 200
        assert (await send(PROBE, records, sequence))[1]["result"] == "known"
    moved = seen("a", "blocked", "tls.reset.sni", probe=MOVING.id, at=at, network=here)
    assert (await send(MOVING, [moved], 1, boot=OTHER_BOOT[::-1] if number == 2 else OTHER_BOOT))[0] == 200
    assert (await send(VANTAGE, [seen("a", probe=VANTAGE.id, at=at)], number))[0] == 200
    said = StationReport(id=f"r{number}", station="KZ-71-0379", kind="power", value="off", at=stamp(at))
    said = said if number == 1 else replace(said, value="on")
    assert (await report(GATEWAY, [said], number))[0] == 200


async def waiting(folder: Path) -> int:
    """How many batches are not in the archive yet."""
    from collector.evidence import verify  # noqa: PLC0415  # only a test of evidence needs it

    return (await asyncio.to_thread(verify, folder)).waiting


def counters(text: str) -> dict[str, float]:
    """The counters of measurements, batches and failures, by their series."""
    names = ("dabyl_measurements_total{", "dabyl_batches_total{", "dabyl_measurement_failures_total{")
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if line.startswith(names)]
    return {name: float(value) for name, value in lines}


def archive_file(folder: Path) -> Path:
    """The only day's file."""
    (path,) = (folder / "archive").glob("batches-*")
    return path
