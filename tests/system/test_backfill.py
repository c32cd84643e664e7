"""What a cut region kept for three days appears in a real Prometheus at the time when it was measured."""

from __future__ import annotations

import subprocess
from pathlib import Path

from collector.core.times import seconds_of
from dabyl.cli import main
from dabyl.system import SystemClock
from tests.collector.core.scenes import key, seen
from tests.collector.harness import TestClock, running
from tests.servers.prometheus import prometheus

PROBE = key(1)
DAYS_S = 3 * 86_400
EVERY_S = 300


async def spooled(folder: Path, cut: float) -> None:
    """A probe that was cut off for two hours and delivers three days later."""
    clock = TestClock(cut + DAYS_S)
    async with running(folder, clock) as collector:
        await collector.enrol(PROBE)
        records = [
            seen(name, state, probe=PROBE.id, at=cut + number * EVERY_S)  # type: ignore[arg-type]  # a state
            for number in range(24)
            for name, state in (("a", "ok"), ("b", "blocked"))
        ]
        assert (await collector.send(PROBE, records))[0] == 200


def make_blocks(text: Path, folder: Path) -> None:
    command = ["promtool", "tsdb", "create-blocks-from", "openmetrics", str(text), str(folder)]
    subprocess.run(command, check=True, capture_output=True)


async def test_prometheus_shows_a_cut_when_it_was(tmp_path: Path) -> None:
    now = seconds_of(SystemClock().now())
    cut = now - now % 60 - DAYS_S
    await spooled(tmp_path / "data", cut)
    text = tmp_path / "late.om"
    assert main(["collector", "backfill", "--data", str(tmp_path / "data"), "--out", str(text)]) == 0
    for _ in range(2):  # a second time changes nothing
        make_blocks(text, tmp_path / "tsdb")
    (tmp_path / "prometheus.yml").write_text("global: {}\n")
    with prometheus(tmp_path) as server:
        series = 'dabyl_reachability_ratio{region="KZ-71",instance="late"}'
        ((labels, value),) = server.wait_for(f"{series} @ {cut + 3600:.0f}")
        assert (labels["operator"], labels["category"], labels["side"], value) == (
            "AS9198",
            "news",
            "foreign",
            0.5,
        )
        assert server.query(f"{series} @ {cut - 60:.0f}") == []
        ((_, count),) = server.query(f"count_over_time({series}[4d])")
        assert count == 23 * EVERY_S / 60 + 16, "a sample a minute, none twice"
