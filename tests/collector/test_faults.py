"""Disks that fail, clocks that jump, spools that all come at once: what was acknowledged counts once, and can be made again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest

from collector import Settings, opened
from collector.core.intake import Limits
from collector.core.refusals import Refused
from collector.core.roster import Roster
from collector.evidence import check
from collector.invites import new_invite
from collector.serve import Collector
from tests.collector.core.scenes import ASTANA, NOW, key, seen
from tests.collector.flood import Flood, flood
from tests.collector.harness import TestClock, TestRandomness, sealed
from tests.collector.store.scenes import FailingSteps, Mode
from wire import canonical
from wire.enrol import enrolment

T = TypeVar("T")
PROBES = (1, 2)
DAY = 86_400.0
HOUR = 3_600.0
STORY = (
    ["commit"] * 2  # two enrolments
    + ["commit"] * 4  # two batches of each
    + ["truncate", "append", "sync"] * 2 + ["commit"]  # keys and batches go to the archive
    + ["commit"] * 2  # one more of each
    + ["truncate", "append", "sync", "commit"]
)  # fmt: skip


async def persist(work: Callable[[], Awaitable[T]]) -> T:
    """What a probe does: the same again until it is acknowledged."""
    for _ in range(3):
        try:
            return await work()
        except Refused as refused:
            assert (refused.reason, refused.retry) == ("storage", True)
    raise AssertionError("it fails for ever")


class Sender:
    """Probes that send two records a batch to a collector."""

    def __init__(self, collector: Collector, folder: Path, clock: TestClock) -> None:
        self.collector, self._folder, self._clock = collector, folder, clock
        self._sequence = dict.fromkeys(PROBES, 0)
        self.acknowledged, self.first = 0, b""

    async def enrol(self) -> None:
        for number in PROBES:
            token = new_invite(self._folder, "probe", 1.0, self._clock, TestRandomness(number + 10))
            raw = canonical.encode(enrolment(key(number), token, ASTANA))
            await persist(lambda raw=raw: self.collector.taking.admit(raw))  # type: ignore[misc]  # mypy loses the type

    async def send(self, number: int, at: float | None = None) -> str:
        """One batch, as often as is needed; the receipt's result."""
        raw = self.next(number, at)
        self.first = self.first or raw
        receipt = await persist(lambda: self.collector.taking.take(raw, "dabyl/v1/batch"))
        self.acknowledged += 1
        return receipt.result

    def next(self, number: int, at: float | None = None) -> bytes:
        self._sequence[number] += 1
        moment = self._clock.seconds if at is None else at
        name = f"{number}-{self._sequence[number]}"
        records = [seen(f"{name}-{n}", probe=key(number).id, at=moment) for n in range(2)]
        return sealed(key(number), records, self._sequence[number])


async def archive(collector: Collector) -> None:
    with suppress(OSError, Refused):  # the next turn tries again
        await collector.archive()


async def rebuilt_is_live(folder: Path, live: Collector, batches: int) -> None:
    """Every acknowledged record counted once, in memory as in the archive."""
    tally, differing = await asyncio.to_thread(check, folder)
    assert (differing, tally.faults, tally.batches) == ([], [], batches)
    assert tally.measurements == live.live.totals.measurements
    assert tally.measurements.total() == 2 * batches


@pytest.mark.parametrize("mode", ["not persisted", "persisted"])
@pytest.mark.parametrize("fails", range(len(STORY)), ids=[f"{n}-{name}" for n, name in enumerate(STORY)])
async def test_whatever_step_fails_the_rebuilt_state_is_the_live_one(
    tmp_path: Path, fails: int, mode: Mode
) -> None:
    clock, steps = TestClock(NOW), FailingSteps(fails, mode)
    async with opened(Settings(data=str(tmp_path)), clock, TestRandomness(), steps) as collector:
        sender = Sender(collector, tmp_path, clock)
        await sender.enrol()
        for number in (1, 2, 1, 2):
            await sender.send(number)
        await archive(collector)
        for number in PROBES:
            await sender.send(number)
        await archive(collector)
        assert steps.done[fails] == STORY[fails], "the story's steps are as the table says"
        await rebuilt_is_live(tmp_path, collector, 6)
    async with opened(Settings(data=str(tmp_path)), clock, TestRandomness()) as collector:
        assert places(collector.live.roster) == 2
        await archive(collector)
        tally, differing = await asyncio.to_thread(check, tmp_path)
        assert (differing, tally.faults, tally.archived, tally.waiting) == ([], [], 6, 0)


def places(roster: Roster) -> int:
    return len([member for member in roster if member.heard is not None])


JUMPS = {
    "back an hour": (-HOUR,),
    "back ten days": (-10 * DAY,),
    "forward a day": (DAY,),
    "forward a month, then right again": (30 * DAY, -30 * DAY),
    "to and fro": (-HOUR, 2 * HOUR, -2 * DAY, 2 * DAY, -HOUR),
}


@pytest.mark.parametrize("jumps", JUMPS.values(), ids=JUMPS)
async def test_a_collector_whose_clock_jumps_goes_on_and_counts_once(
    tmp_path: Path, jumps: tuple[float, ...]
) -> None:
    clock = TestClock(NOW)
    settings = Settings(data=str(tmp_path), limits=Limits(batches_per_s=1.0, batches_burst=2.0))
    async with opened(settings, clock, TestRandomness()) as collector:
        sender = Sender(collector, tmp_path, clock)
        await sender.enrol()
        for jump in (0.0, *jumps):
            clock.seconds += jump
            for number in PROBES:
                assert await sender.send(number) == "new", "nobody is locked out by the rate"
            collector.live.overview(clock.seconds)
            await collector.watch.look()
            await archive(collector)
            clock.seconds += 60
        for number in PROBES:
            await sender.send(number)
        assert collector.live.overview(clock.seconds).reach.probes >= 1, "what is now is now again"
        await rebuilt_is_live(tmp_path, collector, sender.acknowledged)
    async with opened(settings, clock, TestRandomness()) as collector:
        clock.seconds = max(NOW, clock.seconds)
        receipt = await collector.taking.take(sender.first, "dabyl/v1/batch")
        assert (receipt.result, receipt.high_water) == ("known", 2 + len(jumps))


async def test_a_probe_whose_clock_is_ahead_is_told_to_come_back_and_counts_then(tmp_path: Path) -> None:
    clock = TestClock(NOW)
    async with opened(Settings(data=str(tmp_path)), clock, TestRandomness()) as collector:
        sender = Sender(collector, tmp_path, clock)
        await sender.enrol()
        raw = sender.next(1, at=NOW + HOUR)
        with pytest.raises(Refused) as refused:
            await collector.taking.take(raw, "dabyl/v1/batch")
        assert (refused.value.reason, refused.value.retry) == ("time", True)
        clock.seconds += HOUR
        assert (await collector.taking.take(raw, "dabyl/v1/batch")).result == "new"
        await rebuilt_is_live(tmp_path, collector, 1)


@pytest.mark.parametrize("back", [HOUR, 400 * DAY])
async def test_a_collector_whose_clock_fell_back_refuses_nothing_for_good(
    tmp_path: Path, back: float
) -> None:
    """Its battery is empty, say: what honest probes bring is right again once the clock is."""
    clock = TestClock(NOW)
    settings = Settings(data=str(tmp_path))
    async with opened(settings, clock, TestRandomness()) as collector:
        sender = Sender(collector, tmp_path, clock)
        await sender.enrol()
        await sender.send(1)
    clock.seconds -= back
    async with opened(settings, clock, TestRandomness()) as collector:
        raw = sender.next(2, at=NOW + 60)
        with pytest.raises(Refused) as refused:
            await collector.taking.take(raw, "dabyl/v1/batch")
        assert (refused.value.reason, refused.value.retry) == ("time", True)
    clock.seconds += back + 60
    async with opened(settings, clock, TestRandomness()) as collector:
        assert (await collector.taking.take(raw, "dabyl/v1/batch")).result == "new"


async def test_a_probe_from_a_far_future_is_refused_for_good(tmp_path: Path) -> None:
    clock = TestClock(NOW)
    async with opened(Settings(data=str(tmp_path)), clock, TestRandomness()) as collector:
        sender = Sender(collector, tmp_path, clock)
        await sender.enrol()
        await sender.send(1)
        with pytest.raises(Refused) as refused:
            await collector.taking.take(sender.next(2, at=NOW + 3 * DAY), "dabyl/v1/batch")
        assert (refused.value.reason, refused.value.retry) == ("time", False)


async def test_spools_of_five_days_that_come_at_once_count_once_each(tmp_path: Path) -> None:
    """Small here; `python -m tests.collector.flood` plays 2,000 probes."""
    found = await flood(tmp_path, Flood(probes=40, days=5, every_s=3600.0, targets=3), TestRandomness())
    assert found.acknowledged == found.counted == found.rebuilt == 40 * 5 * 24 * 3
    assert found.known > 0, "some asked twice"
    assert found.differing == []
    assert found.late_probes == 10.0, "forty probes in four places"
