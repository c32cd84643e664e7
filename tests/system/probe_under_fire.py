"""kill -9 of the real probe again and again, beside the real collector; prints what came of it as JSON.

Run as a script, in a network namespace of its own (`unshare -n`): the probe's bait must not leave the
machine. Arguments: a folder, the number of kills.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from collector.store.contents import everything
from collector.store.schema import open_database
from tests.servers.collector import collector_process, invite
from wire import batch

EVERY_S = 1
NOWHERE = "http://127.0.0.1:9"
LAST_LIFE_S = 30.0


class Page(BaseHTTPRequestHandler):
    """The one page that is measured."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


class Lives:
    """The probe's lives, one after another."""

    def __init__(self, arguments: str) -> None:
        self._arguments = arguments
        command = [sys.executable, "-m", "tests.servers.probe_lives"]
        self._forker = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def live(self, collector: str, seconds: float) -> None:
        """One life, ended by kill -9."""
        assert self._forker.stdin is not None
        assert self._forker.stdout is not None
        self._forker.stdin.write(f"probe run --collector {collector} {self._arguments}\n")
        self._forker.stdin.flush()
        pid = int(self._forker.stdout.readline())
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
        assert self._forker.stdout.readline() == "\n"

    def end(self) -> None:
        """No more lives."""
        self._forker.communicate(timeout=10)


def spooled(folder: Path) -> dict[tuple[str, int], frozenset[str]]:
    """What lies in the spool: every batch whole, named as it is inside."""
    found = {}
    for path in sorted((folder / "spool").glob("*.batch")):
        envelope = batch.take_apart(path.read_bytes())
        assert path.name.endswith(f"-{envelope.boot}-{envelope.sequence}.batch")
        found[envelope.boot, envelope.sequence] = frozenset(one.id for one in batch.measurements(envelope))
    return found


def arrived(folder: Path) -> Counter[str]:
    """How often each measurement arrived."""
    connection = open_database(folder)
    try:
        envelopes = [batch.take_apart(line.raw) for line in everything(connection, folder)]
    finally:
        connection.close()
    sequences = Counter((envelope.boot, envelope.sequence) for envelope in envelopes)
    assert max(sequences.values()) == 1
    return Counter(one.id for envelope in envelopes for one in batch.measurements(envelope))


def main(folder: Path, kills: int) -> None:
    """Run it."""
    page = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=page.serve_forever, daemon=True).start()
    targets = folder / "targets.csv"
    targets.write_text(f"url,category,name,side\nhttp://127.0.0.1:{page.server_port}/,kz,page,domestic\n")
    seen: dict[tuple[str, int], frozenset[str]] = {}
    token = invite(folder / "collector")
    with collector_process(folder / "collector") as collector:
        lives = Lives(
            f"--invite {token} --data {folder / 'probe'} --targets {targets}"
            f" --every {EVERY_S} --timeout 2 --yes"
        )
        for number in range(kills):
            # Most lives find no collector, so that there is something on its way in the others.
            lives.live(NOWHERE if number % 3 else collector.url, 0.05 + 1.2 * (number * 0.618 % 1))
            seen |= spooled(folder / "probe")
        left = len(spooled(folder / "probe"))
        last_life(lives, collector.url, folder)
        lives.end()
    counted = arrived(folder / "collector")
    everything_seen = frozenset().union(*seen.values())
    print(  # noqa: T201  # what the test reads
        json.dumps(
            {
                "spooled": len(everything_seen),
                "left": left,
                "arrived": len(counted),
                "twice": sum(number > 1 for number in counted.values()),
                "lost": sorted(everything_seen - set(counted)),
                "still_there": len(spooled(folder / "probe")),
            }
        )
    )


def last_life(lives: Lives, url: str, folder: Path) -> None:
    """Live until what the killed ones left has been brought."""
    until = time.monotonic() + LAST_LIFE_S
    before = set(spooled(folder / "probe"))
    while before & set(spooled(folder / "probe")) and time.monotonic() < until:
        lives.live(url, 2.0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
