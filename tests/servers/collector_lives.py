"""The real collector, many lives in a row: imports once, then forks `dabyl collector serve` for each line on stdin.

Run as a script. A line holds the arguments; the answer is the child's process id, and after the
child has ended, however, an empty line. What the child says goes to stderr.
"""

from __future__ import annotations

import os
import sys

import uvloop

import collector
from dabyl.cli import main

PRELOADED = (collector, uvloop)


def live(arguments: list[str]) -> None:
    """One life; fork is safe here, for nothing was started yet."""
    child = os.fork()
    if child == 0:
        sys.exit(main(arguments))
    sys.stdout.write(f"{child}\n")
    sys.stdout.flush()
    os.waitpid(child, 0)
    sys.stdout.write("\n")
    sys.stdout.flush()


if __name__ == "__main__":
    for line in sys.stdin:
        live(line.split())
