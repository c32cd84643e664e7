"""A process at a place that has loaded the command `dabyl`, and runs it anew in a child for each round.

Half of a round's work is the interpreter's start, which tells nothing of a verdict. What runs is the real
command from its arguments on, in a process of its own, with nothing left over from the round before.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Self

from tests.lab.shell import LabError

_READY: Final = "ready\n"
_STARTED: Final = Path(__file__).with_name("started.py")


class Starter:
    """The process, seen from outside: a context manager that ends it."""

    def __init__(self, inside: Sequence[str], env: Mapping[str, str], folder: Path) -> None:
        """`inside`: the command line that runs what follows at a place. Output goes through `folder`."""
        command = (*inside, sys.executable, str(_STARTED))
        self._out, self._err = folder / "starter.out", folder / "starter.err"
        self._process = subprocess.Popen(
            command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        """Ready when it says so."""
        if self._line(60.0) != _READY:
            self.__exit__()
            raise LabError("the command could not be loaded")
        return self

    def __exit__(self, *_: object) -> None:
        """Kill it; a round under way ends with its namespace."""
        self._process.kill()
        self._process.communicate()

    def run(self, argv: Sequence[str], limit_s: float) -> subprocess.CompletedProcess[str]:
        """Run `dabyl` with these arguments to its end; raises `LabError` after `limit_s` seconds."""
        assert self._process.stdin is not None
        asked = {"argv": list(argv), "out": str(self._out), "err": str(self._err)}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        status = self._line(limit_s)
        if not status:
            raise LabError(f"dabyl {' '.join(argv[:4])}: no end after {limit_s:g} s")
        return subprocess.CompletedProcess(argv, int(status), self._out.read_text(), self._err.read_text())

    def _line(self, limit_s: float) -> str:
        assert self._process.stdout is not None
        ready, _, _ = select.select([self._process.stdout], [], [], limit_s)
        return self._process.stdout.readline() if ready else ""
