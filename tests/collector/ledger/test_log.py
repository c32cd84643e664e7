"""The log: what is appended is there once, signed, and cannot be forked; whatever is killed or restored."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.ledger.checking import check
from collector.ledger.log import LedgerFault, Log
from collector.ledger.sources import Shelf
from collector.ledger.tables import HEAD_FILE, LOG_FILE
from wire.errors import BadInput, BadSignature
from wire.ledger import Entry, entry_bytes
from wire.notes import ED25519, Signer, verified
from wire.signing import SigningKey

SIGNER = Signer("ledger.example/2026", ED25519, SigningKey(b"l" * 32))


def entry(number: int) -> bytes:
    at = "2026-11-22T15:00:00.000Z"
    return entry_bytes(Entry(kind="claim", at=at, station=f"KZ-71-{number:04d}", sha256=f"{number:064x}"))


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with Log(tmp_path, SIGNER) as opened:
        yield opened


def faults(folder: Path) -> list[str]:
    with Shelf(folder, str(SIGNER.key)) as shelf:
        return check(shelf, SIGNER.key).faults


def test_a_new_log_is_empty_and_signed(log: Log) -> None:
    assert log.head.checkpoint.size == 0
    assert verified(log.head.note, [SIGNER.key])
    assert faults(log.folder) == []


def test_entries_stand_in_their_order_and_the_head_covers_them(log: Log) -> None:
    done = log.append([entry(1), entry(2)])
    assert done.indexes == (0, 1)
    assert done.head.checkpoint.size == 2
    assert log.append([entry(3)]).indexes == (2,)
    assert log.head.checkpoint.size == 3
    assert faults(log.folder) == []


def test_the_same_entry_again_is_where_it_was(log: Log) -> None:
    log.append([entry(1)])
    assert log.append([entry(2), entry(1), entry(2)]).indexes == (1, 0, 1)
    assert log.head.checkpoint.size == 2


def test_an_entry_that_is_too_long_is_refused_and_nothing_happens(log: Log) -> None:
    with pytest.raises(BadInput, match="at most 4096 bytes"):
        log.append([entry(1), b"x" * 4097])
    assert log.head.checkpoint.size == 0


@pytest.mark.parametrize("count", [1, 255, 256, 257, 700])
def test_it_goes_on_where_it_was(tmp_path: Path, count: int) -> None:
    with Log(tmp_path, SIGNER) as log:
        log.append([entry(number) for number in range(count)])
    with Log(tmp_path, SIGNER) as log:
        assert log.append([entry(count), entry(0)]).indexes == (count, 0)
    assert faults(tmp_path) == []


def test_two_instances_on_one_store_do_not_fork_it(tmp_path: Path) -> None:
    with Log(tmp_path, SIGNER) as one, Log(tmp_path, SIGNER) as other:
        for number in range(0, 40, 2):
            assert one.append([entry(number)]).indexes == (number,)
            assert other.append([entry(number + 1), entry(number)]).indexes == (number + 1, number)
    assert faults(tmp_path) == []


def test_a_restored_copy_of_the_entries_is_refused(tmp_path: Path) -> None:
    with Log(tmp_path, SIGNER) as log:
        log.append([entry(1)])
    shutil.copy(tmp_path / LOG_FILE, tmp_path / "copy")
    with Log(tmp_path, SIGNER) as log:
        log.append([entry(2)])
    for left in tmp_path.glob(f"{LOG_FILE}*"):
        left.unlink()
    shutil.copy(tmp_path / "copy", tmp_path / LOG_FILE)
    with pytest.raises(LedgerFault, match="of 2 entries, only 1 are here: an old copy"):
        Log(tmp_path, SIGNER)


def test_a_lost_head_is_not_begun_anew(tmp_path: Path) -> None:
    with Log(tmp_path, SIGNER) as log:
        log.append([entry(1)])
    for left in tmp_path.glob(f"{HEAD_FILE}*"):
        left.unlink()
    with pytest.raises(LedgerFault, match="not begun anew"):
        Log(tmp_path, SIGNER)


def test_the_head_may_live_elsewhere(tmp_path: Path) -> None:
    with Log(tmp_path / "log", SIGNER, tmp_path / "head") as log:
        log.append([entry(1)])
    assert (tmp_path / "head" / HEAD_FILE).exists()
    assert not (tmp_path / "log" / HEAD_FILE).exists()


def test_another_key_cannot_go_on(tmp_path: Path) -> None:
    Log(tmp_path, SIGNER).__exit__()
    with pytest.raises(BadSignature, match="no key that is known"):
        Log(tmp_path, Signer(SIGNER.name, ED25519, SigningKey(b"x" * 32)))


def test_below_the_free_space_floor_nothing_is_signed(log: Log) -> None:
    log.free_floor_bytes = 1 << 62
    with pytest.raises(LedgerFault, match="bytes are free"):
        log.append([entry(1)])
    assert log.head.checkpoint.size == 0


@pytest.mark.parametrize(
    "change",
    ["UPDATE entries SET entry = CAST(replace(entry, '0001', '0007') AS BLOB) WHERE at = 1", "DELETE FROM entries WHERE at = 1",
     "UPDATE tiles SET hashes = zeroblob(8192)"],
)  # fmt: skip
def test_a_changed_byte_anywhere_is_found(tmp_path: Path, change: str) -> None:
    with Log(tmp_path, SIGNER) as log:
        log.append([entry(number) for number in range(300)])
    sqlite3.connect(tmp_path / LOG_FILE, isolation_level=None).execute(change)
    assert faults(tmp_path)
    if "tiles" not in change:
        with pytest.raises(LedgerFault):
            Log(tmp_path, SIGNER)


class Tripping:
    """Commits, but for one of them: it fails before, or after it was done."""

    def __init__(self, at: int, is_persisted: bool) -> None:
        self.left, self.is_persisted = at, is_persisted

    def __call__(self, connection: sqlite3.Connection) -> None:
        self.left -= 1
        if self.left or self.is_persisted:
            connection.execute("COMMIT")
        if not self.left:
            raise sqlite3.OperationalError("disk I/O error")


@pytest.mark.parametrize("goes_on", ["the same process", "a new process"])
@pytest.mark.parametrize("is_persisted", [False, True])
@pytest.mark.parametrize("step", [1, 2])
@pytest.mark.parametrize("count", [1, 300])
def test_every_durable_step_may_fail_done_or_not_done(
    tmp_path: Path, count: int, step: int, is_persisted: bool, goes_on: str
) -> None:
    log = Log(tmp_path, SIGNER)
    log.append([entry(number) for number in range(10)])
    usual, log.commit = log.commit, Tripping(step, is_persisted)
    more = [entry(number) for number in range(10, 10 + count)]
    with pytest.raises(sqlite3.OperationalError):
        log.append(more)
    log.commit = usual
    assert faults(tmp_path) == []
    if goes_on == "a new process":
        log.__exit__()
        log = Log(tmp_path, SIGNER)
    assert log.append([entry(5), *more]).indexes == (5, *range(10, 10 + count))
    assert log.head.checkpoint.size == 10 + count
    assert faults(tmp_path) == []
    log.__exit__()
