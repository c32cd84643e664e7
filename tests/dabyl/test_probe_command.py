"""`dabyl probe` as a person meets it: one round, bad input, consent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dabyl import cli
from dabyl.commands import measuring
from probes.observe import bait
from tests.servers.background import in_background
from tests.servers.deaf import say_nothing, saying, talking
from tests.servers.names import NameServer, Zone, name_server
from tests.servers.processes import free_ports
from wire import canonical
from wire.records import Measurement, Target
from wire.targets import Row

BODY = b"<title>Hello</title>"
PAGE = saying(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY))
HEAD = "url,category,name,side\n"


@pytest.fixture(autouse=True)
def _stay_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """No packet leaves loopback: neither bait nor a public resolver."""
    monkeypatch.setattr(bait, "ADDRESSES", ())
    monkeypatch.setattr(measuring, "PUBLIC_RESOLVERS", ("127.0.0.1:9",))


@pytest.fixture
def page() -> Iterator[str]:
    with in_background(talking(PAGE)) as port:
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture
def resolver() -> Iterator[NameServer]:
    with in_background(name_server({"site.test": Zone(v4=("127.0.0.1",))})) as server:
        yield server


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit status, output, errors."""
    try:
        status = cli.main(["probe", *words])
    except SystemExit as end:
        status = int(end.code or 0)
    got = capsys.readouterr()
    return status, got.out, got.err


def measurements(output: str) -> list[Measurement]:
    return [canonical.Decoder(Measurement)(line.encode()) for line in output.splitlines()]


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_round_is_printed_as_lines_in_the_order_of_the_targets(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, page: str
) -> None:
    (closed,) = free_ports(1)
    rows = f"{page},kz,one,domestic\ntcp://127.0.0.1:{closed},bank,two,\n"
    status, out, err = run(
        capsys, "check", "--targets", write(tmp_path / "t.csv", HEAD + rows), "--format", "jsonl",
        "--region", "KZ-71", "--asn", "as9198", "--access", "mobile",
    )  # fmt: skip
    one, two = measurements(out)
    assert (status, err) == (0, "")
    assert (one.target.id, two.target.id) == ("one", "two")
    assert (one.probe, one.received_at, one.network.asn) == ("local", None, "AS9198")
    assert (one.network.region, one.network.access) == ("KZ-71", "mobile")
    assert one.steps[1].title == "Hello"
    assert two.verdict.state == "insufficient"


def test_a_round_is_a_table_for_people(capsys: pytest.CaptureFixture[str], tmp_path: Path, page: str) -> None:
    status, out, _ = run(capsys, "check", "--targets", write(tmp_path / "t.csv", f"{HEAD}{page},kz,one,\n"))
    assert status == 0
    assert out.splitlines()[0].startswith("own line: 1 of 1 targets answered")
    assert "cannot be said" in out
    assert "\x1b" not in out


def test_the_output_of_one_round_is_the_control_of_the_next(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, page: str
) -> None:
    targets = write(tmp_path / "t.csv", f"{HEAD}{page},kz,one,\n")
    _, lines, _ = run(capsys, "check", "--targets", targets, "--format", "jsonl")
    control = write(tmp_path / "control.jsonl", lines)
    _, out, _ = run(capsys, "check", "--targets", targets, "--format", "jsonl", "--control", control)
    assert [one.verdict.rule for one in measurements(out)] == ["works_as_control"]


def test_the_resolver_that_is_given_is_asked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, page: str, resolver: NameServer
) -> None:
    url = page.replace("127.0.0.1", "site.test")
    targets = write(tmp_path / "t.csv", f"{HEAD}{url},kz,,\n")
    _, out, _ = run(
        capsys, "check", "--targets", targets, "--resolver", f"127.0.0.1:{resolver.port}", "--format", "jsonl"
    )
    (one,) = measurements(out)
    assert one.target.id == "site.test"
    assert one.steps[0].resolver == "127.0.0.1"
    assert [step.status for step in one.steps if step.step == "http"] == [200]


def test_anchors_are_measured_beside_a_url_by_hand_and_not_printed(
    capsys: pytest.CaptureFixture[str], page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = [
        Target(id="anchor", url=f"{page}anchor", category="control", side="foreign"),
        *(Target(id=f"d{n}", url=f"{page}d{n}", category="egov", side="domestic") for n in range(9)),
    ]
    monkeypatch.setattr(measuring, "default_rows", lambda _: [Row(one, sensitive=False) for one in shipped])
    _, out, _ = run(capsys, "check", page, "--format", "jsonl")
    (one,) = measurements(out)
    line = one.steps[-1]
    assert (line.tried, line.ok, line.domestic_tried, line.foreign_tried) == (5, 5, 3, 1)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--targets", "none.csv"), "none.csv: No such file or directory"),
        (("--targets", "broken.csv"), "broken.csv:3: category 'nonsense'"),
        (("--targets", "port.csv"), "port.csv:2: tcp://site.test:99999"),
        (("--targets", "noport.csv"), "noport.csv: tcp://site.test: there is no host or no port in it"),
        (("--targets", "header.csv"), "header.csv:1: the header has no column 'url'"),
        (("--targets", "latin.csv"), "latin.csv: not UTF-8"),
        (("ftp://site.test/",), "no prober for 'ftp'"),
        (("https://site.test:0/",), "port 0"),
        (("tls://site.test",), "no port"),
        (("dns://1.1.1.1",), "no name to ask for"),
        (("https://a..kz/",), "label"),
        (("--targets", "good.csv", "--resolver", "dns.example"), "--resolver dns.example"),
        (("--targets", "good.csv", "--control", "control.jsonl"), "control.jsonl:2: "),
        (("--targets", "good.csv", "--control", "none.jsonl"), "none.jsonl: No such file"),
        (("--targets", "good.csv", "--timeout", "0"), "'0' is no number of seconds"),
        (("--targets", "good.csv", "--timeout", "nan"), "'nan' is no number of seconds"),
        (("--targets", "good.csv", "--concurrency", "0"), "'0' is no number from 1"),
        (("--targets", "good.csv", "--region", "KZ-99"), "--region KZ-99"),
        (("--targets", "good.csv", "--asn", "Kazakhtelecom"), "--asn Kazakhtelecom"),
        (("--format", "xml"), "invalid choice"),
    ],
)
def test_bad_input_is_one_clear_line(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    reason: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "good.csv", f"{HEAD}tcp://127.0.0.1:9,kz,,\n")
    write(tmp_path / "broken.csv", f"{HEAD}tcp://127.0.0.1:9,kz,,\ntcp://127.0.0.1:8,nonsense,,\n")
    write(tmp_path / "port.csv", f"{HEAD}tcp://site.test:99999,kz,,\n")
    write(tmp_path / "noport.csv", f"{HEAD}tcp://site.test,kz,,\n")
    write(tmp_path / "header.csv", "link,category\n")
    write(tmp_path / "control.jsonl", "\n{}\n")
    (tmp_path / "latin.csv").write_bytes(HEAD.encode() + b"https://\xe9.kz/,kz,,\n")
    status, out, err = run(capsys, "check", *words)
    assert (status, out) == (2, "")
    assert err.startswith("dabyl: ")
    assert reason in err
    assert err.count("\n") == 1


def test_authorities_that_are_not_there_are_bad_input(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    targets = write(tmp_path / "t.csv", f"{HEAD}tcp://127.0.0.1:9,kz,,\n")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    assert "SSL_CERT_FILE" in run(capsys, "check", "--targets", targets)[2]
    monkeypatch.setenv("SSL_CERT_FILE", write(tmp_path / "empty.pem", "nothing"))
    assert run(capsys, "check", "--targets", targets)[0] == 2


def test_what_would_be_contacted_is_listed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    targets = write(tmp_path / "t.csv", f"{HEAD}tcp://127.0.0.1:9,kz,,\n")
    status, out, _ = run(capsys, "what", "--targets", targets, "--collector", "http://127.0.0.1:8")
    assert status == 0
    for place in ("target tcp://127.0.0.1:9", "collector http://127.0.0.1:8", "127.0.0.1: names in doubt"):
        assert place in out
    for limit in ("60 connections a minute", "50 MB of data a day", "32768 bytes of a page", "on battery"):
        assert limit in out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "nothing was contacted; --yes agrees beforehand"),
        (("--collector", "ftp://x"), "--collector ftp://x"),
        (("--collector", "http://x:99999"), "--collector http://x:99999"),
        (("--invite", "short"), "--invite"),
        (("--every", "0.5"), "'0.5' is no number of seconds"),
        (("--budget", "-1"), "'-1' is no number of megabytes"),
        (("--battery-low", "101"), "'101' is no number from 0 to 100"),
    ],
)
def test_a_probe_does_not_run_without_consent_or_on_bad_input(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: tuple[str, ...], reason: str
) -> None:
    targets = write(tmp_path / "t.csv", f"{HEAD}tcp://127.0.0.1:9,kz,,\n")
    data = tmp_path / "data"
    status, _, err = run(
        capsys, "run", "--targets", targets, "--data", str(data), "--collector", "http://127.0.0.1:8", *words
    )
    assert status == 2
    assert reason in err.splitlines()[-1]
    assert not data.exists()


def test_a_purge_asks_first(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(bytes(32))
    assert "nothing was removed" in run(capsys, "purge", "--data", str(tmp_path))[2]
    assert run(capsys, "purge", "--data", str(tmp_path), "--yes")[0] == 0
    assert not tmp_path.exists()
    assert "no probe has kept anything here" in run(capsys, "purge", "--data", str(tmp_path), "--yes")[2]


def test_help_loads_nothing_that_measuring_needs() -> None:
    heavy = ("aiohttp", "OpenSSL", "dns", "httptools", "uvloop", "cryptography")
    code = f"import sys, dabyl.cli as c; c.make_parser(); print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_ctrl_c_ends_a_round_cleanly(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with in_background(talking(say_nothing)) as port:
        targets = write(tmp_path / "t.csv", f"{HEAD}http://127.0.0.1:{port}/,kz,,\n")
        interrupt = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
        interrupt.start()
        status, out, err = run(capsys, "check", "--targets", targets, "--timeout", "60")
    assert (status, out, err) == (130, "", "")
