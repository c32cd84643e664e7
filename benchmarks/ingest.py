"""The real collector taking signed batches of 200 over HTTP: measurements per second of its CPU time."""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec.structs import replace

from benchmarks.cost import Row, cpu_s_of
from benchmarks.peers import wait_for
from collector import new_invite
from dabyl.system import SystemClock, SystemRandom
from tests.servers.processes import free_ports
from tests.wire.judge.scenes import SITE, WELL, measured
from wire import batch, canonical
from wire.enrol import enrolment
from wire.records import Measurement, Network
from wire.signing import SigningKey
from wire.times import format_time

BATCH = 200
BATCHES = 200
_CONFIG = "[limits]\nbatches_per_s = 100000.0\nbatches_burst = 100000.0\n"


def run() -> list[Row]:
    """Whole records with all their steps, and records that were summarised to the verdict."""
    return [
        Row(what=f"ingest, {what}", unit="measurements/CPU s", ours=_speed(steps))
        for what, steps in (("all steps", True), ("verdicts only", False))
    ]


def _speed(steps: bool) -> float:
    key = SigningKey(SystemRandom().token(32))
    with TemporaryDirectory() as folder, _collector(Path(folder)) as (process, port):
        _post(
            port,
            "/v1/enrol",
            canonical.encode(enrolment(key, _invite(Path(folder)), Network(region="KZ-71"))),
        )
        batches = [
            batch.seal(key, "dabyl/v1/batch", "00" * 8, n + 1, _records(key, steps)) for n in range(BATCHES)
        ]
        before = cpu_s_of(process.pid)
        for raw in batches:
            _post(port, "/v1/measurements", raw)
        return BATCH * BATCHES / (cpu_s_of(process.pid) - before)


def _records(key: SigningKey, steps: bool) -> Sequence[Measurement]:
    at = format_time(SystemClock().now())
    bare = replace(measured(SITE, WELL if steps else ()), probe=key.id, at=at)
    return [
        replace(
            bare, id=f"b-{number}", target=replace(SITE, id=f"t{number}", url=f"https://t{number}.example/")
        )
        for number in range(BATCH)
    ]


def _invite(folder: Path) -> str:
    return new_invite(folder / "data", "probe", 1, SystemClock(), SystemRandom())


@contextmanager
def _collector(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    [port] = free_ports(1)
    (folder / "collector.toml").write_text(_CONFIG, encoding="ascii")
    options = [
        "--listen",
        f"127.0.0.1:{port}",
        "--data",
        f"{folder}/data",
        "--config",
        f"{folder}/collector.toml",
    ]
    command = [str(Path(sys.executable).parent / "dabyl"), "collector", "serve", *options]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port)
            yield process, port
        finally:
            process.terminate()


def _post(port: int, path: str, raw: bytes) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", path, raw)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == HTTPStatus.OK, body
    connection.close()
