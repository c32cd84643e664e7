"""Titles and headers, whatever a server sends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.pages import MAX_TITLE_CHARS, clock_offset_s, kept_headers, title_of


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    [
        (b"<title>News</title>", "", "News"),
        (b"<TITLE lang=kk>\n  Two \t words </TITLE>", "text/html", "Two words"),
        (b"<title>A &amp; B &#171;c&#187;</title>", "", "A & B «c»"),
        ("<title>Қазақстан</title>".encode(), "text/html; charset=utf-8", "Қазақстан"),
        ("<title>Новости</title>".encode("windows-1251"), "text/html; charset=windows-1251", "Новости"),
        (b'<meta charset="koi8-r"><title>' + "Да".encode("koi8-r") + b"</title>", "text/html", "Да"),
        (b"<title>x</title>", "text/html; charset=zip", "x"),
        (b"<title>x</title>", "text/html; charset=utf-99", "x"),
        (b"<title>You are 203.0.113.9</title>", "", "You are [address]"),
        (b"<title>&#9;&#x41;&#99999999;&#" + b"9" * 5_000 + b";&#" + b"0" * 7_000 + b"66;</title>", "", "A"),
        (b"<title>unfinished", "", ""),
        (b"", "", ""),
        (b"<title>" + b"a" * 500 + b"</title>", "", "a" * MAX_TITLE_CHARS),
    ],
)
def test_a_title_is_read(body: bytes, content_type: str, title: str) -> None:
    assert title_of(body, content_type) == title


@given(
    st.binary(max_size=400),
    st.sampled_from(["", "charset=utf-7", "charset=utf-16", "charset=gb18030", "charset=cp037"]),
)
def test_any_body_has_a_title_that_can_be_kept(body: bytes, content_type: str) -> None:
    title = title_of(b"<title>" + body + b"</title>", content_type)
    assert len(title) <= MAX_TITLE_CHARS
    title.encode("utf-8")


def test_headers_that_say_who_answered_are_kept_and_cookies_never() -> None:
    headers = [("server", "nginx"), ("set-cookie", "id=1"), ("via", "1.1 203.0.113.7"), ("etag", "x" * 999)]
    assert kept_headers(headers) == {"server": "nginx", "via": "1.1 [address]", "etag": "x" * 256}


@pytest.mark.parametrize(
    ("date", "age", "offset"),
    [
        ("Fri, 20 Nov 2026 12:00:00 GMT", "", 0.0),
        ("Fri, 20 Nov 2026 10:00:20 GMT", "", 7200.0),
        ("Fri, 20 Nov 2026 10:00:00 GMT", "7200", 0.0),
        ("Sat, 20 Nov 2027 12:00:00 GMT", "old", -31536000.0),
        ("Friday, 20-Nov-26 12:00:00 GMT", "", 0.0),
        ("yesterday", "", None),
        ("", "", None),
        ("Fri, 20 Nov 1626 12:00:00 GMT", "", None),
        ("Fri, 20 Nov 2026 12:00:00 -0000", "", 0.0),
        ("Fri, 20 Nov 99999999999 12:00:00 GMT", "", None),
        ("Fri, 20 Nov 2026 99999999999999999999:00:00 GMT", "", None),
        ("Fri, 20 Nov 2026 12:00:00 +99999999999999999999", "", None),
        ("Fri, 20 Nov 2026 12:00:00 GMT", "9" * 400, 0.0),
        ("Fri, 20 Nov 2026 12:00:00 GMT", "9" * 5_000, 0.0),
    ],
)
def test_a_page_tells_the_time(date: str, age: str, offset: float | None) -> None:
    assert clock_offset_s(date, age, datetime(2026, 11, 20, 12, tzinfo=UTC)) == offset


NUMBERS = st.integers(0, 10**30).map(str) | st.sampled_from(["", "0", "01", "9" * 4_301, "-1"])
DATES = st.builds(
    "{}, {} {} {} {}:{}:{} {}{}".format,
    st.sampled_from(["Fri", "Friday", ""]), NUMBERS, st.sampled_from(["Nov", "11", "x"]), NUMBERS, NUMBERS, NUMBERS,
    NUMBERS, st.sampled_from(["", "+", "-", "GMT", "EST"]), NUMBERS,
)  # fmt: skip


@given(st.text(max_size=60) | DATES, st.text(max_size=12) | NUMBERS)
def test_any_date_gives_an_offset_or_none(date: str, age: str) -> None:
    found = clock_offset_s(date, age, datetime(2026, 11, 20, 12, tzinfo=UTC))
    assert found is None or abs(found) <= 1e10
