"""Every query of every board, asked of a real Prometheus that scrapes a whole country: over 108,000 series.

What is asked over time has six hours behind it: what has a name of few series is written back
in steps of a minute; of the others there is what was scraped. Median of three, wall time.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.boards.asking import Asked, asked, everything
from benchmarks.boards.country import pages
from benchmarks.boards.server import server, with_past
from benchmarks.cost import Row
from dashboards import render, write
from dashboards.prometheus import ALERTMANAGER


def run() -> list[Row]:
    """A row for each board: its slowest query, and the panel with most series."""
    with TemporaryDirectory() as name, _served(pages()) as collector:
        folder = Path(name)
        _settle(folder, collector)
        with server(folder) as prometheus:
            count = prometheus.count()
        with_past(folder)
        with server(folder) as prometheus:
            found = [asked(prometheus, one) for one in everything()]
    boards = sorted({one.board for one in found})
    return [_row(board, [one for one in found if one.board == board], count) for board in boards]


def _row(board: str, found: list[Asked], count: int) -> Row:
    slow = max(found, key=lambda one: one.took_s)
    wide = max(found, key=lambda one: one.series)
    note = f"of {len(found)}: {slow.panel}; most series {wide.series}: {wide.panel}; Prometheus holds {count}"
    return Row(what=f"board {board}: slowest query", unit="ms", ours=slow.took_s * 1000, note=f"({note})")


def _settle(folder: Path, collector: str) -> None:
    write(render(collector, "http://127.0.0.1:9"), folder)  # no gateway: it has few series
    file = folder / "prometheus" / "prometheus.yml"
    # Other processes of this machine are not asked whether they are an Alertmanager.
    text = file.read_text(encoding="utf-8").replace(ALERTMANAGER, "127.0.0.1:9")
    file.write_text(text.replace(": 15s", ": 5s").replace(": 60s", ": 5s"), encoding="utf-8")


@contextmanager
def _served(found: dict[str, bytes]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """One of the pages."""
            body = found.get(self.path, b"")
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(ConnectionError):  # a Prometheus that ends
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    here = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=here.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{here.server_port}"
    finally:
        here.shutdown()
        here.server_close()
