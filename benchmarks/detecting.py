"""`dabyl collector detect` over ten million records of a simulated day: seconds, CPU, and memory at its peak.

A country of probes that sleep, with a cut of a region and a blocked messenger in it: what is detected is
looked at, so that a fast answer is a right one. The file is what archives are: zstd, one JSON object a line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import zstandard

from benchmarks.cost import Row
from collector.core.detect.columns import Columns
from tests.collector.core.detect.world import MESSENGERS, VERDICTS, Event, World, simulate

RECORDS: Final = 10_000_000
_RECORDS_AN_HOUR: Final = 415_000  # of the world below, some of whose probes sleep
_LOT: Final = 50_000
_WORLD: Final = World(
    probes=600, seed=7,
    events=(
        Event("cut", 6.0, 8.0, regions=("KZ-75",)),
        Event("block", 10.0, 13.0, targets=MESSENGERS),
    ),
)  # fmt: skip
# The command alone, and the largest memory of it and of each of its workers.
_MEASURE: Final = (
    "import json,resource,subprocess,sys; done=subprocess.run(sys.argv[1:], check=True, capture_output=True);"
    "used=resource.getrusage(resource.RUSAGE_CHILDREN);"
    "print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024,"
    " [json.loads(line) for line in done.stdout.splitlines()]]))"
)


def run(records: int = RECORDS) -> list[Row]:
    """Seconds by the clock and of CPU, and megabytes of the largest process."""
    with TemporaryDirectory(prefix="dabyl-bench-") as folder:
        file = Path(folder) / "measurements.jsonl.zst"
        count = write(file, records)
        began = time.monotonic()
        cpu_s, peak_mb, found = _measured(file)
        took_s = time.monotonic() - began
    kinds = {one["kind"] for one in found}
    assert {"connectivity_loss", "service_block"} <= kinds, kinds
    what = f"detect over {count / 1e6:.1f} million records"
    limit = f"(limit {60 * count / RECORDS:.0f}; {os.cpu_count()} cores, others may use them too)"
    return [
        Row(what=what, unit="s by the clock", ours=took_s, note=limit),
        Row(what=what, unit="s CPU", ours=cpu_s),
        Row(what=what, unit="MB, its largest process", ours=peak_mb),
    ]


def write(file: Path, records: int) -> int:
    """So many records or a few more, written to a file; how many they are."""
    hours = max(14.0, records / _RECORDS_AN_HOUR)
    world = simulate(World(probes=_WORLD.probes, events=_WORLD.events, seed=_WORLD.seed, hours=hours))
    columns = world.only(np.arange(min(len(world), records)))
    with file.open("wb") as out, zstandard.ZstdCompressor(level=3).stream_writer(out) as packed:
        for lot in _lots(columns):
            packed.write(lot)
    return len(columns)


def _lots(columns: Columns) -> Iterator[bytes]:
    """Lines, many at once."""
    networks = [
        f'{{"asn":"{one.operator}","region":"{one.region}","access":"{one.access}","side":"{one.side}"}}'
        for one in columns.places
    ]
    sides = "domestic", "foreign"
    targets = [
        f'{{"id":"{one.id}","url":"https://{one.id}/","category":"{one.category}","side":"{sides[one.side]}"}}'
        for one in columns.roles
    ]
    for first in range(0, len(columns), _LOT):
        part = columns.only(np.arange(first, min(first + _LOT, len(columns))))
        rows = zip(
            part.row.tolist(), part.probe.tolist(), _stamps(part.at), _stamps(part.arrival),
            part.place.tolist(), part.target.tolist(), part.outcome.tolist(), strict=True,
        )  # fmt: skip
        yield "".join(
            f'{{"v":1,"id":"{columns.probes[probe]}-0123456789-{row:x}","probe":"{columns.probes[probe]}",'
            f'"at":"{at}Z","received_at":"{arrival}Z","channel":"https","network":{networks[place]},'
            f'"target":{targets[target]},"steps":[],"verdict":{VERDICTS[outcome]}}}\n'
            for row, probe, at, arrival, place, target, outcome in rows
        ).encode()


def _stamps(seconds: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[str]:
    texts: list[str] = np.datetime_as_string((seconds * 1000).astype("datetime64[ms]")).tolist()
    return texts


def _measured(file: Path) -> tuple[float, float, list[dict[str, str]]]:
    command = [str(Path(sys.executable).parent / "dabyl"), "collector", "detect", str(file)]
    argv = [sys.executable, "-c", _MEASURE, *command]
    done = subprocess.run(argv, check=True, capture_output=True, text=True)
    cpu_s, peak_mb, found = json.loads(done.stdout)
    return cpu_s, peak_mb, found
