from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.catalogue import say
from sms_gateway.core.intake import Desk, Taken, take
from sms_gateway.core.message import Message
from sms_gateway.core.reading import Rejected
from sms_gateway.core.sender import sender_print
from wire import canonical
from wire.facts import regions
from wire.records import StationReport
from wire.times import format_time

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
DESK = Desk(regions=regions(), key=bytes(32), say=say)
PHONE = "+77011234567"
OPEN = Message(link="kannel", id="m1", sender=PHONE, recipient="1234", text="KZ-71-0379 OPEN")


def _take(
    message: Message = OPEN, *, answers: bool = True, now: datetime = NOW, **changes: str | None
) -> Taken:
    fields = {name: getattr(message, name) for name in message.__struct_fields__} | changes
    return take(Message(**fields), now, DESK, answers)


def test_a_text_becomes_a_report_an_answer_and_a_row_without_the_number() -> None:
    taken = _take()
    assert taken.report is not None
    assert (taken.report.station, taken.report.kind, taken.report.value) == ("KZ-71-0379", "open", "")
    assert (taken.report.channel, taken.report.link, taken.report.at) == ("sms", "kannel", format_time(NOW))
    assert taken.report.sender == taken.print == sender_print(DESK.key, PHONE)
    assert taken.answer is not None
    assert (taken.answer.sender, taken.answer.recipient) == ("1234", PHONE)
    assert taken.answer.text == "KZ-71-0379 OPEN: received"
    for kept in (taken.report, taken.read, taken.print, taken.key):
        assert b"7011234567" not in canonical.encode(kept)


def test_a_report_is_what_the_wire_says_it_is() -> None:
    taken = _take(text="света нет 71 379")
    assert taken.report is not None
    assert canonical.Decoder(StationReport)(canonical.encode(taken.report)) == taken.report


def test_a_rejected_text_is_answered_and_not_reported() -> None:
    taken = _take(text="Привет")
    assert taken.report is None
    assert taken.answer is not None
    assert taken.answer.text.startswith("Есть лишнее слово")


def test_bytes_in_no_alphabet_are_kept_as_undecodable_and_answered() -> None:
    taken = _take(text=None)
    assert taken.read == Rejected(error="undecodable")
    assert (taken.text, taken.report) == ("", None)
    assert taken.answer is not None


@pytest.mark.parametrize("sender", ["KCELL", "1414", "1234"])
def test_names_short_codes_and_ourselves_are_reported_and_not_answered(sender: str) -> None:
    taken = _take(sender=sender)
    assert taken.answer is None
    assert taken.report is not None


def test_a_link_that_cannot_send_gets_no_answers() -> None:
    assert _take(answers=False).answer is None


def test_the_links_id_is_the_key_and_gives_the_report_its_id() -> None:
    first, again, other = _take(), _take(text="KZ-71-0379 CLOSED"), _take(id="m2")
    assert first.key == again.key == "id:m1"
    ids = [taken.report.id if taken.report else None for taken in (first, again, other)]
    assert ids[0] == ids[1] != ids[2]
    assert None not in ids


def test_without_an_id_the_content_is_the_key() -> None:
    at = "2026-11-22T03:59:00.000Z"
    same = [_take(id="", at=at).key, _take(id="", at=at, now=NOW + timedelta(hours=1)).key]
    others = [
        _take(id="", at=at, text="x").key,
        _take(id="", at=at, sender="+77011234568").key,
        _take(id="", at="").key,
    ]
    assert same[0] == same[1]
    assert len({same[0], *others}) == 4


@pytest.mark.parametrize(
    ("ahead", "believed"),
    [
        (timedelta(0), True),
        (timedelta(minutes=-30), True),
        (timedelta(minutes=4), True),
        (timedelta(minutes=6), False),
        (timedelta(days=-29), True),
        (timedelta(days=-31), False),
    ],
)
def test_a_links_clock_is_believed_within_bounds(ahead: timedelta, believed: bool) -> None:
    said = format_time(NOW + ahead)
    assert _take(at=said).at == (said if believed else format_time(NOW))


@given(text=st.text(), sender=st.text(min_size=1), ident=st.text(max_size=20), recipient=st.text(max_size=20))
def test_any_message_is_worked_out(text: str, sender: str, ident: str, recipient: str) -> None:
    taken = _take(text=text, sender=sender, id=ident, recipient=recipient)
    assert (taken.report is None) == isinstance(taken.read, Rejected)
