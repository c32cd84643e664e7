"""The real probe, many lives in a row: imports once, then forks `dabyl probe run` for each line on stdin.

Run as a script. A line holds the arguments; the answer is the child's process id, and after the
child has ended, however, an empty line. What the child says goes to stderr.
"""

from __future__ import annotations

import sys

import aiohttp
import uvloop

import probes.post
import probes.running
from tests.servers.collector_lives import live

PRELOADED = (aiohttp, probes.post, probes.running, uvloop)

if __name__ == "__main__":
    for line in sys.stdin:
        live(line.split())
