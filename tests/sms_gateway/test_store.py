"""The crash matrix: every way in which a commit can end, and what whoever was told may believe."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from functools import partial
from pathlib import Path

import pytest

from sms_gateway import inbox, outbox, reports
from sms_gateway.schema import VERSION
from sms_gateway.store import Store, StoreFailed, commit
from tests.sms_gateway.harness import RULES, rows, taken
from wire import BadInput


class Commit:
    """A commit that fails when told to: before it is durable, or after."""

    def __init__(self) -> None:
        self.mode = "good"
        self.groups = 0

    def __call__(self, connection: sqlite3.Connection) -> None:
        if self.mode == "not persisted":
            raise sqlite3.OperationalError("database or disk is full")
        commit(connection)
        self.groups += 1
        if self.mode == "persisted":
            raise sqlite3.OperationalError("disk I/O error")


def _put(ident: str = "m1", text: str = "KZ-71-0379 OPEN") -> partial[inbox.Outcome]:
    return partial(inbox.put, taken=taken(text, ident), rules=RULES)


@pytest.mark.parametrize("mode", ["not persisted", "persisted"])
async def test_a_text_whose_commit_failed_is_counted_once_when_it_comes_again(
    tmp_path: Path, mode: str
) -> None:
    finish = Commit()
    store = Store(tmp_path / "sms.sqlite3", finish)
    finish.mode = mode
    with pytest.raises(StoreFailed, match="cannot be made durable"):
        await store.run(_put())
    assert not store.healthy
    finish.mode = "good"
    assert await store.run(_put()) == ("new" if mode == "not persisted" else "known")
    assert (await store.run(_put("m2", "KZ-71-0379 CLOSED"))) == "new"
    assert store.healthy
    store.close()
    assert rows(tmp_path, "SELECT key FROM inbox ORDER BY id") == [("id:m1",), ("id:m2",)]
    assert rows(tmp_path, "SELECT count(*) FROM reports") == [(2,)]
    assert rows(tmp_path, "SELECT count(*) FROM outbox") == [(2,)]


@pytest.mark.parametrize("mode", ["not persisted", "persisted"])
async def test_a_batch_whose_sealing_failed_keeps_each_report_once(tmp_path: Path, mode: str) -> None:
    finish = Commit()
    store = Store(tmp_path / "sms.sqlite3", finish)
    await store.run(partial(reports.begin, boot="00112233aabbccdd"))
    await store.run(_put())
    finish.mode = mode
    seal = lambda boot, sequence, records: f"{boot} {sequence} {len(records)}".encode()  # noqa: E731  # as short as that
    with pytest.raises(StoreFailed):
        await store.run(partial(reports.next_batch, seal=seal))
    finish.mode = "good"
    pending = await store.run(partial(reports.next_batch, seal=seal))
    assert pending is not None
    assert (pending.sequence, pending.raw) == (1, b"00112233aabbccdd 1 1")
    store.close()
    assert rows(tmp_path, "SELECT count(*) FROM reports") == [(0,)]
    assert rows(tmp_path, "SELECT sequence, reports FROM batches") == [(1, 1)]


@pytest.mark.parametrize("mode", ["not persisted", "persisted"])
async def test_an_answer_whose_end_was_not_noted_is_sent_again_or_gone_never_kept_for_ever(
    tmp_path: Path, mode: str
) -> None:
    finish = Commit()
    store = Store(tmp_path / "sms.sqlite3", finish)
    await store.run(_put())
    finish.mode = mode
    with pytest.raises(StoreFailed):
        await store.run(partial(outbox.settle, tries=[outbox.Tried(id=1, outcome="accepted")]))
    finish.mode = "good"
    await store.run(partial(outbox.settle, tries=[outbox.Tried(id=1, outcome="accepted")]))
    store.close()
    assert rows(tmp_path, "SELECT count(*) FROM outbox") == [(0,)]
    assert rows(tmp_path, "SELECT reply FROM inbox") == [("sent",)]


async def test_what_waits_together_is_committed_together(tmp_path: Path) -> None:
    finish, gate = Commit(), threading.Event()
    store = Store(tmp_path / "sms.sqlite3", finish)
    async with asyncio.TaskGroup() as group:
        group.create_task(store.run(lambda _: gate.wait(10)))
        tasks = [group.create_task(store.run(_put(f"m{number}"))) for number in range(500)]
        await asyncio.sleep(0)
        gate.set()
    assert {task.result() for task in tasks} == {"new", "repeat"}
    assert finish.groups <= 4
    store.close()
    assert rows(tmp_path, "SELECT count(*) FROM inbox") == [(500,)]


async def test_whoever_went_away_does_not_disturb_the_others(tmp_path: Path) -> None:
    store = Store(tmp_path / "sms.sqlite3")
    async with asyncio.TaskGroup() as group:
        gone = group.create_task(store.run(_put("m1")))
        stays = group.create_task(store.run(_put("m2", "KZ-71-0379 CLOSED")))
        await asyncio.sleep(0)
        gone.cancel()
    assert stays.result() == "new"
    store.close()


async def test_a_job_with_a_fault_of_its_own_ends_the_store_and_leaves_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threading.excepthook", lambda _: None)
    store = Store(tmp_path / "sms.sqlite3")
    async with asyncio.timeout(5):
        with pytest.raises(StoreFailed):
            await store.run(lambda _: int("no number"))
        with pytest.raises(StoreFailed):
            await store.ended()
        with pytest.raises(StoreFailed):
            await store.run(_put())
    store.close()


def test_a_closed_store_is_one_file(tmp_path: Path) -> None:
    Store(tmp_path / "sms.sqlite3").close()
    assert list(tmp_path.iterdir()) == [tmp_path / "sms.sqlite3"]


async def test_a_closed_store_takes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "sms.sqlite3")
    store.close()
    with pytest.raises(StoreFailed, match="closed"):
        await store.run(_put())


def test_a_store_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    Store(tmp_path / "sms.sqlite3").close()
    assert (tmp_path / "sms.sqlite3").stat().st_mode & 0o077 == 0


def test_a_second_gateway_on_the_same_folder_is_refused_in_one_line(tmp_path: Path) -> None:
    store = Store(tmp_path / "sms.sqlite3")
    try:
        with pytest.raises(BadInput, match="another gateway is using it"):
            Store(tmp_path / "sms.sqlite3")
    finally:
        store.close()


def test_a_store_of_a_newer_dabyl_is_refused_in_one_line(tmp_path: Path) -> None:
    Store(tmp_path / "sms.sqlite3").close()
    connection = sqlite3.connect(tmp_path / "sms.sqlite3")
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(BadInput, match="written by a newer Dabyl"):
        Store(tmp_path / "sms.sqlite3")


def test_a_file_that_is_no_store_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "sms.sqlite3").write_bytes(b"hello" * 1000)
    with pytest.raises(BadInput, match="not a store of ours"):
        Store(tmp_path / "sms.sqlite3")
    with pytest.raises(BadInput, match="cannot be opened"):
        Store(tmp_path / "no-such-folder" / "sms.sqlite3")


async def test_the_log_of_an_empty_store_can_be_emptied(tmp_path: Path) -> None:
    store = Store(tmp_path / "sms.sqlite3")
    await store.scrub()
    store.close()
