"""The real collector under the replay's clock: everything delivered is taken, counted once, and told."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path
from urllib.request import urlopen

import numpy as np
import pytest

from collector.evidence import check
from dabyl.replay import Course, Habits, part, read_script
from dabyl.replay import crowd as crowd_of
from dabyl.replay.crowd import gather
from dabyl.replay.rounds import simulate
from dabyl.replay.script import STEP_S, Script
from dabyl.replay.speaking import speakers, spoken
from dabyl.replay.stage import ReplayClock, Stage, stage
from dabyl.system import SystemClock
from tests.collector.harness import TestRandomness
from tests.collector.late_scenes import receiver
from wire.errors import BadInput
from wire.times import epoch_seconds

CYCLE_S = 600.0
HABITS = Habits(liars=0.05, cycle_s=CYCLE_S)


def hours(first: str, last: str) -> Script:
    return part(read_script(), *(epoch_seconds(f"2022-01-{time}:00.000Z") for time in (first, last)))


class Fed:
    """A part of the script, played on a stage."""

    def __init__(self, script: Script, probes: int) -> None:
        self.script, chance = script, np.random.default_rng(1)
        crowd = gather(probes, HABITS, chance)
        self.rounds, self.voices = simulate(script, crowd, CYCLE_S, chance), speakers(crowd, 1)
        self.end = script.start + script.steps * STEP_S

    async def to(self, fed: Stage) -> None:
        await fed.enrol(self.voices, TestRandomness(3))
        await fed.feed(spoken(self.rounds, self.voices), self.end)

    def batches(self) -> int:
        """Those that arrive in time, repeats among them."""
        return sum(1 + twice for arrival, _, twice in self.rounds.batches() if arrival <= self.end)


async def test_a_national_cut_is_told_and_everything_counts_once(tmp_path: Path) -> None:
    script = hours("05T08:00", "05T18:30")
    story = Fed(dataclasses.replace(script, messengers=script.messengers | True, mobile=script.fixed), 32)
    async with stage(story.script.start, Course(folder=tmp_path), SystemClock(), TestRandomness()) as fed:
        await story.to(fed)
        told = [one.incident for one in fed.collector.live.incidents.last()]
        assert fed.batches == story.batches()
        assert sum(fed.collector.live.totals.rejected.values()) == 0
        counted = fed.collector.live.totals.measurements.total()
        tally, differing = await asyncio.to_thread(check, tmp_path)
    assert (differing, tally.faults) == ([], []), "the archive gives the same state"
    assert counted == tally.measurements.total()
    assert tally.archived > 0, "the archive was at work"
    (cut,) = [one for one in told if one.kind == "connectivity_loss" and one.scope.level == "national"]
    assert abs(epoch_seconds(cut.started_at) - epoch_seconds("2022-01-05T10:30:00.000Z")) < 300
    assert cut.ended_at is not None
    assert abs(epoch_seconds(cut.ended_at) - epoch_seconds("2022-01-05T17:30:00.000Z")) < 900


async def test_page_and_metrics_can_be_asked_while_it_runs_at_its_own_speed(tmp_path: Path) -> None:
    story = Fed(hours("04T06:00", "04T07:00"), 10)
    told: list[str] = []
    course = Course(folder=tmp_path, listen="127.0.0.1:0", speed=3600.0, shown=told.append)
    clock = SystemClock()
    async with asyncio.timeout(60), stage(story.script.start, course, clock, TestRandomness()) as fed:
        began = clock.monotonic()
        async with asyncio.TaskGroup() as group:
            group.create_task(story.to(fed))
            text = ""
            while "dabyl_batches_total{" not in text:
                page, text = await asyncio.to_thread(asked, told[0])
        took_s = clock.monotonic() - began
    assert "2022" in page, "the replay's own time"
    assert took_s > 0.9, "an hour in a second, not faster"


def asked(url: str) -> tuple[str, str]:
    with urlopen(f"{url}/?lang=en", timeout=5) as page, urlopen(f"{url}/metrics", timeout=5) as metrics:
        return page.read().decode(), metrics.read().decode()


@pytest.fixture
def one_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few probes are enough to be three in each region."""
    monkeypatch.setattr(crowd_of, "NETWORKS", (("AS9198", "fixed"),))


async def test_late_figures_go_out_with_the_replays_times(tmp_path: Path, one_network: None) -> None:
    story = Fed(hours("05T16:30", "05T19:00"), 80)
    async with receiver() as taker:
        course = Course(folder=tmp_path, remote_write=taker.url)
        async with stage(story.script.start, course, SystemClock(), TestRandomness()) as fed:
            await story.to(fed)
        times = sorted(one.at_ms / 1000 for one in taker.samples)
        assert times, "something was late"
        assert times[0] >= epoch_seconds("2022-01-05T16:30:00.000Z")
        assert times[-1] <= epoch_seconds("2022-01-05T18:00:00.000Z")
        down = [one.value for one in taker.samples if one.name == "dabyl_line_down_ratio"]
        assert (min(down) > 0.5, max(down)) == (True, 1.0), "but for a liar, all say that they were cut off"


async def test_a_server_that_does_not_answer_ends_the_replay_in_one_line(
    tmp_path: Path, one_network: None
) -> None:
    story = Fed(hours("05T16:30", "05T19:00"), 80)
    course = Course(folder=tmp_path, remote_write="http://127.0.0.1:9/")
    async with stage(story.script.start, course, SystemClock(), TestRandomness()) as fed:
        with pytest.raises(BadInput, match="late figures cannot be sent"):
            await story.to(fed)


def test_the_replays_clock_stands_where_it_is_put() -> None:
    clock = ReplayClock(0.0, SystemClock())
    clock.seconds = 86_400.0
    assert clock.now().isoformat() == "1970-01-02T00:00:00+00:00"
    assert clock.monotonic() > 0
