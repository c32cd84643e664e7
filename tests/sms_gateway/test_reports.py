from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from sms_gateway import inbox, queues, reports, schema
from sms_gateway.reports import Pending
from tests.sms_gateway.harness import BOOT, NOW, RULES, taken
from wire import batch
from wire.receipts import Receipt
from wire.signing import SigningKey

KEY = SigningKey(bytes(range(32)))
OTHER = "ffeeddccbbaa9988"


def seal(boot: str, sequence: int, records: Sequence[batch.Told]) -> bytes:
    return batch.seal(KEY, "dabyl/v1/report", boot, sequence, records)


def _queue(db: sqlite3.Connection, *numbers: int) -> None:
    for number in numbers:
        inbox.put(db, taken(f"open 71 {number}", f"m{number}"), RULES)


def _next(db: sqlite3.Connection) -> Pending:
    pending = reports.next_batch(db, seal)
    assert pending is not None
    return pending


def _stations(pending: Pending) -> list[str]:
    return [one.station for one in batch.reports(batch.take_apart(pending.raw))]


def _receipt(high_water: int, *missing: int) -> Receipt:
    return Receipt(result="new", boot=BOOT, high_water=high_water, missing=missing)


def test_a_batch_keeps_its_bytes_until_the_collector_has_it(db: sqlite3.Connection) -> None:
    assert reports.next_batch(db, seal) is None
    _queue(db, 1, 2)
    first = _next(db)
    _queue(db, 3)
    assert _next(db) == first
    assert (first.sequence, _stations(first)) == (1, ["KZ-71-0001", "KZ-71-0002"])
    reports.delivered(db, seal, first, _receipt(1))
    second = _next(db)
    assert (second.sequence, _stations(second)) == (2, ["KZ-71-0003"])
    reports.delivered(db, seal, second, _receipt(2))
    assert reports.next_batch(db, seal) is None


def test_a_batch_holds_no_more_than_is_allowed(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "MOST_REPORTS", 20)
    _queue(db, *range(1, 23))
    assert queues.waiting(db)["collector"].length == 22
    assert _next(db).reports == 20
    assert queues.waiting(db)["collector"].length == 22


def test_sequences_go_on_through_a_restart(tmp_path: Path) -> None:
    for expected in (1, 2):
        connection = schema.connect(tmp_path / "sms.sqlite3")
        reports.begin(connection, BOOT if expected == 1 else OTHER)
        _queue(connection, expected)
        pending = _next(connection)
        assert (pending.boot, pending.sequence) == (BOOT, expected)
        reports.delivered(connection, seal, pending, _receipt(expected))
        connection.close()


def test_what_the_collector_misses_and_we_forgot_is_filled_with_empty_batches(db: sqlite3.Connection) -> None:
    for sequence in (1, 2, 3):
        _queue(db, sequence)
        reports.delivered(db, seal, _next(db), _receipt(sequence))
    _queue(db, 4)
    reports.delivered(db, seal, _next(db), _receipt(0, 1, 3, 99))
    for sequence, receipt in ((1, _receipt(2, 3)), (3, _receipt(4))):
        filler = _next(db)
        assert (filler.sequence, filler.reports, _stations(filler)) == (sequence, 0, [])
        reports.delivered(db, seal, filler, receipt)
    assert reports.next_batch(db, seal) is None


def test_a_conflict_seals_what_waits_again_under_a_new_life(db: sqlite3.Connection) -> None:
    _queue(db, 1)
    _next(db)
    _queue(db, 2)
    reports.new_life(db, seal, OTHER)
    pending = _next(db)
    assert (pending.boot, pending.sequence, _stations(pending)) == (OTHER, 1, ["KZ-71-0001"])
    reports.delivered(db, seal, pending, _receipt(1))
    assert (_next(db).boot, _next(db).sequence, _stations(_next(db))) == (OTHER, 2, ["KZ-71-0002"])


def test_a_batch_that_will_never_be_taken_is_kept_aside_and_does_not_block_the_next(
    db: sqlite3.Connection,
) -> None:
    _queue(db, 1)
    refused = _next(db)
    reports.set_aside(db, seal, refused, ("schema: why", NOW.timestamp()))
    assert db.execute("SELECT why, raw FROM aside").fetchall() == [("schema: why", refused.raw)]
    filler = _next(db)
    assert (filler.sequence, filler.reports) == (1, 0)
    reports.delivered(db, seal, filler, _receipt(1))
    _queue(db, 2)
    assert _next(db).sequence == 2
