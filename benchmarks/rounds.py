"""A round of 250 targets as a volunteer runs it: seconds and memory, all well and all silent."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.cost import Row
from benchmarks.peers import NAME, RESOLVER, bench

TARGETS = 250
# A network that swallows every packet: a gateway whose place nobody holds.
_SWALLOW = """ip link set lo up && ip link add v0 type veth peer v1 &&
ip link set v0 up && ip link set v1 up &&
ip addr add 198.18.0.1/24 dev v0 && ip neigh add 198.18.0.53 lladdr 02:00:00:00:00:53 dev v0 nud permanent &&
ip route add default via 198.18.0.53"""
_MEASURE = (
    "import os,resource,subprocess,sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True); \
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)


def run() -> list[Row]:
    """Seconds and megabytes of both rounds."""
    with bench() as servers, TemporaryDirectory() as folder:
        file = Path(folder) / "targets.csv"
        _write(file, [f"https://{NAME}:{servers.tls_port}/{number}" for number in range(TARGETS)])
        environment = os.environ | {"SSL_CERT_FILE": str(servers.folder / "ca.pem")}
        clean_s, clean_mb = _timed(_check(file, RESOLVER), environment)
        _write(file, [f"https://silent-{number}.example/" for number in range(TARGETS)])
        inside = ["unshare", "--net", "sh", "-c", f'{_SWALLOW} && exec "$@"', "sh"]
        silent_s, silent_mb = _timed([*inside, *_check(file, "198.18.0.53")], environment)
    return [
        Row(what=f"round of {TARGETS}, all well", unit="s", ours=clean_s, note="(limit 60)"),
        Row(what=f"round of {TARGETS}, all well", unit="MB at most", ours=clean_mb, note="(limit 80)"),
        Row(what=f"round of {TARGETS}, all silent", unit="s", ours=silent_s, note="(limit 180)"),
        Row(what=f"round of {TARGETS}, all silent", unit="MB at most", ours=silent_mb, note="(limit 80)"),
    ]


def _write(file: Path, urls: list[str]) -> None:
    rows = [f"{url},news,target-{number},foreign" for number, url in enumerate(urls)]
    file.write_text("\n".join(["url,category,name,side", *rows]), encoding="ascii")


def _check(file: Path, resolver: str) -> list[str]:
    command = str(Path(sys.executable).parent / "dabyl")
    return [command, "probe", "check", "--targets", str(file), "--resolver", resolver, "--format", "jsonl"]


def _timed(argv: list[str], environment: dict[str, str]) -> tuple[float, float]:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, *argv], env=environment, check=True, capture_output=True, text=True
    )
    return time.monotonic() - began, int(done.stdout.split()[-1]) / 1024
