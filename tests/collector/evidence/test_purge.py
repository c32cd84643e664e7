"""Deleting days of the archive, and proving it."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from collector.core.times import stamp
from collector.evidence import check, rebuild, verify
from collector.evidence.deletions import deletions_path, lives_path, read_deletions, sha256_of
from collector.evidence.purge import Order, purge
from collector.identity import load_or_make_key
from collector.store.archive import archive_path
from dabyl.cli import main
from tests.collector.core.scenes import NOW, key, seen
from tests.collector.evidence.scenes import PROBE, VANTAGE, waiting
from tests.collector.harness import TestClock, TestRandomness, running
from tests.collector.store.scenes import FailingSteps
from wire.errors import BadInput
from wire.signing import SigningKey

DAY_S = 86_400.0
DAYS = 3
LAST = NOW + DAYS * DAY_S


@pytest.fixture(scope="module")
def three_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three days of a probe and a vantage, all archived; the probe is silent on the last one."""
    made = tmp_path_factory.mktemp("days") / "data"
    asyncio.run(days_of(made))
    return made


@pytest.fixture
def folder(three_days: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(three_days, tmp_path / "data"))


async def days_of(where: Path) -> None:
    clock = TestClock()
    async with running(where, clock, archive_every_s=0.02, keep_rows_s=900) as collector:
        await collector.enrol(PROBE)
        await collector.enrol(VANTAGE, "vantage")
        for day in range(DAYS):
            for signer in (PROBE, VANTAGE)[day == DAYS - 1 :]:
                records = [seen(f"t{day}", probe=signer.id, at=clock.seconds)]
                assert (await collector.send(signer, records, day + 1))[0] == 200
            async with asyncio.timeout(10):
                while await waiting(where):  # noqa: ASYNC110  # the collector tells nobody that it archived
                    await asyncio.sleep(0.02)
            clock.seconds += DAY_S


def own_key(folder: Path) -> SigningKey:
    return load_or_make_key(folder, TestRandomness())


def day(number: int) -> str:
    return stamp(NOW + number * DAY_S)[:10]


def purged(folder: Path, through: int, **given: object) -> list[str]:
    order = Order(day(through), "the retention of the settings", LAST)
    return [one.day for one in purge(folder, order, own_key(folder), **given)]  # type: ignore[arg-type]  # steps


def test_a_deleted_day_is_gone_and_its_proof_tells_what_when_and_why(folder: Path) -> None:
    before = sha256_of(archive_path(folder, day(0)).read_bytes())
    assert purged(folder, 0) == [day(0)]
    assert not archive_path(folder, day(0)).exists()
    (line,), faults = read_deletions(deletions_path(folder))
    assert (line.day, line.sha256, line.batches, faults) == (day(0), before, 2, [])
    assert (line.deleted_at, line.why) == (stamp(LAST), "the retention of the settings")
    assert purged(folder, 0) == [], "once is enough"


def test_what_is_left_holds_and_equals_the_live_state(folder: Path, tmp_path: Path) -> None:
    assert purged(folder, 0) == [day(0)]
    assert purged(folder, 1) == [day(1)]
    tally, differing = check(folder)
    assert (tally.faults, differing) == ([], [])
    assert (tally.archived, tally.missing, [one.day for one in tally.deleted]) == (1, 0, [day(0), day(1)])
    again = rebuild(folder, tmp_path / "again")
    assert again.faults == []
    assert verify(tmp_path / "again").faults == []


def test_the_archive_alone_knows_its_lawful_gaps(folder: Path) -> None:
    purged(folder, 1)
    for one in folder.glob("dabyl.sqlite3*"):
        one.unlink()
    tally = verify(folder)
    assert (tally.faults, tally.missing, tally.batches) == ([], 0, 1)


async def test_a_repeat_of_a_deleted_batch_is_known_and_nothing_is_asked_for(folder: Path) -> None:
    purged(folder, 1)
    async with running(folder, TestClock(LAST), archive_every_s=1000) as collector:
        _, answer = await collector.send(PROBE, [seen("t9", probe=PROBE.id, at=LAST)], 3)
    assert (answer["high_water"], answer["missing"]) == (3, [])


def changed(folder: Path, old: bytes, new: bytes) -> None:
    path = deletions_path(folder)
    path.write_bytes(path.read_bytes().replace(old, new, 1))


def without_first(folder: Path) -> None:
    path = deletions_path(folder)
    path.write_bytes(path.read_bytes().partition(b"\n")[2])


BROKEN: list[tuple[str, Callable[[Path], object], str]] = [
    ("a changed reason", lambda folder: changed(folder, b"retention", b"intention"), "signature"),
    ("a line cut out", without_first, "is number 2"),
    ("a day that went without a proof", lambda folder: archive_path(folder, day(2)).unlink(), "is gone"),
    ("other lives", lambda folder: lives_path(folder, day(1)).write_bytes(b"x"), "is not the file that"),
    ("a file that came back", lambda folder: archive_path(folder, day(0)).write_bytes(b""), "still there"),
    ("the proof cut short", lambda folder: deletions_path(folder).write_bytes(b""), "were durable"),
]


@pytest.mark.parametrize(("name", "hurt", "why"), BROKEN, ids=[row[0] for row in BROKEN])
def test_what_is_not_lawful_is_named(
    folder: Path, name: str, hurt: Callable[[Path], object], why: str
) -> None:
    purged(folder, 1)
    hurt(folder)
    assert any(why in str(fault) for fault in verify(folder).faults)


def test_another_collectors_key_does_not_continue_the_proof(folder: Path) -> None:
    purged(folder, 0)
    purge(folder, Order(day(1), "why not", LAST), key(77))
    assert any("signed by 2 keys" in str(fault) for fault in verify(folder).faults)


def test_after_a_failure_at_any_step_the_next_purge_ends_it(folder: Path) -> None:
    counting = FailingSteps()
    copies = [copy(folder, number) for number in range(2 * 10)]
    assert purged(folder, 1, steps=counting) == [day(0), day(1)]
    assert len(counting.done) <= len(copies) / 2, "each step fails twice"
    for number, one in enumerate(copies[: 2 * len(counting.done)]):
        failing = FailingSteps(number // 2, "persisted" if number % 2 else "not persisted")
        with pytest.raises(BadInput):
            purged(one, 1, steps=failing)
        assert [str(fault) for fault in verify(one).faults if "still there" not in str(fault)] == []
        purged(one, 1)
        tally, differing = check(one)
        assert (tally.faults, differing, tally.archived) == ([], [], 1), failing.done


def copy(folder: Path, number: int) -> Path:
    return Path(shutil.copytree(folder, folder.with_name(f"copy-{number}")))


def test_a_day_that_is_not_over_or_not_archived_stays(folder: Path) -> None:
    with pytest.raises(BadInput, match="only days that are over"):
        purged(folder, DAYS)
    with sqlite3.connect(folder / "dabyl.sqlite3") as connection:
        connection.execute("UPDATE state SET value = 0 WHERE name = 'archived_through'")
        connection.execute("UPDATE batches SET received_at = ?", (NOW * 1000,))
    connection.close()
    with pytest.raises(BadInput, match="not all of that day is archived"):
        purged(folder, 0)


def test_the_command_deletes_and_verify_tells_of_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["collector", "purge", "--data", str(folder), "--through", day(1), "--why", "asked to"]) == 0
    assert f"deleted: {day(0)}" in capsys.readouterr().out
    assert main(["collector", "verify", "--data", str(folder)]) == 0
    assert f"2 days were deleted lawfully, {day(0)} to {day(1)}" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["collector", "purge", "--data", str(folder)])


async def test_a_server_with_a_retention_deletes_by_itself(folder: Path) -> None:
    async with (
        running(folder, TestClock(NOW + 17 * DAY_S), keep_days=15, purge_every_s=0.02),
        asyncio.timeout(10),
    ):
        while archive_path(folder, day(1)).exists():  # noqa: ASYNC110  # the collector tells nobody
            await asyncio.sleep(0.02)
    tally = await asyncio.to_thread(verify, folder)
    assert [one.day for one in tally.deleted] == [day(0), day(1)]
    assert {one.why for one in tally.deleted} == {"keep_days = 15"}
