"""What a cut region kept for three days appears in a real Prometheus at the time when it was measured."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest

from collector.core.times import seconds_of
from dabyl.cli import main
from dabyl.system import SystemClock
from dashboards.prometheus import LATE_SAMPLES
from tests.collector.core.scenes import key, seen
from tests.collector.harness import TestClock, running
from tests.servers.prometheus import prometheus

PROBE = key(1)
DAYS_S = 3 * 86_400
EVERY_S = 300
BACKFILL = ["collector", "backfill", "--publish-from", "1", "--data"]


async def spooled(folder: Path, cut: float, late_s: float = DAYS_S) -> None:
    """A probe that was cut off for two hours and delivers late."""
    clock = TestClock(cut + late_s)
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
    assert main([*BACKFILL, str(tmp_path / "data"), "--out", str(text)]) == 0
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


def with_a_head_at_now(folder: Path) -> None:
    """Our own window, and a rule that writes now, so that all that is sent is out of order."""
    rule = "groups: [{name: now, interval: 1s, rules: [{record: now_tick, expr: vector(1)}]}]\n"
    (folder / "rules.yml").write_text(rule)
    window = f"storage: {{tsdb: {{out_of_order_time_window: {LATE_SAMPLES}}}}}\n"
    (folder / "prometheus.yml").write_text(f"{window}rule_files: [rules.yml]\n")


@pytest.mark.parametrize(("late_s", "taken"), [(20 * 3600, True), (DAYS_S, False)])
async def test_remote_write_reaches_as_far_as_the_window(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], late_s: int, taken: bool
) -> None:
    now = seconds_of(SystemClock().now())
    cut = now - now % 60 - late_s
    await spooled(tmp_path / "data", cut, late_s)
    with_a_head_at_now(tmp_path)
    with prometheus(tmp_path, "--web.enable-remote-write-receiver") as server:
        await asyncio.to_thread(server.wait_for, "now_tick")
        url = f"{server.url}/api/v1/write"

        def send() -> tuple[int, str]:
            status = main([*BACKFILL, str(tmp_path / "data"), "--to", url])
            return status, "".join(capsys.readouterr())

        a_series = 23 * EVERY_S // 60 + 16
        if not taken:
            status, said = await asyncio.to_thread(send)
            assert (status, said.startswith(f"{4 * a_series} samples refused: ")) == (1, True), said
            return
        for _ in range(2):  # a second time changes nothing
            assert await asyncio.to_thread(send) == (0, f"{4 * a_series} samples taken\n")
        series = 'dabyl_reachability_ratio{region="KZ-71",instance="late"}'
        ((_, value),) = server.query(f"{series} @ {cut + 3600:.0f}")
        assert value == 0.5
        ((_, count),) = server.query(f"count_over_time({series}[2d])")
        assert count == a_series, "none twice"


def test_nobody_at_the_url_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(spooled(tmp_path, 1_795_000_000.0))
    command = [*BACKFILL, str(tmp_path), "--to"]
    assert main([*command, "http://127.0.0.1:1/api/v1/write"]) == 2
    assert main([*command, "no url"]) == 2
    assert capsys.readouterr().err.count("dabyl: the samples cannot be sent: ") == 2
