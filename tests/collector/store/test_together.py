from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.core.marks import Mark
from collector.core.refusals import Refused
from collector.store import Store
from collector.store.compaction import Lot, Moved, move
from collector.store.rows import Kept, NewBatch
from collector.store.schema import open_database
from collector.store.session import Session
from collector.store.steps import DiskSteps
from tests.collector.store.scenes import (
    NOW_MS,
    FailingSteps,
    Heard,
    Mode,
    batch,
    contents,
    probe_in,
    store_in,
)

MANY = 400  # more than one statement takes


@pytest.fixture
def session(tmp_path: Path) -> Iterator[tuple[Session, int]]:
    probe = probe_in(tmp_path)
    connection = open_database(tmp_path)
    connection.execute("BEGIN IMMEDIATE")
    yield Session(connection, {}), probe
    connection.close()


def test_batches_of_one_group_have_their_numbers_in_the_order_in_which_they_came(
    tmp_path: Path, session: tuple[Session, int]
) -> None:
    open_, probe = session
    sequences = [*range(2, MANY, 2), *range(1, MANY, 2)]
    for sequence in sequences:
        assert open_.keep(batch(probe, sequence)).result == "new"
    rows = open_.connection.execute("SELECT sequence FROM batches ORDER BY number").fetchall()
    assert [row[0] for row in rows] == sequences
    assert open_.last_number == len(sequences)


def test_a_mark_that_moves_many_times_in_a_group_stands_at_its_end(session: tuple[Session, int]) -> None:
    open_, probe = session
    mark = Mark()
    for sequence in (1, 2, 5, 3, 9):
        mark = mark.plus(sequence)
        assert open_.keep(batch(probe, sequence)).mark == mark
    row = open_.connection.execute("SELECT high_water, islands, heard_at FROM marks").fetchall()
    assert row == [(3, b"[[5,5],[9,9]]", NOW_MS)]


def test_a_repeat_within_a_group_is_known_and_other_bytes_are_a_conflict(
    session: tuple[Session, int],
) -> None:
    open_, probe = session
    open_.keep(batch(probe, 1))
    assert open_.keep(batch(probe, 1)).result == "known"
    with pytest.raises(Refused, match="another batch"):
        open_.keep(batch(probe, 1, b"other bytes"))
    assert open_.connection.execute("SELECT count(*) FROM batches").fetchone() == (1,)


def test_who_asks_for_the_probes_hears_of_what_the_group_kept(session: tuple[Session, int]) -> None:
    open_, probe = session
    open_.keep(batch(probe, 1))
    open_.keep(batch(probe, 2))
    assert [one.heard for one in open_.probes()] == [NOW_MS / 1000]


@pytest.mark.parametrize("mode", ["not persisted", "persisted"])
@pytest.mark.parametrize("fails", [0, 1])
async def test_a_group_whose_commit_fails_is_there_whole_or_not_at_all(
    tmp_path: Path, fails: int, mode: Mode
) -> None:
    probe, heard = probe_in(tmp_path), Heard()
    batches = [batch(probe, sequence) for sequence in range(1, 61)]
    async with store_in(tmp_path, FailingSteps(fails, mode), heard) as store:
        first = await told(store, batches)
        again = await told(store, batches)
    assert first["storage"] > 0
    assert again["storage"] == 0
    assert contents(tmp_path) == Counter(one.raw for one in batches), "each of them once"
    left = {one.raw for one in heard.batches}
    assert len(left) == (first["storage"] if mode == "persisted" else 0), "what persisted after all is told"
    async with store_in(tmp_path) as store:
        assert (await store.keep(batches[0])).mark == Mark(high_water=60)


async def told(store: Store, batches: list[NewBatch]) -> Counter[str]:
    """All at once, so that the writer takes many together."""

    async def one(wanted: NewBatch) -> str:
        try:
            kept: Kept = await store.keep(wanted)
        except Refused as refused:
            return refused.reason
        return kept.result

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(wanted)) for wanted in batches]
    return Counter(task.result() for task in tasks)


def test_rows_that_stay_are_not_read_when_older_ones_go(session: tuple[Session, int]) -> None:
    open_, probe = session
    for sequence in range(1, MANY + 1):
        open_.keep(batch(probe, sequence, received_ms=NOW_MS + sequence))
    open_.settle()
    steps = Counter[str]()
    open_.connection.set_progress_handler(lambda: steps.update(["hundred"]), 100)
    lot = Lot(day="2026-11-20", size_bytes=1, through=MANY, batches=MANY)
    open_.archived(Moved(keys_bytes=0, keys=(), lot=lot), NOW_MS + 3)
    open_.connection.set_progress_handler(None, 0)
    left = open_.connection.execute("SELECT min(sequence), count(*) FROM batches").fetchone()
    assert left == (3, MANY - 2)
    assert steps["hundred"] <= 3, "some hundred instructions, however many rows there are"


def test_rows_that_are_not_archived_yet_never_go(session: tuple[Session, int]) -> None:
    open_, probe = session
    for sequence in (1, 2, 3):
        open_.keep(batch(probe, sequence))
    lot = Lot(day="2026-11-20", size_bytes=1, through=2, batches=2)
    open_.archived(Moved(keys_bytes=0, keys=(), lot=lot), NOW_MS + 1)
    assert open_.connection.execute("SELECT sequence FROM batches").fetchall() == [(3,)]


async def test_a_turn_of_the_archive_tells_whether_another_is_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe = probe_in(tmp_path)
    async with store_in(tmp_path) as store:
        for sequence in (1, 2, 3):
            await store.keep(batch(probe, sequence))
    monkeypatch.setattr("collector.store.compaction.MAX_BYTES", 2 * len(batch(probe, 1).raw))
    moved = move(tmp_path, DiskSteps())
    assert moved is not None
    assert moved.lot is not None
    assert (moved.lot.batches, moved.more) == (2, True)
