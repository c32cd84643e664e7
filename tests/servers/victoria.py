"""A real VictoriaMetrics on a free port of loopback."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from tests.servers.prometheus import Prometheus


class VictoriaMetrics(Prometheus):
    """It answers the queries of a Prometheus."""

    def flush(self) -> None:
        """What was written can be asked for now; a question that came too early would be answered from a cache."""
        with urlopen(f"{self.url}/internal/force_flush", timeout=5):
            pass


@contextmanager
def victoria_metrics(folder: Path, *options: str) -> Iterator[VictoriaMetrics]:
    """VictoriaMetrics, gone in the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        "victoria-metrics",
        f"-storageDataPath={folder / 'victoria'}",
        f"-httpListenAddr=127.0.0.1:{port}",
        "-retentionPeriod=10y",
        "-dedup.minScrapeInterval=1ms",  # the same sample twice is one
        "-search.latencyOffset=0s",
        "-loggerLevel=ERROR",
        "-memory.allowedBytes=256MB",
        *options,
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield VictoriaMetrics(f"http://127.0.0.1:{port}")
        finally:
            process.kill()  # a clean end takes it ten seconds
