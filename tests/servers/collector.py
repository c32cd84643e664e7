"""The real collector: `dabyl collector serve` in a process of its own, to be stopped or killed."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_S = 30.0
READY = re.compile(r"listens on (http://\S+)")


class CollectorProcess:
    """One life of the collector. `url` is known from the start; what it says is read to the end."""

    def __init__(self, folder: Path, *options: str, listen: str = "127.0.0.1:0") -> None:
        self.process = subprocess.Popen(
            [*DABYL, "collector", "serve", "--data", str(folder), "--listen", listen, *options],
            stderr=subprocess.PIPE,
            text=True,
        )
        self.url = self._wait()

    def _wait(self) -> str:
        assert self.process.stderr is not None
        said = ""
        for line in self.process.stderr:
            said += line
            if found := READY.search(line):
                return found[1]
        raise AssertionError(f"the collector did not start: {said}")

    def kill(self) -> None:
        """As a loss of power would, but for the kernel's caches."""
        self.process.kill()
        self._end()

    def stop(self) -> int:
        """Ask it to end; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self._end()

    def _end(self) -> int:
        assert self.process.stderr is not None
        status = self.process.wait(START_S)
        self.process.stderr.close()
        return status


DABYL = (sys.executable, "-m", "dabyl")


@contextmanager
def collector_process(folder: Path, *options: str) -> Iterator[CollectorProcess]:
    """A collector that is gone in the end."""
    collector = CollectorProcess(folder, *options)
    try:
        yield collector
    finally:
        if collector.process.poll() is None:
            collector.stop()


def invite(folder: Path, role: str = "probe") -> str:
    """A token, made as an operator would make it."""
    command = [*DABYL, "collector", "invite", "--data", str(folder), "--role", role]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
