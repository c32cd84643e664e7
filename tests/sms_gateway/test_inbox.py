from __future__ import annotations

import sqlite3
from pathlib import Path

from sms_gateway import inbox, outbox, queues, schema
from sms_gateway.inbox import REPEAT_S
from sms_gateway.outbox import Tried
from tests.sms_gateway.harness import NOW, PHONE, RULES, all_bytes, taken
from wire.times import format_time

NOW_S = NOW.timestamp()
LATER = "2026-12-31T00:00:00.000Z"


def _counts(db: sqlite3.Connection) -> dict[str, int]:
    row = db.execute(
        "SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM reports), (SELECT count(*) FROM outbox)"
    ).fetchone()
    return dict(zip(("inbox", "reports", "outbox"), row, strict=True))


def test_a_text_is_kept_with_its_report_and_its_answer(db: sqlite3.Connection) -> None:
    assert inbox.put(db, taken(), RULES) == "new"
    assert _counts(db) == {"inbox": 1, "reports": 1, "outbox": 1}


def test_the_same_message_brought_again_changes_nothing(db: sqlite3.Connection) -> None:
    inbox.put(db, taken(), RULES)
    assert inbox.put(db, taken(after_s=10_000), RULES) == "known"
    assert _counts(db) == {"inbox": 1, "reports": 1, "outbox": 1}


def test_the_same_word_under_another_id_shortly_after_is_one_report(db: sqlite3.Connection) -> None:
    inbox.put(db, taken(), RULES)
    assert inbox.put(db, taken("open kz 71 379", "m2", after_s=REPEAT_S), RULES) == "repeat"
    assert _counts(db) == {"inbox": 2, "reports": 1, "outbox": 1}


def test_the_same_word_later_is_a_second_report(db: sqlite3.Connection) -> None:
    inbox.put(db, taken(), RULES)
    assert inbox.put(db, taken(ident="m2", after_s=REPEAT_S + 1), RULES) == "new"
    assert _counts(db) == {"inbox": 2, "reports": 2, "outbox": 2}


def test_off_on_off_are_three_reports_however_fast(db: sqlite3.Connection) -> None:
    for number, value in enumerate(("off", "on", "off")):
        assert inbox.put(db, taken(f"power {value} 71 379", f"m{number}", after_s=number), RULES) == "new"
    assert _counts(db)["reports"] == 3


def test_two_people_who_say_the_same_are_two_reports(db: sqlite3.Connection) -> None:
    assert inbox.put(db, taken(), RULES) == "new"
    assert inbox.put(db, taken(ident="m2", sender="+77770000001"), RULES) == "new"


def test_two_different_texts_that_are_rejected_alike_are_both_answered(db: sqlite3.Connection) -> None:
    assert inbox.put(db, taken("hello", "m1"), RULES) == "new"
    assert inbox.put(db, taken("hullo", "m2"), RULES) == "new"
    assert inbox.put(db, taken("hullo", "m3"), RULES) == "repeat"
    assert _counts(db) == {"inbox": 3, "reports": 0, "outbox": 2}


def test_a_number_is_answered_only_within_its_budget_and_reported_beyond_it(db: sqlite3.Connection) -> None:
    for number in range(5):
        inbox.put(db, taken(f"open 71 {number + 1}", f"m{number}", after_s=number), RULES)
    inbox.put(db, taken("open 71 1", "other", sender="+77770000001"), RULES)
    assert _counts(db) == {"inbox": 6, "reports": 6, "outbox": 4}
    inbox.put(db, taken("open 71 9", "later", after_s=3700), RULES)
    assert _counts(db)["outbox"] == 5


def test_a_number_in_clear_is_nowhere_once_its_answer_ended(tmp_path: Path) -> None:
    path = tmp_path / "sms.sqlite3"
    connection = schema.connect(path)
    for number, outcome in enumerate(("accepted", "ended")):
        inbox.put(connection, taken(f"open 71 {number + 1}", f"m{number}", after_s=number), RULES)
        outbox.settle(connection, [Tried(id=number + 1, outcome=outcome)])  # type: ignore[arg-type]  # both are outcomes
    inbox.put(connection, taken("open 71 3", "m3", after_s=9), RULES)
    assert PHONE.encode() in all_bytes(tmp_path)
    assert outbox.expire(connection, NOW_S + 9 + RULES.reply_s) == {"kannel": 1}
    schema.checkpoint(connection)
    assert b"7011234567" not in all_bytes(tmp_path)
    assert connection.execute("SELECT reply FROM inbox").fetchall() == [("sent",), ("refused",), ("expired",)]
    connection.close()


def test_an_answer_that_must_wait_is_due_again_at_its_time(db: sqlite3.Connection) -> None:
    inbox.put(db, taken(), RULES)
    assert [due.recipient for due in outbox.due(db, NOW_S, 9)] == [PHONE]
    assert outbox.due(db, NOW_S, 9, busy={1}) == []
    outbox.settle(db, [Tried(id=1, outcome="later", next_at=NOW_S + 7)])
    assert outbox.due(db, NOW_S + 6, 9) == []
    assert outbox.next_due(db, NOW_S) == NOW_S + 7
    assert outbox.due(db, NOW_S + 7, 9)[0].attempts == 1


def test_old_texts_are_forgotten_unless_their_answer_waits(db: sqlite3.Connection) -> None:
    inbox.put(db, taken("open 71 1", "m1"), RULES)
    inbox.put(db, taken("open 71 2", "m2"), RULES)
    outbox.settle(db, [Tried(id=1, outcome="accepted")])
    assert inbox.trim(db, format_time(NOW), LATER) == 0
    assert inbox.trim(db, LATER, LATER) == 1
    assert db.execute("SELECT key FROM inbox").fetchall() == [("id:m2",)]


def test_the_queues_say_how_many_wait_and_since_when(db: sqlite3.Connection) -> None:
    assert queues.waiting(db) == {"collector": queues.Queue(length=0, since=0.0)}
    inbox.put(db, taken("open 71 1", "m1"), RULES)
    inbox.put(db, taken("open 71 2", "m2", after_s=5), RULES)
    assert queues.waiting(db) == {
        "collector": queues.Queue(length=2, since=NOW_S),
        "kannel": queues.Queue(length=2, since=NOW_S),
    }
