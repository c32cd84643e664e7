"""The outbox and what is remembered of what was sent."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from msgspec import structs

from sms_gateway import outbox, schema
from sms_gateway.core.dispatch import Priority
from sms_gateway.core.incoming import Delivery, Receipt
from sms_gateway.core.smpp.receipt import forms
from sms_gateway.outbox import Letter, Tried

PHONE, WHO = "+77011234567", "ab-67"


LETTER = Letter(link="a", sender="1234", recipient=PHONE, text="hi", at=0.0, expires_at=0.0)


def _letter(at: float = 0.0, text: str = "hi", priority: Priority = "reply") -> Letter:
    return structs.replace(LETTER, at=at, expires_at=at + 100, text=text, priority=priority)


def _sent(db: sqlite3.Connection, *ids: str, link: str = "a", at: float = 10.0) -> None:
    number = outbox.add(db, _letter(at))
    outbox.settle(
        db, [Tried(id=number, link=link, outcome="accepted", print=WHO, ids=ids, parts=len(ids), at=at)]
    )


def _receipt(
    db: sqlite3.Connection, name: str, state: Delivery = "delivered", who: str = WHO, link: str = "a"
) -> Delivery | None:
    return outbox.received(db, link, Receipt(ids=tuple(forms(name)), state=state), (who, 20.0))


def _states(db: sqlite3.Connection) -> list[str]:
    return [one for (one,) in db.execute("SELECT state FROM sent ORDER BY id")]


def test_alerts_go_before_replies_and_the_older_before_the_younger(db: sqlite3.Connection) -> None:
    order: list[tuple[float, Priority]] = [(1.0, "reply"), (2.0, "alert"), (3.0, "alert")]
    for at, priority in order:
        outbox.add(db, _letter(at, f"{priority} {at}", priority))
    assert [one.text for one in outbox.due(db, 9.0, 9)] == ["alert 2.0", "alert 3.0", "reply 1.0"]


def test_a_link_that_refuses_is_noted_and_the_text_stays(db: sqlite3.Connection) -> None:
    number = outbox.add(db, _letter())
    outbox.settle(db, [Tried(id=number, link="a", outcome="refused")])
    outbox.settle(db, [Tried(id=number, link="b", outcome="refused")])
    assert [(one.refused_by, one.attempts) for one in outbox.due(db, 9.0, 9)] == [(("a", "b"), 0)]
    outbox.settle(db, [Tried(id=number, outcome="ended")])
    assert outbox.due(db, 9.0, 9) == []


def test_a_link_that_is_slow_costs_the_text_no_try(db: sqlite3.Connection) -> None:
    number = outbox.add(db, _letter())
    outbox.settle(db, [Tried(id=number, outcome="later", counts=False), Tried(id=number, outcome="later")])
    assert outbox.due(db, 9.0, 9)[0].attempts == 1


def test_the_parts_of_a_day_are_counted_for_each_link(db: sqlite3.Connection) -> None:
    _sent(db, "1", "2", at=10.0)
    _sent(db, "3", link="b", at=50_000.0)
    assert outbox.sent_today(db, 86_405.0) == {"a": 2, "b": 1}
    assert outbox.sent_today(db, 86_410.0) == {"b": 1}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("A1", "A1"), ("000000a1", "A1"), ("A1", "161"), ("161", "A1"), ("161", "0000161"), ("msg-1", "MSG-1")],
)
def test_a_receipt_finds_its_text_in_every_form_of_its_name(
    db: sqlite3.Connection, ours: str, theirs: str
) -> None:
    _sent(db, ours)
    assert _receipt(db, theirs) == "delivered"
    assert _states(db) == ["delivered"]


def test_names_that_are_each_others_other_form_are_told_apart_by_the_number(db: sqlite3.Connection) -> None:
    _sent(db, "10")
    number = outbox.add(db, _letter())
    outbox.settle(db, [Tried(id=number, link="a", outcome="accepted", print="cd-99", ids=("16",), at=11.0)])
    assert _receipt(db, "16") == "delivered"  # 0x10 to our phone, not the text that is called 16
    assert _states(db) == ["delivered", "sent"]


def test_a_receipt_of_a_number_in_another_form_still_finds_the_one_text_of_its_name(
    db: sqlite3.Connection,
) -> None:
    _sent(db, "77")
    assert _receipt(db, "77", who="other-00") == "delivered"


def test_a_receipt_of_another_link_or_of_nothing_changes_nothing(db: sqlite3.Connection) -> None:
    _sent(db, "77")
    assert _receipt(db, "77", link="b") is None
    assert outbox.received(db, "a", Receipt(ids=(), state="delivered"), (WHO, 1.0)) is None
    assert _states(db) == ["sent"]


def test_a_text_is_delivered_when_all_parts_are_and_failed_when_one_is(db: sqlite3.Connection) -> None:
    _sent(db, "1", "2")
    assert _receipt(db, "2", "waiting") == "waiting"
    _receipt(db, "2")
    assert _states(db) == ["sent"]
    _receipt(db, "1")
    assert _states(db) == ["delivered"]
    _sent(db, "3", "4")
    _receipt(db, "3")
    _receipt(db, "4", "failed")
    assert _states(db) == ["delivered", "failed"]


def test_a_receipt_may_overtake_the_name_of_its_text(db: sqlite3.Connection) -> None:
    assert _receipt(db, "A1", "failed") is None
    _sent(db, "161")
    assert _states(db) == ["failed"]


def test_what_expired_while_it_was_on_its_way_is_not_counted_twice(db: sqlite3.Connection) -> None:
    number = outbox.add(db, _letter())
    assert outbox.expire(db, 200.0) == {"a": 1}
    outbox.settle(db, [Tried(id=number, link="a", outcome="accepted", ids=("1",))])
    assert _states(db) == []


def test_old_memories_go(db: sqlite3.Connection) -> None:
    _sent(db, "1", at=10.0)
    _receipt(db, "unknown")
    outbox.trim(db, before=11.0, now=200_000.0)
    for table in ("sent", "sent_parts", "early"):
        assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608  # names of ours


def test_an_outbox_of_the_first_version_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    old = sqlite3.connect(path)
    old.executescript(schema.STEPS[0] + "PRAGMA user_version = 1;")
    old.execute("INSERT INTO outbox VALUES (7, 'a', '1234', ?, 'hi', 3, 1.0, 2.0, 99.0)", (PHONE,))
    old.commit()
    old.close()
    connection = schema.connect(path)
    (found,) = outbox.due(connection, 2.0, 9)
    assert (found.id, found.recipient, found.attempts, found.priority) == (7, PHONE, 3, "reply")
    connection.close()
