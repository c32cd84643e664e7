"""What a round of the shipped list costs its owner in bytes: the kernel's count, and the probe's own."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from benchmarks.cost import Row
from benchmarks.peers import NAME, RESOLVER, Bench, bench
from dabyl.system import SystemClock, SystemRandom
from probes import BUDGET_MB, MEGABYTE, SCHEMES, Plan, Tools, Who, given, make_trust, run_round
from probes.core.manners import BODY_BYTES
from wire.judge import ControlTable
from wire.records import Network, Target
from wire.targets import default_targets

# In a network namespace of its own nobody else's bytes are counted.
_ALONE: Final = ("unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")
_COUNTERS: Final = Path("/proc/net/dev")
_ETHERNET: Final = 14  # the loopback counts a header that the line of a home does not have
_PAGES: Final = frozenset({"https", "http"})


def run() -> list[Row]:
    """Kilobytes of one round, and how many rounds the default budget buys when each measures everybody."""
    argv = [*_ALONE, sys.executable, "-m", "benchmarks.data"]
    done = subprocess.run(argv, check=True, capture_output=True, text=True)
    line_bytes, counted = json.loads(done.stdout)
    count = len(default_targets(SCHEMES))
    rounds = BUDGET_MB * MEGABYTE / line_bytes
    return [
        Row(
            what=f"data of a round, shipped list ({count})", unit="kB", ours=counted / 1000,
            peer=line_bytes / 1000,
            peer_name="the kernel's count", note="(2 kB pages, short chains)",
        ),
        Row(what=f"whole rounds that {BUDGET_MB:g} MB buy", unit="a day", ours=rounds),
    ]  # fmt: skip


def main() -> None:
    """Measure here, print both counts."""
    with bench() as servers:
        os.environ["SSL_CERT_FILE"] = str(servers.folder / "ca.pem")
        json.dump(asyncio.run(_measure(servers)), sys.stdout)


async def _measure(servers: Bench) -> tuple[int, int]:
    resolver = given(RESOLVER)
    tools = Tools(
        clock=SystemClock(), randomness=SystemRandom(), trust=make_trust(), resolvers=(resolver,),
        body_bytes=BODY_BYTES,
    )  # fmt: skip
    shipped = default_targets(SCHEMES)
    targets = tuple(_here(one, number, servers.tls_port) for number, one in enumerate(shipped))
    before = _line_bytes()
    await run_round(
        Plan(targets=targets, controls=ControlTable([])), tools, Who("local", Network(), tools.randomness)
    )
    return _line_bytes() - before, sum(tools.meter.take().values())


def _here(target: Target, number: int, port: int) -> Target:
    """The same kind of target at this machine: pages as pages, everything else as a handshake."""
    scheme = "https" if target.url.partition("://")[0] in _PAGES else "tls"
    return Target(id=target.id, url=f"{scheme}://{NAME}:{port}/{number}", category=target.category)


def _line_bytes() -> int:
    """What went over the loopback so far, each packet once."""
    (line,) = [
        one for one in _COUNTERS.read_text(encoding="ascii").splitlines() if one.strip().startswith("lo:")
    ]
    size, packets = line.partition(":")[2].split()[:2]
    return int(size) - _ETHERNET * int(packets)


if __name__ == "__main__":
    main()
