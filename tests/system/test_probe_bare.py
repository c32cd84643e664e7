"""A probe that has nothing: no rights, no network, no IPv6, no control. It runs and says what it could not know."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.system.lonely import DABYL, Lonely, lonely

HEAD = "url,category,name,side\n"
SILENT = "203.0.113.1"  # nobody has it, and there is no way to it
SERVER = """
import http.server, socketserver
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"<title>here</title>")
    def log_message(self, *_): pass
socketserver.TCPServer.allow_reuse_address = True
server = socketserver.ThreadingTCPServer(("127.0.0.1", 8000), Page)
print("ready", flush=True)
server.serve_forever()
"""


def check(place: Lonely, folder: Path, rows: str, *options: str) -> list[dict[str, Any]]:
    folder.chmod(0o755)
    file = folder / "targets.csv"
    file.write_text(HEAD + rows, encoding="ascii")
    command = [DABYL, "probe", "check", "--targets", str(file), "--timeout", "1", "--format", "jsonl"]
    done = place.as_nobody(*command, *options)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def line_of(record: dict[str, Any]) -> dict[str, Any]:
    (line,) = [step for step in record["steps"] if step["step"] == "line"]
    return dict(line)


@contextmanager
def page(place: Lonely) -> Iterator[None]:
    server = subprocess.Popen(place.argv(sys.executable, "-c", SERVER), stdout=subprocess.PIPE)
    try:
        assert server.stdout is not None
        assert server.stdout.readline() == b"ready\n"
        yield
    finally:
        server.kill()
        server.communicate()


def test_without_any_network_the_shipped_round_runs_and_accuses_nobody() -> None:
    with lonely(loopback=False) as nowhere:
        done = nowhere.as_nobody(DABYL, "probe", "check", "--timeout", "2", "--format", "jsonl")
        assert done.returncode == 0, done.stderr
        records = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(records) > 100
    assert {one["verdict"]["state"] for one in records} == {"insufficient"}
    assert {one["verdict"]["mechanism"] for one in records} == {"line.down"}
    assert line_of(records[0])["mode"] == "down"


def test_without_any_network_a_person_is_told_so_and_why() -> None:
    with lonely(loopback=False) as nowhere:
        done = nowhere.as_nobody(DABYL, "probe", "check", "--explain", "--timeout", "1", "site.example")
    assert done.returncode == 0
    assert done.stdout.startswith("own line: down: none of ")
    assert "site.example  cannot be said  line.down" in done.stdout
    assert "Rule own_line_down: Nothing at all was reached in the whole round." in done.stdout


def test_without_root_raw_packets_are_not_seen_and_the_record_says_so(tmp_path: Path) -> None:
    with lonely(loopback=True) as alone:
        (record,) = check(alone, tmp_path, "https://nobody.example/,news,nobody,foreign\n", "--packets")
    packets = [step for step in record["steps"] if step["step"] == "packet"]
    assert packets
    assert all(step["failure"] for step in packets)
    assert record["verdict"]["state"] == "insufficient"


def test_without_ipv6_a_target_of_ipv6_alone_is_not_judged(tmp_path: Path) -> None:
    rows = "http://127.0.0.1:8000/,kz,page,domestic\ntcp://[2001:4860::1]:443,news,six,foreign\n"
    with lonely(loopback=True) as alone, page(alone):
        _, six = check(alone, tmp_path, rows)
    assert (six["verdict"]["state"], six["verdict"]["rule"]) == ("insufficient", "own_ipv6_broken")
    assert line_of(six)["ipv6"] == "no"


@pytest.mark.parametrize("family", ["yes", "no"])
def test_without_a_control_it_says_that_nobody_told(tmp_path: Path, family: str) -> None:
    rows = f"http://127.0.0.1:8000/,kz,page,domestic\ntcp://{SILENT}:443,news,gone,foreign\n"
    with lonely(loopback=True) as alone, page(alone):
        if family == "no":
            off = alone.argv("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1")
            subprocess.run(off, check=True)
        here, gone = check(alone, tmp_path, rows)
    assert (here["verdict"]["state"], here["verdict"]["rule"]) == ("insufficient", "page_without_control")
    assert (gone["verdict"]["state"], gone["verdict"]["rule"]) == ("insufficient", "no_control")
    assert gone["verdict"]["mechanism"] == "ip.unreachable"
    assert "ipv6" not in line_of(gone)
