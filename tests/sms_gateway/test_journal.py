"""The journal: pieces in their order, read in portions, each exactly once through any restart."""

from __future__ import annotations

import sqlite3

import pytest

from sms_gateway import journal


def _put(db: sqlite3.Connection, *pieces: bytes, at: float = 1.0) -> None:
    journal.put(db, "a", "s1", at, pieces)


def _read_all(db: sqlite3.Connection, most: int) -> list[bytes]:
    found: list[bytes] = []
    while entries := journal.unread(db, most):
        assert sum(len(one.pieces) for one in entries) <= most
        found += [piece for one in entries for piece in one.pieces]
        journal.read(db, entries)
    return found


@pytest.mark.parametrize("most", [1, 2, 3, 7, 64])
def test_portions_of_any_size_give_every_piece_once_and_in_order(db: sqlite3.Connection, most: int) -> None:
    _put(db, b"1", b"2", b"3")
    _put(db, b"4")
    _put(db, *(b"%d" % number for number in range(5, 21)))
    assert _read_all(db, most) == [b"%d" % number for number in range(1, 21)]
    assert db.execute("SELECT count(*) FROM journal").fetchone() == (0,)


def test_what_was_read_in_part_goes_on_where_it_was(db: sqlite3.Connection) -> None:
    _put(db, b"1", b"2", b"3")
    journal.read(db, journal.unread(db, 2))
    (entry,) = journal.unread(db, 9)
    assert (entry.first, entry.pieces, entry.last, entry.link, entry.session) == (2, (b"3",), True, "a", "s1")
    assert journal.waiting(db) == (1, 1.0)


def test_what_was_not_settled_is_read_again_under_the_same_number(db: sqlite3.Connection) -> None:
    _put(db, b"1", b"2")
    assert journal.unread(db) == journal.unread(db)


def test_a_rows_number_is_never_used_again(db: sqlite3.Connection) -> None:
    _put(db, b"1")
    (first,) = journal.unread(db)
    journal.read(db, [first])
    _put(db, b"1")
    (second,) = journal.unread(db)
    assert second.row > first.row


def test_an_empty_journal_has_nothing(db: sqlite3.Connection) -> None:
    assert journal.unread(db) == []
    assert journal.waiting(db) == (0, 0.0)
