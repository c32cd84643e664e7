"""A real Prometheus on a folder, and six hours that are written into it."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from dabyl.system import SystemClock
from dashboards.boards import boards

SETTLED_S: Final = 30.0  # some scrapes and evaluations
START_S: Final = 60.0
BACK_S: Final = 6 * 3_600
EVERY_S: Final = 60
FEW: Final = 2_000  # of names with more series nothing is written back
_NAME: Final = re.compile(r"(?:[a-z_]+:)?dabyl_[a-z0-9_]+(?::[a-z0-9]+)?")


class Server:
    """By its URL."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, query: str, span: tuple[float, float, float] | None = None) -> list[dict[str, Any]]:
        """The series of an answer: now, or over a span (from, until, step)."""
        return list(json.loads(self.raw(query, span))["data"]["result"])

    def raw(self, query: str, span: tuple[float, float, float] | None) -> bytes:
        """The same as it comes over the wire."""
        given: dict[str, Any] = {"query": query}
        path = "query"
        if span is not None:
            path, given = "query_range", given | dict(zip(("start", "end", "step"), span, strict=True))
        with urlopen(f"{self._url}/api/v1/{path}?{urlencode(given)}", timeout=60) as answer:
            return bytes(answer.read())

    def count(self) -> int:
        """How many series it holds."""
        (found,) = self.ask("prometheus_tsdb_head_series or count({__name__=~'.+'})")
        return int(float(found["value"][1]))


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    """One that has settled; gone in the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = (
        "prometheus", f"--config.file={folder / 'prometheus' / 'prometheus.yml'}", "--log.level=error",
        f"--storage.tsdb.path={folder / 'tsdb'}", f"--web.listen-address=127.0.0.1:{port}",
    )  # fmt: skip
    with subprocess.Popen(command) as process:
        try:
            here = Server(f"http://127.0.0.1:{port}")
            _settled(here)
            _LAST.update({name: here.ask(name) for name in _names()})
            yield here
        finally:
            process.terminate()


_LAST: dict[str, list[dict[str, Any]]] = {}


def _settled(here: Server) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        try:
            if here.ask("country:dabyl_level:code"):
                break
        except (URLError, OSError):
            time.sleep(0.2)
    time.sleep(SETTLED_S)


def _names() -> set[str]:
    return {name for text in boards().values() for name in _NAME.findall(text.replace("\\", ""))}


def with_past(folder: Path) -> None:
    """Write six hours of the values that were last seen, where a name has few series."""
    end = int(SystemClock().now().timestamp()) - 120
    file = folder / "past.om"
    with file.open("w", encoding="ascii") as lines:
        for name, found in sorted(_LAST.items()):
            if 0 < len(found) <= FEW:
                lines.write(f"# TYPE {name} gauge\n")
                for one in found:
                    labels = ",".join(
                        f'{label}="{value}"' for label, value in one["metric"].items() if label != "__name__"
                    )
                    value = one["value"][1]
                    lines.writelines(
                        f"{name}{{{labels}}} {value} {at}\n" for at in range(end - BACK_S, end, EVERY_S)
                    )
        lines.write("# EOF\n")
    command = ("promtool", "tsdb", "create-blocks-from", "openmetrics", str(file), str(folder / "tsdb"))
    subprocess.run(command, check=True, capture_output=True)
