from __future__ import annotations

import asyncio
import errno
import fcntl
import sqlite3
from pathlib import Path

import pytest
from msgspec.structs import replace

from collector import revoke
from collector.core.refusals import Refused
from collector.core.stations import Stations
from collector.core.times import stamp
from collector.store import compaction, load, locked, transaction, writer
from collector.store.keys import KeyLine, enrolled_keys, keys_path, written_keys
from collector.store.rows import Invite
from collector.store.schema import FILE, VERSION, open_database
from tests.collector.core.scenes import ALMATY, NOW, key, seen
from tests.collector.harness import TestClock
from tests.collector.store.scenes import NOW_MS, Heard, batch, contents, new_probe, probe_in, store_in
from wire.enrol import invite_print
from wire.errors import BadInput
from wire.records import StationReport


async def test_a_batch_is_kept_once(tmp_path: Path) -> None:
    probe = probe_in(tmp_path)
    async with store_in(tmp_path) as store:
        assert (await store.keep(batch(probe, 1))).result == "new"
        assert (await store.keep(batch(probe, 1))).result == "known"
        kept = await store.keep(batch(probe, 3))
        assert (kept.mark.high_water, kept.mark.missing()) == (1, (2,))
    assert contents(tmp_path) == {batch(probe, 1).raw: 1, batch(probe, 3).raw: 1}


async def test_the_same_batch_many_times_at_once_is_kept_once(tmp_path: Path) -> None:
    probe = probe_in(tmp_path)
    async with store_in(tmp_path) as store, asyncio.TaskGroup() as group:
        tasks = [group.create_task(store.keep(batch(probe, 1))) for _ in range(50)]
    assert sorted(task.result().result for task in tasks) == ["known"] * 49 + ["new"]
    assert contents(tmp_path).total() == 1


async def test_other_bytes_under_the_same_sequence_are_a_conflict(tmp_path: Path) -> None:
    probe = probe_in(tmp_path)
    async with store_in(tmp_path) as store:
        await store.keep(batch(probe, 1))
        with pytest.raises(Refused) as caught:
            await store.keep(batch(probe, 1, b"other bytes"))
    assert caught.value.reason == "conflict"


async def test_a_refused_job_does_not_harm_its_group(tmp_path: Path) -> None:
    probe = probe_in(tmp_path)
    async with store_in(tmp_path) as store:
        await store.keep(batch(probe, 1))
        async with asyncio.TaskGroup() as group:
            bad = group.create_task(caught(store.keep(batch(probe, 1, b"other"))))
            good = [group.create_task(store.keep(batch(probe, sequence))) for sequence in (2, 3)]
    assert bad.result() == "conflict"
    assert [task.result().result for task in good] == ["new", "new"]


async def caught(work: object) -> str:
    with pytest.raises(Refused) as found:
        await work  # type: ignore[misc]  # a coroutine
    return found.value.reason


async def test_where_a_probe_stands_survives_a_restart(tmp_path: Path) -> None:
    probe = probe_in(tmp_path)
    async with store_in(tmp_path) as store:
        await store.keep(batch(probe, 2, network=ALMATY))
    async with store_in(tmp_path) as store:
        kept = await store.keep(batch(probe, 1))
    assert kept.mark.high_water == 2
    (member,) = load(tmp_path, NOW_MS).members
    assert (member.place.region, member.heard) == ("KZ-75", NOW)


async def test_what_follows_from_a_batch_is_there_with_it(tmp_path: Path) -> None:
    probe = probe_in(tmp_path)
    report = StationReport(id="r", station="KZ-71-0379", kind="open", at=stamp(NOW))
    older = replace(report, id="q", at=stamp(NOW - 60))
    async with store_in(tmp_path) as store:
        await store.keep(batch(probe, 1, control=[seen("a")], reports=[report]))
        await store.keep(batch(probe, 2, control=[seen("a", "down", at=NOW - 60)], reports=[older]))
    loaded = load(tmp_path, NOW_MS)
    assert loaded.control == [(probe, seen("a"))]
    assert loaded.reports == [report]
    assert [found.raw for found in loaded.recent] == [batch(probe, 1).raw, batch(probe, 2).raw]
    assert load(tmp_path, NOW_MS + 1).recent == []


async def test_every_witness_and_every_contradiction_outlives_a_restart(tmp_path: Path) -> None:
    probe = probe_in(tmp_path)
    first = StationReport(
        id="r",
        station="KZ-71-0379",
        kind="sheet",
        value="aa",
        mark="1",
        at=stamp(NOW),
        proof="seal",
        sender="p1",
    )
    told = [
        first,
        replace(first, sender="p2"),
        replace(first, link="smpp"),
        replace(first, id="q", value="bb"),
    ]
    async with store_in(tmp_path) as store:
        await store.keep(batch(probe, 1, reports=told[:2]))
        await store.keep(batch(probe, 2, reports=told[2:]))
    stations = Stations()
    for report in load(tmp_path, NOW_MS).reports:
        stations.take(report)
    (seen,) = stations
    assert sorted((one.report, one.witnesses) for one in seen.disputed) == [("q", 1), ("r", 3)]


@pytest.mark.parametrize(
    ("token", "now_ms"),
    [("never made", NOW_MS), ("token-of-probe-1", NOW_MS), ("a fresh one", NOW_MS + 60_000)],
    ids=["unknown", "used by another key", "expired"],
)
async def test_an_invite_that_does_not_enrol(tmp_path: Path, token: str, now_ms: int) -> None:
    probe_in(tmp_path, 1)
    with transaction(tmp_path) as session:
        session.invite(
            Invite(print=invite_print("a fresh one"), role="probe", made_ms=NOW_MS, expires_ms=NOW_MS + 1000)
        )
    async with store_in(tmp_path) as store:
        assert await caught(store.enrol(new_probe(2, token, now_ms))) == "invite"


async def test_an_answer_that_was_lost_can_be_asked_for_again(tmp_path: Path) -> None:
    probe = probe_in(tmp_path, 1)
    async with store_in(tmp_path) as store:
        again = await store.enrol(new_probe(1, "token-of-probe-1", NOW_MS + 86_400_000))
    assert again.number == probe


async def test_a_revoked_key_stays_out_and_the_server_hears_of_it(tmp_path: Path) -> None:
    probe_in(tmp_path, 1)
    heard = Heard()
    async with store_in(tmp_path, listener=heard) as store:
        await store.keep(batch(1, 1))
        await asyncio.to_thread(revoke, tmp_path, key(1).id, TestClock())
        async with asyncio.timeout(5):
            await heard.of_members.wait()
        assert [member.revoked for member in heard.enrolled] == [True]
        assert await caught(store.enrol(new_probe(1, "token-of-probe-1"))) == "revoked"


async def test_too_many_who_wait_are_sent_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "MAX_WAITING", 40)
    monkeypatch.setattr(writer, "MAX_GROUP", 20)
    probe = probe_in(tmp_path)
    blocker = open_database(tmp_path)
    blocker.execute("BEGIN IMMEDIATE")
    async with store_in(tmp_path) as store:
        async with asyncio.TaskGroup() as group:
            waiting = [
                group.create_task(outcome(store.keep(batch(probe, n + 1)))) for n in range(2 * 40 + 30)
            ]
            await asyncio.sleep(0.3)
            blocker.execute("ROLLBACK")
            blocker.close()
        results = {task.result() for task in waiting}
    # On a machine that is very busy the lock may outlast the patience of one group: "storage", and again.
    assert {"new", "busy"} <= results <= {"new", "busy", "storage"}


async def outcome(work: object) -> str:
    try:
        kept = await work  # type: ignore[misc]  # a coroutine
    except Refused as refused:
        return refused.reason
    return str(kept.result)


def test_a_newer_database_is_refused_in_one_line(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(BadInput, match="written by a newer Dabyl"):
        load(tmp_path, 0)


def test_a_file_that_is_no_database_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"words" * 1000)
    with pytest.raises(BadInput, match="not a database"):
        load(tmp_path, 0)


def test_two_servers_do_not_share_a_folder(tmp_path: Path) -> None:
    with (
        locked(tmp_path / "new"),
        pytest.raises(BadInput, match="another collector"),
        locked(tmp_path / "new"),
    ):
        pass
    with locked(tmp_path / "new"):
        pass


def test_a_file_system_without_locks_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(BadInput, match="No locks available"), locked(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match="Not a directory"), locked(tmp_path / "file" / "data"):
        pass


async def test_keys_are_compared_again_only_when_one_is_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[list[KeyLine]] = []

    def counted(connection: sqlite3.Connection) -> list[KeyLine]:
        read.append(enrolled_keys(connection))
        return read[-1]

    monkeypatch.setattr(compaction, "enrolled_keys", counted)
    probe = probe_in(tmp_path)
    async with store_in(tmp_path) as store:
        for sequence in (1, 2, 3):
            await store.keep(batch(probe, sequence))
            await store.archive(0)
        assert len(read) == 1
        other = probe_in(tmp_path, 2)
        await store.keep(batch(other, 1))
        await store.archive(0)
    assert len(read) == 2
    assert [line.probe for line in written_keys(keys_path(tmp_path))] == [key(1).id, key(2).id]
