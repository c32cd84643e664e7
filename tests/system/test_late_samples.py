"""A running collector brings what came late to a real Prometheus and a real VictoriaMetrics, at the time when it was measured."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from collector.core.times import seconds_of
from collector.serve import Collector
from collector.settings import Late
from dabyl.system import SystemClock
from dashboards.prometheus import LATE_SAMPLES
from tests.collector.late_scenes import PROBES, Cut, total
from tests.servers.prometheus import Prometheus, prometheus
from tests.servers.victoria import victoria_metrics

DAY_S = 86_400.0
EVERY_MIN = 5
LASTED_MIN = 120
MINUTES = LASTED_MIN - EVERY_MIN + 16  # of each series: 24 rounds, and what the window remembers
SERIES = 'dabyl_reachability_ratio{region="KZ-71",instance=~"late.*"}'


class Now(Cut):
    """Probes that were cut off for two hours, so long ago, by the machine's own clock."""

    def __init__(self, folder: Path, late: Late, ago_s: float) -> None:
        super().__init__(folder, late)
        now = seconds_of(SystemClock().now())
        self.start = now - now % 60 - ago_s
        self.clock.seconds = now

    async def spool(self, collector: Collector) -> None:
        for number in PROBES:
            await self.deliver(collector, number, *range(0, LASTED_MIN, EVERY_MIN))
        self.clock.seconds += 301


def shows_the_cut(server: Prometheus, start: float, *, days: int) -> None:
    ((labels, value),) = server.wait_for(f"{SERIES} @ {start + 3600:.0f}")
    assert (labels["operator"], labels["instance"], value) == ("AS9198", "late", 1.0)
    assert server.query(f"{SERIES} @ {start - 60:.0f}") == []
    ((_, count),) = server.query(f"count_over_time({SERIES}[{days}d])")
    assert count == MINUTES, "a sample a minute, none twice"


def configure(folder: Path) -> None:
    """Our own window, and a rule that writes now, so that all that is sent is out of order."""
    rule = "groups: [{name: now, interval: 1s, rules: [{record: now_tick, expr: vector(1)}]}]\n"
    (folder / "rules.yml").write_text(rule)
    window = f"storage: {{tsdb: {{out_of_order_time_window: {LATE_SAMPLES}}}}}\n"
    (folder / "prometheus.yml").write_text(f"{window}rule_files: [rules.yml]\n")


async def brought_twice(cut: Now) -> int:
    """Bring it, and again after a kill behind the delivery: the folder is put back to where nothing had left."""
    async with cut.collector() as collector:
        await cut.enrol(collector)
        await cut.spool(collector)
    saved = cut.folder.with_name("saved")
    shutil.copytree(cut.folder, saved)
    async with cut.collector() as collector:
        await collector.courier.turn()
        first = collector.live.totals.late.copy()
    shutil.rmtree(cut.folder)
    shutil.move(saved, cut.folder)
    async with cut.collector() as collector:
        await collector.courier.turn()
        assert collector.live.totals.late == first
        return total(collector, "remote_write", "taken")


async def test_a_cut_of_yesterday_appears_in_prometheus_by_remote_write(tmp_path: Path) -> None:
    configure(tmp_path)
    with prometheus(tmp_path, "--web.enable-remote-write-receiver") as server:
        await asyncio.to_thread(server.wait_for, "now_tick")
        cut = Now(tmp_path / "data", Late(remote_write=f"{server.url}/api/v1/write"), DAY_S)
        assert await brought_twice(cut) == 4 * MINUTES
        await asyncio.to_thread(shows_the_cut, server, cut.start, days=2)


async def test_what_is_older_than_the_window_appears_in_prometheus_as_blocks(tmp_path: Path) -> None:
    configure(tmp_path)
    (tmp_path / "tsdb").mkdir()
    with prometheus(tmp_path, "--web.enable-remote-write-receiver") as server:
        await asyncio.to_thread(server.wait_for, "now_tick")
        late = Late(remote_write=f"{server.url}/api/v1/write", blocks=str(tmp_path / "tsdb"))
        cut = Now(tmp_path / "data", late, 6 * DAY_S)
        assert await brought_twice(cut) == 0
    with prometheus(
        tmp_path
    ) as server:  # a new start takes blocks up at once, a running one within a minute or two
        await asyncio.to_thread(shows_the_cut, server, cut.start, days=7)


async def test_a_window_that_is_set_too_wide_costs_nothing(tmp_path: Path) -> None:
    """What Prometheus calls too old goes to blocks in the same turn."""
    configure(tmp_path)
    (tmp_path / "tsdb").mkdir()
    with prometheus(tmp_path, "--web.enable-remote-write-receiver") as server:
        await asyncio.to_thread(server.wait_for, "now_tick")
        url = f"{server.url}/api/v1/write"
        late = Late(remote_write=url, blocks=str(tmp_path / "tsdb"), window_s=30 * DAY_S)
        cut = Now(tmp_path / "data", late, 6 * DAY_S)
        async with cut.collector() as collector:
            await cut.enrol(collector)
            await cut.spool(collector)
            await collector.courier.turn()
            assert (
                total(collector, "remote_write", "too_old")
                == total(collector, "blocks", "taken")
                == 4 * MINUTES
            )


@pytest.mark.parametrize("days", [1, 40])
async def test_victoria_metrics_takes_any_age_by_remote_write(tmp_path: Path, days: int) -> None:
    with victoria_metrics(tmp_path) as server:
        late = Late(remote_write=f"{server.url}/api/v1/write", window_s=3650 * DAY_S)
        await asyncio.to_thread(server.wait_for, "vector(1)")
        cut = Now(tmp_path / "data", late, days * DAY_S)
        assert await brought_twice(cut) == 4 * MINUTES
        server.flush()
        await asyncio.to_thread(shows_the_cut, server, cut.start, days=days + 1)
