"""A vantage fills the control table; a probe fetches it, and judges by it when the collector is gone."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from probes.core.spool_names import TEMPORARY
from tests.servers.collector import DABYL as MODULE
from tests.system.lonely import DABYL, Lonely, lonely
from tests.system.test_probe_bare import HEAD, page
from wire.batch import measurements, take_apart
from wire.records import Measurement

COLLECTOR = "http://127.0.0.1:8080"
ROWS = "http://127.0.0.1:8080/healthz,control,own,foreign\ntcp://127.0.0.1:8000,news,site,foreign\n"


@contextmanager
def going_on(place: Lonely, *argv: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(place.argv(*argv), stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def until(place: Lonely, path: str, wanted: str, seconds: float = 30) -> str:
    """What a path of the collector says, once it says what is wanted."""
    said = ""
    for _ in range(int(seconds * 5)):
        asked = subprocess.run(
            place.argv("curl", "-sf", COLLECTOR + path), capture_output=True, text=True, check=False
        )
        if wanted in (said := asked.stdout):
            return said
        time.sleep(0.2)
    raise TimeoutError(f"{wanted} never stood in {path}: {said[-500:]}")


def invite(folder: Path, role: str) -> str:
    command = [*MODULE, "collector", "invite", "--data", str(folder), "--role", role]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def run_probe(folder: Path, name: str, *options: str) -> list[str]:
    data = str(folder / name)
    given = ["--collector", COLLECTOR, "--data", data, "--targets", str(folder / "targets.csv")]
    return [DABYL, "probe", "run", *given, "--every", "1", "--timeout", "1", "--yes", *options]


def kept(folder: Path, name: str) -> list[Measurement]:
    """What waits in a probe's spool."""
    files = sorted(file for file in (folder / name / "spool").iterdir() if not file.name.endswith(TEMPORARY))
    return [one for file in files for one in measurements(take_apart(file.read_bytes()))]


def until_kept(folder: Path, name: str, target: str, seconds: float = 40) -> list[Measurement]:
    """What waits of one target, once there is something."""
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        if found := [one for one in kept(folder, name) if one.target.id == target]:
            return found
        time.sleep(0.5)
    return []


def test_a_probe_judges_by_the_vantages_table_after_the_cut(tmp_path: Path) -> None:
    (tmp_path / "targets.csv").write_text(HEAD + ROWS, encoding="ascii")
    data = tmp_path / "collector"
    with lonely(loopback=True) as alone:
        serve = [DABYL, "collector", "serve", "--data", str(data), "--listen", "127.0.0.1:8080"]
        with going_on(alone, *serve):
            until(alone, "/healthz", "true")
            with page(alone), going_on(alone, *run_probe(tmp_path, "v", "--invite", invite(data, "vantage"))):
                table = until(alone, "/v1/control", '"id":"site"')
            # The site is gone for this probe alone: it sees what a blocked one sees.
            with going_on(alone, *run_probe(tmp_path, "p", "--invite", invite(data, "probe"))):
                until(
                    alone,
                    "/metrics",
                    'category="news",operator="AS0",region="unknown",state="likely_blocked"',
                )
        vantage = {json.loads(line)["probe"] for line in table.splitlines()}
        with page(alone), going_on(alone, *run_probe(tmp_path, "p")):
            found = until_kept(tmp_path, "p", "own")
    assert found, "nothing was measured after the cut"
    last = found[-1].verdict
    assert (last.state, last.rule) == ("likely_blocked", "fails_here_only")
    assert isinstance(last.controls, tuple)
    assert {one.partition("@")[0] for one in last.controls} == vantage
