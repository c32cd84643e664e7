"""`dabyl up` as a person starts it: page, probe, gateway, one folder, a clean end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from tests.servers.processes import free_ports

DABYL = str(Path(sys.executable).parent / "dabyl")
TARGETS = "url,category,name,side\nhttp://127.0.0.1:{port}/healthz,control,own,foreign\n"


class Up:
    """A running `dabyl up`."""

    def __init__(self, folder: Path) -> None:
        self.page, self.sms = (f"127.0.0.1:{port}" for port in free_ports(2))
        targets = folder / "targets.csv"
        targets.write_text(TARGETS.format(port=self.page.partition(":")[2]), encoding="ascii")
        options = ["--data", str(folder / "data"), "--listen", self.page, "--sms-listen", self.sms]
        options += ["--targets", str(targets), "--every", "1", "--timeout", "1", "--region", "KZ-71"]
        self.process = subprocess.Popen([DABYL, "up", *options], stderr=subprocess.PIPE, text=True)

    def get(self, address: str, seconds: float = 10) -> str:
        """What an address answers, once it does."""
        for _ in range(int(seconds * 10)):
            try:
                with urlopen(f"http://{address}", timeout=5) as answer:
                    return str(answer.read().decode())
            except OSError:
                time.sleep(0.1)
        raise TimeoutError(address)

    def until(self, path: str, wanted: str, seconds: float = 10) -> None:
        """Wait until a path of the collector shows something."""
        for _ in range(int(seconds * 10)):
            if wanted in self.get(self.page + path):
                return
            time.sleep(0.1)
        raise TimeoutError(f"{wanted} never stood in {path}")


@contextmanager
def running(folder: Path) -> Iterator[Up]:
    up = Up(folder)
    try:
        yield up
    finally:
        up.process.kill()
        up.process.wait()


def test_one_command_runs_the_whole_and_ends_cleanly(tmp_path: Path) -> None:
    with running(tmp_path) as up:
        assert json.loads(up.get(f"{up.page}/healthz"))["ok"]
        up.until("/v1/status", '"probes_reporting":1')
        text = quote("АШЫЛДЫ 71 379")
        up.get(f"{up.sms}/kannel?from=%2B77011234567&to=1234&text={text}&id=one&charset=UTF-8")
        up.until("/v1/stations", "KZ-71-0379", seconds=5)
        up.until("/?lang=en", "KZ-71-0379", seconds=5)
        up.process.send_signal(signal.SIGINT)
        _, told = up.process.communicate(timeout=15)
        assert up.process.returncode == 0
        assert "the status page is at" in told
        assert "round 1: own line:" in told
        assert told.splitlines()[-1].startswith("dabyl: stopped; everything is kept in")
        assert "Traceback" not in told


def test_a_second_start_remembers_stations_and_probe(tmp_path: Path) -> None:
    for start in range(2):
        with running(tmp_path) as up:
            if not start:
                up.get(
                    f"{up.sms}/kannel?from=%2B77011234567&to=1234&text=OPEN+KZ-71-0379&id=one&charset=UTF-8"
                )
            up.until("/v1/stations", "KZ-71-0379")
            up.until("/v1/status", '"probes_expected":1')
            up.process.send_signal(signal.SIGTERM)
            up.process.communicate(timeout=15)
            assert up.process.returncode == 0


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--listen", "here"], "an address to listen on is HOST:PORT"),
        (["--listen", "127.0.0.1:99999"], "port"),
        (["--sms-listen", "here"], "HOST:PORT"),
        (["--region", "XX-1"], "--region XX-1: none of the regions"),
        (["--every", "never"], "argument --every"),
        (["--targets", "/nowhere.csv"], "/nowhere.csv: No such file"),
        (["--sms-config", "/nowhere.toml"], "/nowhere.toml"),
    ],
)
def test_bad_input_is_one_clear_line(tmp_path: Path, options: list[str], reason: str) -> None:
    base = ["--data", str(tmp_path), "--listen", "127.0.0.1:0", "--sms-listen", "127.0.0.1:0"]
    done = subprocess.run(
        [DABYL, "up", *base, *options], capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 2
    assert reason in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
