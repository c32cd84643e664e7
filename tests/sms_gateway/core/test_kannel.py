from __future__ import annotations

from urllib.parse import parse_qs, quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.core.kannel import fields, judge_sendsms, message, sendsms_query
from sms_gateway.core.message import Message
from wire import BadInput

KAZAKH = "KZ-71-0379 ЖАРЫҚ ЖОҚ"


def _message(query: str) -> Message:
    return message("kannel", fields(query))


def test_a_request_as_smsbox_sends_it_is_a_message() -> None:
    query = (
        "from=%2B77011234567&to=1234&text=KZ-71-0379+OPEN&id=a874acf3-0f04-4a00-b0db-ebea87f4ae18"
        "&time=2026-11-20+23:54:59&charset=UTF-8&coding=0&smsc=fake1&bin=KZ-71-0379+OPEN"
    )
    assert _message(query) == Message(
        link="kannel",
        id="a874acf3-0f04-4a00-b0db-ebea87f4ae18",
        sender="+77011234567",
        recipient="1234",
        text="KZ-71-0379 OPEN",
        at="2026-11-20T23:54:59.000Z",
    )


@pytest.mark.parametrize(
    ("charset", "coding", "codec"),
    [
        ("UTF-16BE", "2", "utf-16-be"),
        ("", "2", "utf-16-be"),
        ("UTF-8", "2", "utf-8"),
        ("UTF-8", "0", "utf-8"),
        ("utf-8", "0", "utf-8"),
        ("8-BIT", "1", "utf-8"),
        ("", "", "utf-8"),
        ("", "0", "utf-8"),
    ],
)
def test_kazakh_text_is_read_in_every_charset_that_kannel_names(
    charset: str, coding: str, codec: str
) -> None:
    text = quote(KAZAKH.encode(codec))
    assert _message(f"from=1&text={text}&charset={charset}&coding={coding}").text == KAZAKH


def test_russian_text_is_read_in_windows_1251_when_that_is_named() -> None:
    assert (
        _message(f"from=1&text={quote('СВЕТ НЕТ'.encode('cp1251'))}&charset=WINDOWS-1251").text == "СВЕТ НЕТ"
    )


@pytest.mark.parametrize(
    "query",
    [
        "from=1&text=%A71+%FF&charset=UTF-8&coding=0",
        "from=1&text=%00K%00&charset=UTF-16BE&coding=2",
        "from=1&text=%D8%00&charset=UTF-16BE&coding=2",
        "from=1&text=abc&charset=EBCDIC",
    ],
)
def test_bytes_in_no_alphabet_are_no_text_and_no_error(query: str) -> None:
    assert _message(query).text is None


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("", "unknown parameter: ''"),
        ("text=x", "the parameter 'from' is missing"),
        ("from=1", "the parameter 'text' is missing"),
        ("from=&text=x", "the parameter 'from' is empty"),
        ("from=1&text=x&foo=1", "unknown parameter: 'foo'"),
        ("from=1&text=x&text=y", "parameter twice: 'text'"),
        ("from=" + "1" * 129 + "&text=x", "the parameter 'from' has 129 bytes; 128 are allowed"),
        ("from=1&text=" + "x" * 17_000, "a query of 17012 bytes; 16384 are allowed"),
        ("from=1&text=ж", "the query holds bytes that are not escaped"),
    ],
)
def test_a_wrong_request_is_refused_in_one_line(query: str, line: str) -> None:
    with pytest.raises(BadInput) as error:
        _message(query)
    assert str(error.value) == line


@pytest.mark.parametrize("time", ["", "yesterday", "2026-02-30+10:00:00", "2026-11-20T10:00:00Z", "%FF"])
def test_a_time_that_is_none_does_not_cost_the_text(time: str) -> None:
    found = _message(f"from=1&text=x&time={time}")
    assert (found.text, found.at) == ("x", "")


def test_a_plus_that_was_not_escaped_does_not_spoil_the_number() -> None:
    assert _message("from=+77011234567&text=x").sender == "77011234567"


@given(st.one_of(st.text(), st.binary().map(lambda raw: "from=1&charset=UTF-16BE&text=" + quote(raw))))
def test_any_query_gives_a_message_or_bad_input(query: str) -> None:
    try:
        found = _message(query)
    except BadInput as error:
        assert "\n" not in str(error)
    else:
        (found.text or "").encode()  # no half of a pair got through


@pytest.mark.parametrize(
    ("text", "coding"),
    [("KZ-71-0379 OPEN: received", "0"), (KAZAKH, "2"), ("€{}", "0"), ("`", "2"), ("a&b=c+d%", "0")],
)
def test_an_answer_asks_for_ucs_2_only_when_it_needs_it(text: str, coding: str) -> None:
    asked = parse_qs(sendsms_query(("user", "p&w"), ("1234", "+77011234567"), text), strict_parsing=True)
    assert asked == {
        "username": ["user"], "password": ["p&w"], "from": ["1234"], "to": ["+77011234567"],
        "text": [text], "charset": ["UTF-8"], "coding": [coding],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (202, "accepted"),
        (400, "refused"),
        (403, "later"),
        (404, "later"),
        (500, "later"),
        (503, "later"),
        (200, "later"),
    ],
)
def test_only_202_is_an_acceptance(status: int, outcome: str) -> None:
    assert judge_sendsms(status) == outcome
