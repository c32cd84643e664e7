"""A real Prometheus scrapes a real collector, with our own configuration and rules, and answers about a region."""

from __future__ import annotations

import subprocess
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from msgspec.structs import replace

from dabyl.system import SystemClock
from dashboards import render, write
from tests.collector.core.scenes import ASTANA, STEPS, key, seen
from tests.collector.harness import sealed
from tests.servers.collector import collector_process, invite
from tests.servers.prometheus import prometheus
from wire import canonical
from wire.enrol import Role, enrolment
from wire.records import StationReport
from wire.times import format_time

PROBE, GATEWAY = key(1), key(2)


def post(url: str, raw: bytes) -> None:
    with urlopen(Request(url, data=raw, method="POST"), timeout=10) as answer:
        assert answer.status == 200


def enrol(url: str, folder: Path, number: int, role: Role) -> None:
    token = invite(folder, role)
    post(f"{url}/v1/enrol", canonical.encode(enrolment(key(number), token, ASTANA)))


def fill(url: str, folder: Path) -> None:
    """A probe of Astana that reaches one of two foreign news sites, and one polling station."""
    now = format_time(SystemClock().now())
    enrol(url, folder, 1, "probe")
    enrol(url, folder, 2, "gateway")
    records = [
        seen("a", probe=PROBE.id, steps=STEPS),
        seen("b", "likely_blocked", "tls.reset.sni", probe=PROBE.id, steps=STEPS),
    ]
    post(f"{url}/v1/measurements", sealed(PROBE, [replace(record, at=now) for record in records]))
    report = StationReport(id="r", station="KZ-71-0379", kind="power", value="off", at=now)
    post(f"{url}/v1/reports", sealed(GATEWAY, [report], purpose="dabyl/v1/report"))


def configured(folder: Path, collector: str) -> Path:
    """Our own files, scraping every second so that the test need not wait for 15 s and 60 s."""
    write(render(collector), folder)
    file = folder / "prometheus" / "prometheus.yml"
    text = file.read_text()
    file.write_text(text.replace(": 15s", ": 1s").replace(": 60s", ": 1s"))
    return file.parent


def test_prometheus_answers_about_a_region(tmp_path: Path) -> None:
    settings = tmp_path / "collector.toml"
    settings.write_text("publish_from = 1\n")
    with collector_process(tmp_path / "data", "--config", str(settings)) as collector:
        fill(collector.url, tmp_path / "data")
        with prometheus(configured(tmp_path, collector.url)) as server:
            ((labels, value),) = server.wait_for('dabyl_reachability_ratio{region="KZ-71"}')
            assert (labels["operator"], labels["category"], labels["side"], value) == (
                "AS9198",
                "news",
                "foreign",
                0.5,
            )
            ((_, stations),) = server.wait_for('dabyl_stations{region="KZ-71",state="trouble"}')
            assert stations == 1
            ((_, code),) = server.wait_for('dabyl_station_state_code{station="KZ-71-0379"}')
            assert code == 2
            ((labels, value),) = server.wait_for('region_operator:dabyl_reachability:ratio{region="KZ-71"}')
            assert (labels["operator"], value) == ("AS9198", 0.5)
            ((labels, _),) = server.wait_for("dabyl_build_info")
            assert labels["component"] == "collector"


@pytest.mark.parametrize("path", ["/metrics", "/metrics/stations"])
def test_promtool_finds_nothing_wrong_with_the_metrics(tmp_path: Path, path: str) -> None:
    with collector_process(tmp_path) as collector:
        fill(collector.url, tmp_path)
        with urlopen(collector.url + path, timeout=10) as answer:
            text = answer.read()
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")
