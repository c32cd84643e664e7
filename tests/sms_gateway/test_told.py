"""One report, many witnesses: what the store makes of texts that say the same, or the opposite."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from sms_gateway import inbox, schema, told
from sms_gateway.catalogue import say
from sms_gateway.core.book import Book
from sms_gateway.core.intake import Desk, Taken, take
from sms_gateway.core.message import Message
from sms_gateway.core.reading import Rejected
from sms_gateway.core.sender import sender_print
from tests.sms_gateway.harness import NOW, PHONE
from wire import canonical
from wire.facts import regions
from wire.records import StationReport
from wire.sealed import seal_sheet, seal_status
from wire.signing import SigningKey, to_text
from wire.stationkeys import StationKeys
from wire.times import format_time
from wire.typed import Typed, written

KEY = SigningKey(bytes(range(32)))
CODES = tuple(f"{number:06}" for number in range(100_000, 100_040))
BOOK = Book([StationKeys(station="KZ-71-0379", keys=(to_text(KEY.public),), codes=CODES)])
DESK = Desk(regions=regions(), key=bytes(32), say=say, book=BOOK)
RULES = inbox.Rules(replies_per_hour=100, reply_s=3600, say=say)
OTHER_PHONE = "+77770000001"
AT = int(NOW.timestamp())
_decode = canonical.Decoder(StationReport)


def typed(word: str, kind: str, code: int = 0, **more: str) -> str:
    return written(Typed(station="KZ-71-0379", kind=kind, code=CODES[code], **more), word)


class Phones:
    """Texts from phones, each with the next id."""

    def __init__(self, db: sqlite3.Connection, rules: inbox.Rules = RULES) -> None:
        self._db, self._rules, self._count = db, rules, 0
        self.last: Taken

    def say(self, text: str, sender: str = PHONE, link: str = "kannel", after_s: float = 0.0) -> str:
        """One text; gives what it was taken for."""
        self._count += 1
        message = Message(link=link, id=f"m{self._count}", sender=sender, recipient="1234", text=text)
        self.last = take(message, NOW + timedelta(seconds=after_s), DESK, answers=True)
        return inbox.put(self._db, self.last, self._rules)

    def answers(self) -> list[str]:
        """All answers that wait, in their order."""
        return [text for (text,) in self._db.execute("SELECT text FROM outbox ORDER BY id")]


def _reports(db: sqlite3.Connection) -> list[StationReport]:
    return [_decode(record) for (record,) in db.execute("SELECT record FROM reports ORDER BY id")]


def _count(db: sqlite3.Connection, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608  # a table of ours


@pytest.mark.parametrize(
    "text",
    [typed("OPEN", "open"), seal_status(KEY, "KZ-71-0379", ("open", ""), AT), seal_sheet(KEY, "KZ-71-0379", bytes(32), AT)],
    ids=["code", "status", "sheet"],
)  # fmt: skip
def test_retries_two_phones_and_two_operators_are_one_report_with_its_witnesses(
    text: str, db: sqlite3.Connection
) -> None:
    phones = Phones(db)
    outcomes = [
        phones.say(text),
        phones.say(text, after_s=9_000),
        phones.say(text, link="smpp"),
        phones.say(text, sender=OTHER_PHONE),
        phones.say(text, sender=OTHER_PHONE, link="smpp", after_s=9_000),
    ]
    assert outcomes == ["new", "repeat", "witness", "witness", "witness"]
    assert (_count(db, "told"), _count(db, "witnesses")) == (1, 4)
    sent = _reports(db)
    assert len({report.id for report in sent}) == 1
    assert len({(report.link, report.sender) for report in sent}) == len(sent) == 4
    # One answer for each person, with the same receipt.
    assert len(phones.answers()) == 2
    assert len(set(phones.answers())) == 1


def test_a_retry_of_what_nobody_proved_over_another_link_is_one_report_too(db: sqlite3.Connection) -> None:
    phones = Phones(db)
    assert phones.say("open 71 379") == "new"
    assert phones.say("open 71 379", link="smpp", after_s=30) == "witness"
    assert phones.say("open 71 379", link="smpp", after_s=40) == "repeat"
    assert phones.say("open 71 379", sender=OTHER_PHONE, after_s=30) == "new"
    assert len({report.id for report in _reports(db)}) == _count(db, "told") == 2
    assert len(phones.answers()) == 2


def test_a_code_that_was_spent_proves_nothing_else_and_both_are_kept(db: sqlite3.Connection) -> None:
    phones = Phones(db)
    assert phones.say(typed("POWER OFF", "power", value="off")) == "new"
    assert phones.say(typed("POWER ON", "power", value="on"), sender=OTHER_PHONE) == "disputed"
    first, second = _reports(db)
    assert (first.proof, first.value, second.proof, second.value) == ("code", "off", "none", "on")
    assert db.execute("SELECT id, disputed FROM told").fetchall() == [(first.id, 1)]
    assert "used before" in phones.answers()[1]
    assert (
        db.execute("SELECT read FROM inbox ORDER BY id DESC").fetchone()[0]
        == canonical.encode(Rejected(error="used_code", understood="KZ-71-0379 power on")).decode()
    )


def test_two_hashes_of_one_sheet_are_both_flagged(db: sqlite3.Connection) -> None:
    phones = Phones(db)
    phones.say(seal_sheet(KEY, "KZ-71-0379", bytes(32), AT))
    phones.say(seal_sheet(KEY, "KZ-71-0379", bytes(32), AT + 5))
    assert db.execute("SELECT sum(disputed) FROM told").fetchone() == (0,)
    phones.say(seal_sheet(KEY, "KZ-71-0379", bytes([1] * 32), AT + 9))
    assert db.execute("SELECT sum(disputed) FROM told").fetchone() == (3,)


def test_my_tells_what_is_recorded_the_newest_first_and_a_late_text_changes_nothing(
    db: sqlite3.Connection,
) -> None:
    phones = Phones(db)
    assert phones.say(typed("MY", "my", 9)) == "new"
    assert phones.answers() == ["KZ-71-0379: nothing is recorded yet"]
    phones.say(seal_status(KEY, "KZ-71-0379", ("power", "on"), AT))
    phones.say(seal_status(KEY, "KZ-71-0379", ("power", "off"), AT - 600))
    phones.say(typed("TURNOUT", "turnout", 1, count="1250", mark="12"), after_s=60)
    phones.say("power off 71 379", sender=OTHER_PHONE, after_s=90)
    assert phones.say(typed("MY", "my", 2), after_s=120) == "new"
    assert phones.answers()[-1] == "KZ-71-0379: TURNOUT 12 1250 09:01, POWER ON 09:00"
    assert len(_reports(db)) == 4


def test_strangers_who_say_much_hide_nothing_that_is_proven(db: sqlite3.Connection) -> None:
    phones = Phones(db)
    phones.say(seal_sheet(KEY, "KZ-71-0379", bytes(32), AT))
    phones.say(typed("TURNOUT", "turnout", 1, count="1250", mark="12"))
    for number in range(60):
        phones.say("seal broken 71 379", sender=f"+770100000{number:02}", after_s=number)
    phones.say(typed("MY", "my", 2), after_s=120)
    assert "TURNOUT 12 1250" in phones.answers()[-1]
    phones.say(seal_sheet(KEY, "KZ-71-0379", bytes([1] * 32), AT))
    assert db.execute("SELECT kind, count(*) FROM told WHERE disputed = 1 GROUP BY kind").fetchall() == [
        ("sheet", 2)
    ]


def test_a_store_of_before_knows_what_was_proven(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sms.sqlite3"
    with monkeypatch.context() as before:
        before.setattr(schema, "STEPS", schema.STEPS[:6])
        before.setattr(schema, "VERSION", 6)
        connection = schema.connect(path)
    for name, proven in (("sealed", 1), ("said", 0)):
        connection.execute("INSERT INTO told VALUES (?, 's', 'open', '', '', 0, x'')", (name,))
        connection.execute("INSERT INTO witnesses VALUES (?, 'a', 'p', ?)", (name, proven))
    connection.close()
    connection = schema.connect(path)
    assert connection.execute("SELECT id, proven FROM told ORDER BY id").fetchall() == [
        ("said", 0),
        ("sealed", 1),
    ]
    connection.close()


def test_who_guesses_codes_proves_nothing_for_an_hour(db: sqlite3.Connection) -> None:
    phones = Phones(db)
    for number in range(inbox.MOST_GUESSES):
        wrong = written(Typed(station="KZ-71-0379", kind="open", code=f"99999{number}"), "OPEN")
        assert phones.say(wrong, after_s=number) == "new"
    assert phones.say(typed("OPEN", "open"), after_s=10) == "disputed"
    assert phones.answers()[-1].endswith("Wait an hour")
    assert [report.proof for report in _reports(db)] == ["none"]
    assert phones.say(typed("OPEN", "open"), sender=OTHER_PHONE, after_s=11) == "new"
    assert phones.say(typed("CLOSED", "closed", 1), after_s=3_700) == "new"


def test_a_question_spends_its_code(db: sqlite3.Connection) -> None:
    phones = Phones(db)
    phones.say(typed("MY?", "my"))  # who asks with a question mark asks too
    assert phones.say(typed("OPEN", "open")) == "disputed"


def test_only_who_is_enrolled_or_has_proven_a_text_is_answered(db: sqlite3.Connection) -> None:
    enrolled = frozenset({sender_print(DESK.key, "+77772222222")})
    phones = Phones(db, replace(RULES, enrolled=enrolled))
    phones.say("open 71 379")
    assert phones.answers() == []
    phones.say("open 71 379", sender="+77772222222")
    assert len(phones.answers()) == 1
    phones.say(typed("OPEN", "open"))
    phones.say("closed 71 379")
    assert len(phones.answers()) == 3


def test_a_links_answers_end_with_its_hour(db: sqlite3.Connection) -> None:
    phones = Phones(db, replace(RULES, link_per_hour=2))
    for number in range(5):
        phones.say(f"open 71 {number + 1}", sender=f"+7701000000{number}")
    phones.say("open 71 9", link="smpp")
    phones.say("open 71 10", sender="+77010000009", after_s=3_600)
    assert db.execute("SELECT link, count(*) FROM outbox GROUP BY link").fetchall() == [
        ("kannel", 3),
        ("smpp", 1),
    ]


def test_reports_are_forgotten_with_their_texts_and_spent_codes_are_not(db: sqlite3.Connection) -> None:
    phones = Phones(db)
    phones.say(typed("OPEN", "open"))
    told.trim(db, format_time(NOW))
    assert _count(db, "told") == 1
    told.trim(db, format_time(NOW + timedelta(seconds=1)))
    assert (_count(db, "told"), _count(db, "witnesses"), _count(db, "codes")) == (0, 0, 1)
