"""Titles and headers, whatever a server sends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.pages import MAX_TITLE_CHARS, kept_headers, title_of


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
