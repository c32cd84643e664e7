"""A real Prometheus on a free port of loopback, scraping every second."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

START_S = 30.0


class Prometheus:
    """The server by its URL."""

    def __init__(self, url: str) -> None:
        self.url = url

    def query(self, expression: str) -> list[tuple[dict[str, str], float]]:
        """Labels and values of an instant query."""
        with urlopen(f"{self.url}/api/v1/query?{urlencode({'query': expression})}", timeout=5) as answer:
            found = json.load(answer)["data"]["result"]
        return [(one["metric"], float(one["value"][1])) for one in found]

    def wait_for(self, expression: str) -> list[tuple[dict[str, str], float]]:
        """The same, once there is a result."""
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            try:
                if found := self.query(expression):
                    return found
            except (URLError, OSError):
                pass  # not up yet
            time.sleep(0.2)
        raise AssertionError(f"Prometheus has no answer to {expression}")


@contextmanager
def prometheus(folder: Path, *options: str) -> Iterator[Prometheus]:
    """Prometheus with the `prometheus.yml` of a folder; gone in the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        "prometheus",
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=error",
        *options,
    ]
    with subprocess.Popen(command) as process:
        try:
            yield Prometheus(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
