"""A country's load for a minute: 10,000 probes, 250 targets, every five minutes, with all their steps."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.cost import Row, cpu_s_of, resident_mb_of
from benchmarks.ingest.collecting import Running, key_of, network_of, running
from benchmarks.ingest.posting import post_all
from benchmarks.ingest.records import Round
from dabyl.system import SystemClock
from wire.columns import pack
from wire.signing import SigningKey, to_text
from wire.squeeze import squeeze

PROBES: Final = 10_000
TARGETS: Final = 250
EVERY_S: Final = 300.0
MEASURED_S: Final = 60.0
AT_ONCE: Final = 50
NETWORKS: Final = 60
_BOOT: Final = "00112233aabbccdd"
_NAME: Final = b"probe-of-nobody-"  # stands for the probe's name in the ids; 16 letters
# With the settings as they are shipped a look for incidents falls into every minute, the first one into the
# fourth after the start. By then the first round lies in the archive.
_FIRST_LOOK_S: Final = 180.0


def run() -> list[Row]:
    """The share of one core, and megabytes, when every probe was heard already."""
    keys = [key_of(number) for number in range(PROBES)]
    bodies = [_body(number) for number in range(NETWORKS)]
    with TemporaryDirectory() as folder, running(Path(folder), keys) as collector:
        began = time.monotonic()
        _first_round(collector, keys, bodies)
        time.sleep(max(0.0, began + _FIRST_LOOK_S - MEASURED_S / 2 - time.monotonic()))
        share = _measured(collector, keys, bodies)
        memory = resident_mb_of(collector.pid)
    rate = PROBES * TARGETS / EVERY_S
    return [
        Row(
            what=f"a country ({rate:.0f}/s) for a minute",
            unit="of one core",
            ours=share,
            note="(limit 0.1; one look for incidents)",
        ),
        Row(what="a country, resident memory", unit="MB", ours=memory, note="(limit 1000)"),
    ]


def _first_round(collector: Running, keys: list[SigningKey], bodies: list[bytes]) -> None:
    lot: list[bytes] = []
    lots = [lot]
    for number, key in enumerate(keys):
        if len(lot) == AT_ONCE:
            lot = []
            lots.append(lot)
        lot.append(_sealed(key, bodies[number % NETWORKS], 1))
    post_all(collector.port, "/v1/measurements", lots)


def _measured(collector: Running, keys: list[SigningKey], bodies: list[bytes]) -> float:
    pairs = enumerate(keys)
    began, before = time.monotonic(), cpu_s_of(collector.pid)
    for due in _seconds(began):
        count = round(due * PROBES / EVERY_S) - round((due - 1) * PROBES / EVERY_S)
        lot = [_sealed(key, bodies[number % NETWORKS], 2) for number, key in _next(pairs, count)]
        post_all(collector.port, "/v1/measurements", [lot])
    return (cpu_s_of(collector.pid) - before) / (time.monotonic() - began)


def _seconds(began: float) -> Iterator[int]:
    """Each second of the minute when it has come."""
    for second in range(1, round(MEASURED_S) + 1):
        yield second
        time.sleep(max(0.0, began + second - time.monotonic()))


def _next(pairs: Iterator[tuple[int, SigningKey]], count: int) -> Iterator[tuple[int, SigningKey]]:
    return (next(pairs) for _ in range(count))


def _body(number: int) -> bytes:
    """A round at one network, of nobody yet."""
    made = Round(_NAME.decode(), network_of(number), TARGETS, number).made(SystemClock().now(), steps=True)
    return pack(made)


def _sealed(key: SigningKey, body: bytes, sequence: int) -> bytes:
    """The round as this probe's own: its ids bear its name and the batch's number, its key signs."""
    ours = squeeze(body.replace(_NAME, f"{key.id[:15]}{sequence}".encode()))
    head = f"dabyl/v1/batch {key.id} {_BOOT} {sequence} columns".encode()
    signature = key.sign("dabyl/v1/batch", head + b"\n" + ours)
    return head + b"\n" + to_text(signature).encode() + b"\n" + ours
