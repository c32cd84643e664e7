from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.catalogue import say
from sms_gateway.core.book import Book
from sms_gateway.core.directory import Directory, Duty
from sms_gateway.core.intake import Desk, Taken, receipt_of, take
from sms_gateway.core.message import Message
from sms_gateway.core.reading import Reading, Rejected
from sms_gateway.core.sender import sender_print
from sms_gateway.core.understanding import understand
from wire import canonical
from wire.facts import regions
from wire.records import StationReport
from wire.sealed import seal_sheet, seal_status
from wire.signing import SigningKey, to_text
from wire.stationkeys import StationKeys
from wire.times import format_time
from wire.typed import Typed, written

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
    assert taken.answer.text == f"KZ-71-0379 OPEN: received, N {receipt_of(taken.report)}"
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


KEY = SigningKey(bytes(range(32)))
CODE = "482913"
BOOK = Book([StationKeys(station="KZ-71-0379", keys=(to_text(KEY.public),), codes=(CODE, "071325"))])
DIRECTORY = Directory(
    as_of="2026-11-01", regions={"KZ-71": Duty(prosecutor="+7 7172 55-55-55", commission="+77172111111")}
)


def _with_book(text: str, now: datetime = NOW, **changes: str) -> Taken:
    desk = Desk(
        regions=regions(),
        key=bytes(32),
        say=say,
        book=BOOK,
        directory=DIRECTORY,
        own=frozenset({"77010000000"}),
    )
    fields = {"link": "kannel", "id": "m1", "sender": PHONE, "recipient": "1234", "text": text} | changes
    return take(Message(**fields), now, desk, answers=True)  # type: ignore[arg-type]  # strings all


def _typed(word: str, kind: str, code: str = CODE, **more: str) -> str:
    return written(Typed(station="KZ-71-0379", kind=kind, code=code, **more), word)


def test_a_code_proves_a_text_and_names_its_report_by_content_alone() -> None:
    text = _typed("АШЫЛДЫ", "open")
    one, other = _with_book(text), _with_book(text.lower(), id="m2", link="smpp", sender="+77770000001")
    assert one.report is not None
    assert other.report is not None
    assert (one.report.proof, one.report.id) == ("code", other.report.id)
    assert (one.report.sender, one.report.link) != (other.report.sender, other.report.link)
    assert (one.report.by_prefix, other.report.by_prefix) == ("kcell", "beeline")
    assert one.answer is not None
    assert one.answer.text == f"KZ-71-0379 АШЫЛДЫ: қабылданды, № {receipt_of(one.report)}"


def test_a_text_without_a_code_is_said_to_lack_one_where_codes_are_known() -> None:
    taken = _with_book("открыт 71 379")
    assert taken.report is not None
    assert taken.report.proof == "none"
    assert taken.answer is not None
    assert taken.answer.text.startswith("KZ-71-0379 ОТКРЫТ: принято без кода, № ")


def test_a_sealed_sheet_is_reported_with_its_hash_its_time_and_its_text() -> None:
    at = int(NOW.timestamp()) - 60
    text = seal_sheet(KEY, "KZ-71-0379", bytes(range(32)), at)
    taken = _with_book(text)
    assert taken.report is not None
    assert (taken.report.kind, taken.report.value, taken.report.mark) == (
        "sheet",
        bytes(range(32)).hex(),
        "1",
    )
    assert (taken.report.proof, taken.report.sealed) == ("seal", text)
    assert taken.report.at == format_time(NOW - timedelta(seconds=60))
    assert taken.answer is not None
    assert "00010203:" in taken.answer.text


@pytest.mark.parametrize(
    ("hours", "error"), [(23, None), (25, "bad_time"), (-24 * 29, None), (-24 * 31, "bad_time")]
)
def test_the_time_of_a_seal_is_believed_within_bounds_and_never_ahead(hours: int, error: str | None) -> None:
    at = NOW + timedelta(hours=hours)
    taken = _with_book(seal_status(KEY, "KZ-71-0379", ("open", ""), int(at.timestamp())))
    assert (taken.read.error if isinstance(taken.read, Rejected) else None) == error
    if taken.report is not None:
        assert taken.report.at == format_time(min(at, NOW))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("71-0379 482913 АШЫЛДЫ 16", "bad_check"),
        ("71-0379 482914 АШЫЛДЫ 17", "bad_check"),
        ("71-0379 482913 АШЫЛДЫ", "no_check"),
        ("71-0379 48291 АШЫЛДЫ 17", "bad_code"),
        (_typed("АШЫЛДЫ", "open", "111111"), "unknown_code"),
        ("TEL 71-0379", "unproven"),
    ],
)
def test_what_a_code_does_not_prove_is_rejected_with_the_reason(text: str, error: str) -> None:
    taken = _with_book(text)
    assert isinstance(taken.read, Rejected)
    assert (taken.read.error, taken.report) == (error, None)
    assert taken.answer is not None


def test_the_directory_is_told_to_who_proves_a_station_and_with_its_date() -> None:
    taken = _with_book(_typed("ТЕЛЕФОН", "tel"))
    assert taken.report is None
    assert taken.answer is not None
    assert taken.answer.text == "KZ-71: прокурор +77172555555, ТИК +77172111111 (2026-11-01)"


def test_the_words_are_told_in_one_part() -> None:
    taken = _with_book(_typed("INFO", "info"))
    assert taken.answer is not None
    assert "TURNOUT" in taken.answer.text


def test_our_own_numbers_are_never_answered() -> None:
    assert _with_book("open 71 379", sender="87010000000").answer is None


def test_a_code_that_is_like_the_station_is_a_code() -> None:
    book = Book([StationKeys(station="KZ-71-0379", codes=("710379",))])
    text = _typed("ЯВКА", "turnout", "710379", count="12", mark="10")
    found = understand(text, regions(), book)
    assert isinstance(found, Reading)
    assert (found.code, found.value, found.mark, found.proof) == ("710379", "12", "10", "code")


@pytest.mark.parametrize(
    "text",
    [
        "710379482913АШЫЛДЫ17", "71 0379482913 ашылды 17", "71037948291317 АШЫЛДЫ", "KZ710379 482913 17 ашылды",
        "71-0379 482 913 ашылды 17", "71_0379_482913_АШЫЛДЫ_17", "71-0379 482913 АШЫЛДЫ-17", "71-О379 4829l3 ашылды l7",
        "71-0379 48291317 ашылды", "ашылды 71 379 482913 17",
    ],
)  # fmt: skip
def test_a_text_from_the_card_is_read_with_and_without_its_spaces(text: str) -> None:
    found = understand(text, regions(), BOOK)
    assert isinstance(found, Reading), found
    assert (found.kind, found.station, found.code, found.proof) == ("open", "KZ-71-0379", CODE, "code")
