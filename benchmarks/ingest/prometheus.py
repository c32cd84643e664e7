"""Prometheus' own remote-write receiver, taking one sample for each measurement: no signature, no steps."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from benchmarks.ingest.collecting import network_of
from benchmarks.ingest.records import target_of
from benchmarks.peers import wait_for
from collector.core.late import Sample
from collector.core.remote_write import snappy, write_request
from tests.servers.processes import free_ports


@contextmanager
def receiving(folder: Path) -> Iterator[tuple[int, int]]:
    """Its process and port; gone in the end."""
    [port] = free_ports(1)
    (folder / "prometheus.yml").write_text("global: {}\n", encoding="ascii")
    command = [
        "prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/tsdb",
        f"--web.listen-address=127.0.0.1:{port}", "--web.enable-remote-write-receiver", "--log.level=error",
    ]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port, 30)
            yield process.pid, port
        finally:
            process.terminate()


def requests(probes: int, series: int, rounds: int, at: datetime) -> list[list[bytes]]:
    """By round and probe: a request of a sample for each of so many series."""
    begin = round(at.timestamp() * 1000) - rounds * 1000
    return [
        [snappy(write_request(_samples(probe, series, begin + turn * 1000))) for probe in range(probes)]
        for turn in range(rounds)
    ]


def _samples(probe: int, series: int, at_ms: int) -> list[Sample]:
    network = network_of(probe)
    place = {"operator": network.asn, "region": network.region, "access": network.access, "probe": str(probe)}
    return [
        Sample(
            "reachable", tuple(sorted({**place, "target": one.id, "category": one.category}.items())),
            at_ms, float(number % 9 > 0),
        )
        for number, one in enumerate(map(target_of, range(series)))
    ]  # fmt: skip
