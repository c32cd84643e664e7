"""The real command: it starts, says where, stops cleanly; a full disk makes it refuse, not lie."""

from __future__ import annotations

import json
import resource
import subprocess
import time
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from msgspec.structs import replace

from dabyl.system import SystemClock
from tests.collector.core.scenes import ASTANA, key, seen
from tests.collector.harness import sealed
from tests.collector.store.scenes import contents
from tests.servers.collector import DABYL, CollectorProcess, collector_process, invite
from wire import canonical
from wire.enrol import enrolment
from wire.times import format_time

PROBE = key(1)


def ask(url: str, raw: bytes | None = None) -> tuple[int, dict[str, Any]]:
    try:
        with urlopen(Request(url, data=raw), timeout=10) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        with error:
            return error.code, json.load(error)


def batch(sequence: int) -> bytes:
    now = format_time(SystemClock().now())
    records = [replace(seen(f"t{n}-{sequence}", probe=PROBE.id), at=now) for n in range(200)]
    return sealed(PROBE, records, sequence)


def enrol(collector: CollectorProcess, folder: Path) -> None:
    raw = canonical.encode(enrolment(PROBE, invite(folder), ASTANA))
    assert ask(collector.url + "/v1/enrol", raw)[0] == 200


def limit_files(process: subprocess.Popen[str], size_bytes: int) -> None:
    """Let no file of the process grow past a size: to it, the disk is full."""
    _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size_bytes, hard))


def test_a_full_disk_is_told_and_gone_when_there_is_room_again(tmp_path: Path) -> None:
    with collector_process(tmp_path) as collector:
        enrol(collector, tmp_path)
        assert ask(collector.url + "/v1/measurements", batch(1))[0] == 200
        limit_files(collector.process, max(path.stat().st_size for path in tmp_path.iterdir()) + 4096)
        taken, refusal = fill_up(collector)
        assert (refusal["error"], refusal["retry"]) == ("storage", True)
        assert ask(collector.url + "/healthz")[0] == 503
        limit_files(collector.process, resource.RLIM_INFINITY)
        wait_until_healthy(collector)
        status, receipt = ask(collector.url + "/v1/measurements", batch(taken + 1))
        assert (status, receipt["high_water"]) == (200, taken + 1)
        assert collector.stop() == 0
    assert contents(tmp_path).total() == taken + 1, "what was refused is not there, what was taken is"


def fill_up(collector: CollectorProcess) -> tuple[int, dict[str, Any]]:
    """Send until one is refused: how many were taken, and the refusal."""
    for sequence in range(2, 200):
        status, answer = ask(collector.url + "/v1/measurements", batch(sequence))
        if status != 200:
            assert status == 503
            return sequence - 1, answer
    raise AssertionError("the disk did not become full")


def wait_until_healthy(collector: CollectorProcess) -> None:
    until = time.monotonic() + 10
    while ask(collector.url + "/healthz")[0] != 200:
        assert time.monotonic() < until, "it does not recover"
        time.sleep(0.1)


def test_it_stops_cleanly_when_asked_to(tmp_path: Path) -> None:
    with collector_process(tmp_path) as collector:
        enrol(collector, tmp_path)
        assert ask(collector.url + "/v1/measurements", batch(1))[0] == 200
        assert collector.stop() == 0
    assert contents(tmp_path).total() == 1
    assert not list(tmp_path.glob("*-wal")), "the log was folded into the database"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["serve", "--data", "{}", "--listen", "nowhere"], "HOST:PORT"),
        (["serve", "--data", "{}", "--listen", "127.0.0.1:70000"], "the port is no number"),
        (["serve", "--data", "{}", "--listen", "203.0.113.1:80"], "cannot listen on 203.0.113.1:80"),
        (["serve"], "--data DIR"),
        (["serve", "--data", "{}", "--config", "{}/missing.toml"], "missing.toml: No such file"),
        (["serve", "--data", "/proc/nowhere"], "/proc/nowhere"),
        (["invite", "--data", "{}", "--expires", "-1"], "an invite lasts"),
        (["revoke", "--data", "{}", "nobody"], "no key of that name"),
    ],
)
def test_bad_input_is_one_line_and_2(tmp_path: Path, arguments: list[str], said: str) -> None:
    filled = [argument.replace("{}", str(tmp_path)) for argument in arguments]
    done = subprocess.run([*DABYL, "collector", *filled], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr


def test_two_collectors_do_not_share_a_folder(tmp_path: Path) -> None:
    with collector_process(tmp_path):
        command = [*DABYL, "collector", "serve", "--data", str(tmp_path), "--listen", "127.0.0.1:0"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "another collector uses this folder" in done.stderr
