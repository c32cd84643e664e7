"""A clock that ran ahead and was set back: nothing is held up, nobody is taken for somebody who came lately."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest

from sms_gateway import alerts, assemblies, inbox, outbox, reports
from sms_gateway.core.again import DOUBT_S, Came, Lately
from sms_gateway.core.incoming import Part
from sms_gateway.core.joining import WHOLE_S, Table
from sms_gateway.core.pdu.header import Join
from sms_gateway.core.reassembly import Place, add, slot_of
from tests.sms_gateway.harness import NOW, RULES, taken
from wire.times import format_time

AHEAD = timedelta(days=400)
AHEAD_S = AHEAD.total_seconds()
NOW_S = NOW.timestamp()


def _came(session: str, at: float, what: bytes = b"off") -> Came:
    return Came(link="a", session=session, at=at, print=what)


def test_the_same_text_in_another_session_is_no_repetition_of_one_from_the_future() -> None:
    lately = Lately([_came("s1", AHEAD_S)])
    assert not lately.is_again(_came("s2", 0.0), ())


def test_the_last_piece_of_a_session_is_the_one_that_came_last(db: sqlite3.Connection) -> None:
    pieces = [_came("s1", AHEAD_S, b"on"), _came("s1", 5.0)]
    assert Lately(pieces).is_again(_came("s2", 6.0), ())
    assemblies.remember(db, pieces)
    assemblies.forget(db, before=0.0)
    assert Lately(assemblies.load(db).lately).is_again(_came("s2", 6.0 + DOUBT_S), ())


@pytest.mark.parametrize(("whole", "patience_s"), [(False, 60.0), (True, WHOLE_S)])
def test_parts_from_the_future_are_not_awaited_until_then(whole: bool, patience_s: float) -> None:
    parts = [
        Part(sender="+7701", alphabet="ascii", payload=b"a", join=Join(reference=1, width=8, total=2, part=number))
        for number in (1, 2)[: 1 + whole]
    ]  # fmt: skip
    known = None
    for part in parts:
        slot = slot_of(part, bytes(32))
        assert slot is not None
        known = add(Place(slot=slot, link="a", now=AHEAD_S), known, part).assembly
    assert known is not None
    assert list(Table(bytes(32), [known], []).late(AHEAD_S - patience_s, partial_s=60.0)) == []
    assert list(Table(bytes(32), [known], []).late(0.0, partial_s=60.0)) == [known]


def test_a_text_that_was_queued_in_the_future_is_sent_now(db: sqlite3.Connection) -> None:
    inbox.put(db, taken(after_s=AHEAD_S), RULES)
    assert len(outbox.due(db, NOW_S, 9)) == 1


def test_answers_and_guesses_of_the_future_are_not_held_against_a_number(db: sqlite3.Connection) -> None:
    for number in range(9):
        inbox.put(db, taken(f"open 71 {number + 1}", f"m{number}", after_s=AHEAD_S + number), RULES)
    inbox.put(db, taken("closed 71 1", "now"), RULES)
    assert db.execute("SELECT reply FROM inbox WHERE key = 'id:now'").fetchone() == ("pending",)


def test_old_texts_are_forgotten_behind_texts_of_the_future(
    db: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "_TRIM_ROWS", 1)
    for ident, after_s in (("future", AHEAD_S), ("old", 0.0)):
        inbox.put(db, taken(ident=ident, after_s=after_s), RULES)
    db.execute("UPDATE inbox SET reply = 'sent'")
    now = format_time(NOW + timedelta(days=40))
    assert inbox.trim(db, format_time(NOW + timedelta(days=10)), now) == 1
    assert db.execute("SELECT key FROM inbox").fetchall() == [("id:future",)]


def test_a_sign_of_life_from_the_future_does_not_hide_that_the_monitoring_died(
    db: sqlite3.Connection,
) -> None:
    reports.note(db, alerts.HEARD, str(NOW_S + AHEAD_S))
    assert [alerts.watch(db, NOW_S + after, 600.0) for after in (0, 500, 700)] == ["", "", "blind"]
