"""`dabyl probe beacon` and `dabyl probe ports` as people use them: two processes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.probes.test_ports import LOCAL, free_port


def dabyl(*words: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "dabyl", "probe", *words]
    return subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)


class Standing:
    """A beacon that runs, and what it printed."""

    def __init__(self, port: int, public: str) -> None:
        self.port = port
        self.public = public

    def search(self, *words: str) -> subprocess.CompletedProcess[str]:
        return dabyl("ports", "--beacon", LOCAL, "--key", self.public, "--timeout", "2", *words)


@pytest.fixture(scope="module")
def beacon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    port, key = free_port(), tmp_path_factory.mktemp("beacon") / "beacon.key"
    argv = [
        sys.executable, "-m", "dabyl", "probe", "beacon",
        "--listen", LOCAL, "--ports", str(port), "--key", str(key),
    ]  # fmt: skip
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said.startswith("public key ")
        assert key.stat().st_mode & 0o777 == 0o600
        yield Standing(port, said.split()[-1])
        process.terminate()


def test_open_and_closed_ports_are_told_apart(beacon: Standing) -> None:
    closed = free_port()
    done = beacon.search("--tcp", f"{beacon.port},{closed}", "--udp", str(beacon.port))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"open           {beacon.port}/tcp {beacon.port}/udp\nclosed         {closed}/tcp\n"


def test_a_measurement_a_line(beacon: Standing) -> None:
    done = beacon.search("--tcp", str(beacon.port), "--udp", "", "--format", "jsonl", "--asn", "AS9198")
    (record,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert record["target"]["id"] == f"port/tcp/{beacon.port}"
    assert record["verdict"] == {"state": "ok", "stage": None, "mechanism": None, "rule": "port_search"}
    assert record["network"]["asn"] == "AS9198"
    assert [step["step"] for step in record["steps"]] == ["tcp", "beacon"]


def test_a_small_budget_tries_little(beacon: Standing) -> None:
    assert beacon.search("--tcp", str(beacon.port), "--budget", "10").stdout == "nothing was tried\n"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("ports", "--beacon", LOCAL, "--key", "AAAA"), "dabyl: --key AAAA: a public key has 32 bytes"),
        (("ports", "--beacon", LOCAL, "--key", "?"), "dabyl: --key ?: not URL-safe base64"),
        (("ports", "--beacon", LOCAL, "--key", "A" * 43, "--tcp", "x"), "dabyl: 'x' is no port"),
        (("ports", "--beacon", "nowhere.invalid", "--key", "k" * 43), "dabyl: nowhere.invalid: no address"),
        (
            ("ports", "--beacon", LOCAL, "--key", "k" * 43, "--budget", "0"),
            "dabyl: argument --budget: '0' is no",
        ),
        (
            ("beacon", "--listen", "192.0.2.7", "--ports", "5", "--key", "{key}"),
            "dabyl: tcp port 5 at 192.0.2.7",
        ),
        (("beacon", "--listen", LOCAL, "--key", "/nowhere/at/all"), "dabyl: /nowhere/at/all: "),
    ],
)
def test_bad_input_is_one_clear_line(tmp_path: Path, words: tuple[str, ...], line: str) -> None:
    done = dabyl(*(word.format(key=tmp_path / "key") for word in words))
    assert done.returncode == 2
    assert done.stderr.startswith(line)
    assert done.stderr.count("\n") == 1


def test_a_broken_key_file_is_one_clear_line(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(b"short")
    done = dabyl("beacon", "--listen", LOCAL, "--key", str(key))
    assert (done.returncode, done.stderr) == (2, f"dabyl: {key}: not a key of 32 bytes\n")
