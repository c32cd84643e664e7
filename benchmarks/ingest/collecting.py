"""The real collector in a process of its own, with a crowd of probes that are enrolled already."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.peers import wait_for
from collector.store import Invite, NewProbe, transaction
from dabyl.system import SystemClock
from tests.servers.processes import free_ports
from wire.records import Network
from wire.signing import SigningKey

_CONFIG: Final = """\
[limits]
batches_per_s = 100000.0
batches_burst = 100000.0
"""
_REGIONS: Final = ("KZ-71", "KZ-75", "KZ-79", "KZ-19", "KZ-23", "KZ-35", "KZ-39", "KZ-43", "KZ-59", "KZ-63")
_OPERATORS: Final = ("AS9198", "AS21299", "AS48503", "AS206026", "AS29355", "AS15736")


class Running(NamedTuple):
    """A collector that listens."""

    pid: int
    port: int
    folder: Path


def network_of(number: int) -> Network:
    """Where the n-th probe of the crowd stands."""
    asn, region = _OPERATORS[number % len(_OPERATORS)], _REGIONS[number // 7 % len(_REGIONS)]
    return Network(asn=asn, region=region, access="mobile" if number % 3 else "fixed")


def key_of(number: int) -> SigningKey:
    """The key of the n-th probe."""
    return SigningKey(hashlib.sha256(f"bench {number}".encode()).digest())


@contextmanager
def running(folder: Path, keys: Sequence[SigningKey], settings: str = "") -> Iterator[Running]:
    """A collector on a new folder, gone in the end."""
    _enrol(folder / "data", keys)
    (folder / "collector.toml").write_text(settings + _CONFIG, encoding="ascii")
    [port] = free_ports(1)
    command = [
        str(Path(sys.executable).parent / "dabyl"), "collector", "serve", "--listen", f"127.0.0.1:{port}",
        "--data", f"{folder}/data", "--config", f"{folder}/collector.toml",
    ]  # fmt: skip
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port, 60)
            yield Running(process.pid, port, folder / "data")
        finally:
            process.terminate()


def _enrol(folder: Path, keys: Sequence[SigningKey]) -> None:
    """All in one transaction, as the collector itself would have done one by one."""
    now = round(SystemClock().now().timestamp() * 1000)
    with transaction(folder) as session:
        for number, key in enumerate(keys):
            invite = f"bench/{number}"
            session.invite(Invite(print=invite, role="probe", made_ms=now, expires_ms=now + 60_000))
            session.enrol(
                NewProbe(id=key.id, key=key.public, network=network_of(number), invite=invite, now_ms=now)
            )
