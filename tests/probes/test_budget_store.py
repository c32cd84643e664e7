"""The day's ledger on the disk."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from probes.budget_store import BUDGET_FILE, Budget
from probes.disk import RealDisk
from tests.collector.harness import TestClock
from tests.wire.judge.scenes import SITE
from wire.records import Target

DAY_S = 86_400
LIMIT = 1_000_000
TARGETS = (SITE, replace(SITE, id="other", url="https://other.example/"))


def budget(folder: Path, clock: TestClock) -> Budget:
    return Budget(folder, RealDisk(), clock, LIMIT)


def spend(one: Budget, size: int, targets: tuple[Target, ...] = TARGETS) -> None:
    one.meter.stream(targets[0].url, size)
    one.settle(targets)


def test_a_restart_gives_no_new_data_and_midnight_does(tmp_path: Path) -> None:
    clock = TestClock(1_795_000_000 // DAY_S * DAY_S)
    first = budget(tmp_path, clock)
    assert first.ration(TARGETS, 300.0).state == ""
    spend(first, 900_000)
    again = budget(tmp_path, clock)
    assert again.spent_bytes == first.spent_bytes > 900_000
    assert again.ration(TARGETS, 300.0).state
    clock.seconds += DAY_S
    assert again.spent_bytes == 0
    assert again.ration(TARGETS, 300.0).state == ""


def test_what_a_target_took_is_what_it_is_expected_to_take(tmp_path: Path) -> None:
    one = budget(tmp_path, TestClock(1_795_000_000 // DAY_S * DAY_S))
    spend(one, 190_000)
    one.settle(TARGETS[:1])
    found = one.ration(TARGETS, 300.0)
    assert (found.state, found.targets) == ("low", TARGETS[1:])  # the cheaper one, and rarely


def test_a_ledger_that_cannot_be_read_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / BUDGET_FILE).write_bytes(b"{")
    assert budget(tmp_path, TestClock()).spent_bytes == 0


def test_a_disk_that_takes_nothing_stops_nobody(tmp_path: Path) -> None:
    one = budget(tmp_path / "gone", TestClock())
    spend(one, 1_000)
    assert one.spent_bytes > 1_000
    assert not (tmp_path / "gone").exists()
