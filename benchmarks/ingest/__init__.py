"""What taking in costs: signed batches of 200 through the real collector, beside Prometheus' own receiver.

Two volumes: verdicts alone (of Prometheus: a sample each), and whole records with all their steps (of
Prometheus: a sample for the verdict and one for how long each step took; it keeps nothing of the rest).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.cost import Row, cpu_s_of
from benchmarks.ingest import country, scrape
from benchmarks.ingest.collecting import key_of, network_of, running
from benchmarks.ingest.posting import post_all
from benchmarks.ingest.prometheus import receiving, requests
from benchmarks.ingest.records import STEPS, Round
from collector.core.remote_write import HEADERS
from dabyl.system import SystemClock
from wire import batch
from wire.signing import SigningKey

BATCH: Final = 200
PROBES: Final = 20
ROUNDS: Final = 40
WARM: Final = 5  # rounds that are not measured
BOOT: Final = "00112233aabbccdd"
TURNS: Final = 5
# The archive is in the measure: batches move every second, instead of every minute, and are waited for.
_SETTINGS: Final = "archive_every_s = 1.0\n"
_ARCHIVED_S: Final = 1.5


def run() -> list[Row]:
    """Taking in at full speed, a country's load for a minute, and its scrape."""
    rows = [_row("verdicts only", steps=False), _row("all steps", steps=True)]
    return [*rows, *country.run(), *scrape.run()]


def _row(what: str, *, steps: bool) -> Row:
    """The median of some turns, each side in turn: what others do on this machine is in all of them."""
    samples = 1 + STEPS * steps
    keys = [key_of(number) for number in range(PROBES)]
    lots = _batches(keys, steps=steps)
    peers = requests(PROBES, BATCH * samples, WARM + ROUNDS, SystemClock().now())
    turns = [(_ours(keys, lots), _prometheus(peers)) for _ in range(TURNS)]
    ours, peer = zip(*turns, strict=True)
    least, most = min(ours), max(ours)
    return Row(
        what=f"ingest, batches of 200, {what}", unit="measurements/CPU s", ours=median(ours),
        peer=median(peer), peer_name="Prometheus remote write",
        note=f"({samples} samples each; ours {least:,.0f} to {most:,.0f})",
    )  # fmt: skip


def _batches(keys: Sequence[SigningKey], *, steps: bool) -> list[list[bytes]]:
    """By round and probe."""
    rounds = [Round(key.id, network_of(number), BATCH, number) for number, key in enumerate(keys)]
    return [
        [batch.seal(key, "dabyl/v1/batch", BOOT, turn + 1, one.made(SystemClock().now(), steps=steps))
         for key, one in zip(keys, rounds, strict=True)]
        for turn in range(WARM + ROUNDS)
    ]  # fmt: skip


def _ours(keys: Sequence[SigningKey], lots: list[list[bytes]]) -> float:
    with TemporaryDirectory() as folder, running(Path(folder), keys, _SETTINGS) as collector:
        return _speed(collector.pid, collector.port, "/v1/measurements", lots, _until_archived)


def _prometheus(lots: list[list[bytes]]) -> float:
    with TemporaryDirectory() as folder, receiving(Path(folder)) as (pid, port):
        return _speed(pid, port, "/api/v1/write", lots)


def _until_archived() -> None:
    """What was acknowledged last lies in the archive too."""
    time.sleep(_ARCHIVED_S)


def _speed(
    pid: int, port: int, path: str, lots: list[list[bytes]], afterwards: Callable[[], None] = lambda: None
) -> float:
    """Measurements by the server's own CPU second."""
    headers = HEADERS if path == "/api/v1/write" else {}
    post_all(port, path, lots[:WARM], headers)
    before = cpu_s_of(pid)
    post_all(port, path, lots[WARM:], headers)
    afterwards()
    assert len(list(chain(*lots[WARM:]))) == PROBES * ROUNDS
    return BATCH * PROBES * ROUNDS / (cpu_s_of(pid) - before)
