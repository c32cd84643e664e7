"""Every durable step fails once, before it did anything and after it did all; then the whole store is verified."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.core.refusals import Refused
from collector.store import Revoking, load, transaction
from collector.store.archive import archive_path, read_archive
from collector.store.keys import keys_path, newest, written_keys
from tests.collector.core.scenes import key
from tests.collector.store.scenes import (
    NOW_MS,
    FailingSteps,
    HalfAppend,
    Heard,
    Mode,
    asked_for,
    batch,
    contents,
    probe_in,
    store_in,
)
from wire.errors import BadRecord

DAY_MS = 86_400_000
SEQUENCES = range(1, 7)
STORY = (
    ["commit"] * 3
    + ["truncate", "append", "sync"]  # the key of the first batch, before the batch
    + ["truncate", "append", "sync", "commit"]
    + ["commit"] * 3
    + ["truncate", "append", "sync", "commit"]
)


async def tell(folder: Path, steps: FailingSteps, heard: Heard, probe: int) -> set[int]:
    """A day of the store: three batches, archive, three more, archive. The sequences that were acknowledged."""
    acknowledged: set[int] = set()
    async with store_in(folder, steps, heard) as store:
        for sequence in SEQUENCES:
            try:
                await store.keep(batch(probe, sequence))
                acknowledged.add(sequence)
            except Refused as refused:
                assert (refused.reason, refused.retry) == ("storage", True)
            if sequence % 3 == 0:
                await archive(store, drop_before_ms=NOW_MS + 1)
    return acknowledged


async def archive(store: object, drop_before_ms: int) -> None:
    try:
        while await store.archive(drop_before_ms):  # type: ignore[attr-defined]  # a Store
            pass
    except (OSError, Refused):
        pass  # the next turn tries again


@pytest.mark.parametrize("mode", ["not persisted", "persisted"])
@pytest.mark.parametrize("fails", range(len(STORY)), ids=[f"{n}-{name}" for n, name in enumerate(STORY)])
async def test_what_was_acknowledged_is_there_once(tmp_path: Path, fails: int, mode: Mode) -> None:
    probe, steps, heard = probe_in(tmp_path), FailingSteps(fails, mode), Heard()
    acknowledged = await tell(tmp_path, steps, heard, probe)
    assert steps.done[fails] == STORY[fails], "the story's steps are as the table says"
    found = contents(tmp_path)
    assert max(found.values()) == 1, "nothing is doubled"
    assert {batch(probe, sequence).raw for sequence in acknowledged} <= set(found), "nothing is lost"
    assert_keys_came_first(tmp_path)
    assert {one.raw for one in heard.batches} == set(found) - {batch(probe, n).raw for n in acknowledged}
    await retold(tmp_path, probe)


def assert_keys_came_first(folder: Path) -> None:
    """Wherever a batch lies in the archive, the key that it is checked by lies there whole."""
    if list((folder / "archive").glob("batches-*")):
        assert [line.probe for line in written_keys(keys_path(folder))] == [key(1).id]


async def retold(folder: Path, probe: int) -> None:
    """After a restart the probe sends all again: each is there once, and the mark is whole."""
    async with store_in(folder) as store:
        for sequence in SEQUENCES:
            await store.keep(batch(probe, sequence))
        while await store.archive(NOW_MS + 1):
            pass
        assert (await store.keep(batch(probe, 1))).result == "known"
    assert contents(folder) == {batch(probe, sequence).raw: 1 for sequence in SEQUENCES}
    assert asked_for(folder, probe) == (6, b"[]")
    assert_keys_came_first(folder)


async def test_half_a_frame_is_cut_off_and_written_again(tmp_path: Path) -> None:
    probe = probe_in(tmp_path)
    acknowledged = await tell(tmp_path, HalfAppend(STORY.index("append")), Heard(), probe)
    assert acknowledged == set(SEQUENCES)
    assert contents(tmp_path) == {batch(probe, sequence).raw: 1 for sequence in SEQUENCES}


async def test_an_archive_that_was_cut_by_hand_is_told(tmp_path: Path) -> None:
    probe = probe_in(tmp_path)
    await tell(tmp_path, FailingSteps(), Heard(), probe)
    (path,) = (tmp_path / "archive").glob("batches-*")
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(BadRecord, match="were durable"):
        contents(tmp_path)
    with pytest.raises(BadRecord, match="not whole"):
        list(read_archive(path))


async def test_each_day_has_a_file_and_old_rows_go(tmp_path: Path) -> None:
    probe = probe_in(tmp_path)
    async with store_in(tmp_path) as store:
        for sequence in (1, 2, 3):
            await store.keep(batch(probe, sequence, received_ms=NOW_MS + (sequence - 2) * DAY_MS))
        while await store.archive(NOW_MS + 1):
            pass
    files = sorted(path.name for path in (tmp_path / "archive").glob("batches-*"))
    assert files == [f"batches-2026-11-{day}.jsonl.zst" for day in ("17", "18", "19")]
    assert [found.raw for found in load(tmp_path, 0).recent] == [batch(probe, 3).raw], "younger rows stay"
    assert [line.received_at for line in read_archive(archive_path(tmp_path, "2026-11-18"))] == [
        "2026-11-18T11:06:40.000Z"
    ]
    assert contents(tmp_path).total() == 3


async def test_a_number_is_never_given_twice(tmp_path: Path) -> None:
    probe = probe_in(tmp_path)
    async with store_in(tmp_path) as store:
        await store.keep(batch(probe, 1))
        await store.archive(NOW_MS + 1)  # the only row goes
    async with store_in(tmp_path) as store:
        await store.keep(batch(probe, 2))
        assert await store.archive(NOW_MS + 1) is not None, "a new row is not taken for one that is archived"
    assert contents(tmp_path).total() == 2


async def test_a_missing_archive_stops_the_archiving_and_keeps_the_rows(tmp_path: Path) -> None:
    probe = probe_in(tmp_path)
    async with store_in(tmp_path) as store:
        await store.keep(batch(probe, 1))
        await store.archive(NOW_MS)
        next((tmp_path / "archive").glob("batches-*")).unlink()
        await store.keep(batch(probe, 2))
        with pytest.raises(OSError, match="a part of the archive is gone"):
            await store.archive(NOW_MS)
    assert len(load(tmp_path, 0).recent) == 2


async def test_a_revocation_reaches_the_file_of_keys_without_any_batch(tmp_path: Path) -> None:
    probe_in(tmp_path)
    async with store_in(tmp_path) as store:
        assert await store.archive(NOW_MS) is not None
        assert await store.archive(NOW_MS) is None, "nothing is written twice"
        with transaction(tmp_path) as session:
            session.revoke(key(1).id, Revoking(NOW_MS + 1000))
        assert await store.archive(NOW_MS) is not None
    lines = written_keys(keys_path(tmp_path))
    assert [line.revoked_at for line in lines] == [None, "2026-11-18T11:06:41.000Z"]
    assert newest(lines) == lines[1:]


async def test_half_a_line_of_a_key_is_cut_off_and_written_again(tmp_path: Path) -> None:
    probe_in(tmp_path)
    async with store_in(tmp_path, HalfAppend(1)) as store:
        await archive(store, NOW_MS)
        assert written_keys(keys_path(tmp_path)) == []
        await archive(store, NOW_MS)
    assert len(written_keys(keys_path(tmp_path))) == 1


async def test_a_key_that_was_changed_by_hand_is_named(tmp_path: Path) -> None:
    probe_in(tmp_path)
    async with store_in(tmp_path) as store:
        await store.archive(NOW_MS)
    path = keys_path(tmp_path)
    path.write_text(path.read_text().replace(key(1).id, key(2).id))
    with pytest.raises(BadRecord, match=r"keys\.jsonl: line 1: the key is not that of"):
        written_keys(path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(OSError, match="a part of the keys is gone"):
        written_keys(path, path.stat().st_size + 1)
