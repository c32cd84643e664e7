"""Late figures between the store and Prometheus: each durable step fails once, both ways; nothing is lost or told twice."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from collector.core.late import Told
from collector.core.refusals import Refused
from collector.store.late import Lot, marked_of, marked_probes, queue_length, queued, told, waiting
from tests.collector.store.scenes import NOW_MS, FailingSteps, Heard, Mode, batch, probe_in, store_in

# keep, keep, the lot, one chunk delivered, the other parted, its two parts delivered
COMMITS = 7


def lot(numbers: list[int]) -> Lot:
    run = Told("KZ-71", "AS9198", 100, 115)
    return Lot(
        batches=numbers,
        chunks=[b"one", b"two"] if numbers else [],
        told=[run] if numbers else [],
        forget_before=0,
    )


class Courier:
    """What the real one does, with a server that always answers."""

    def __init__(self) -> None:
        self.delivered: list[bytes] = []

    async def turn(self, store: object) -> None:
        late = store.late  # type: ignore[attr-defined]  # a Store
        if found := late.read(waiting).batches:
            probes = late.read(marked_probes)
            numbers = [
                one.number for probe in probes for one in late.read(lambda db, p=probe: marked_of(db, p))
            ]
            assert len(numbers) == found
            await late.put(lot(numbers))
        while chunks := late.read(lambda db: queued(db, 10)):
            for chunk in chunks:
                if chunk.samples == b"two":
                    await late.settle([chunk.number], [b"two/young", b"two/old"])
                else:
                    self.delivered.append(chunk.samples)
                    await late.settle([chunk.number])


@pytest.mark.parametrize("mode", ["not persisted", "persisted"])
@pytest.mark.parametrize("fails", range(COMMITS))
async def test_whatever_step_fails_every_figure_is_delivered(tmp_path: Path, fails: int, mode: Mode) -> None:
    probe, courier, steps = probe_in(tmp_path), Courier(), FailingSteps(fails, mode)
    async with store_in(tmp_path, steps, Heard()) as store:
        for sequence in (1, 2):
            with suppress(Refused):
                await store.keep(batch(probe, sequence, late=True))
        with suppress(Refused):
            await courier.turn(store)
    assert len(steps.done) > fails, "the step was reached"
    async with store_in(tmp_path) as store:  # the next life
        for sequence in (1, 2):
            await store.keep(batch(probe, sequence, late=True))
        await courier.turn(store)
        assert store.late.read(queue_length) == 0
        assert store.late.read(waiting).batches == 0
        runs = store.late.read(told)
    times = Counter(courier.delivered)
    assert set(times) == {b"one", b"two/young", b"two/old"}
    # One more lot when a batch was only kept in the next life; the same bytes once more after a crash behind a delivery.
    assert max(times.values()) <= 2
    assert len(runs) == (2 if fails < 2 and mode == "not persisted" else 1)


async def test_marked_rows_stay_and_others_go(tmp_path: Path) -> None:
    probe = probe_in(tmp_path)
    async with store_in(tmp_path) as store:
        await store.keep(batch(probe, 1, late=True))
        await store.keep(batch(probe, 2))
        while await store.archive(NOW_MS + 1):
            pass
        assert [one.number for one in store.late.read(lambda db: marked_of(db, probe))] == [1]
        assert store.late.read(count) == 1
        await store.late.forget()
        await store.keep(batch(probe, 3))
        while await store.archive(NOW_MS + 1):
            pass
        assert store.late.read(count) == 0


def count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM batches").fetchone()[0])


async def test_minutes_of_long_ago_are_not_known_any_more(tmp_path: Path) -> None:
    async with store_in(tmp_path) as store:
        old, new = Told("KZ-71", "AS9198", 1, 10), Told("KZ-71", "AS9198", 5, 20)
        await store.late.put(Lot(batches=[], chunks=[], told=[old, new], forget_before=0))
        await store.late.put(Lot(batches=[], chunks=[], told=[], forget_before=11))
        assert store.late.read(told) == [new]
