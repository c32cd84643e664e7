"""What a record keeps of a page: a title, a few headers. Never the page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from probes.core.hosts import scrub_text

# Those that tell who answered; never a cookie.
KEPT_HEADERS: Final = frozenset({
    "server", "content-type", "content-language", "etag", "last-modified", "via", "x-cache", "x-served-by",
    "x-powered-by", "cf-ray", "retry-after", "proxy-agent", "x-squid-error", "www-authenticate",
})  # fmt: skip
MAX_TITLE_CHARS: Final = 128
_A_CENTURY_S: Final = 3e9
_MAX_HEADER_CHARS: Final = 256
_HEAD_BYTES: Final = 65_536
_TITLE: Final = re.compile(r"<title\b[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
# Python knows stranger codecs by name; a page may only ask for these.
_CHARSETS: Final = (
    "utf-",
    "utf8",
    "windows-",
    "cp",
    "iso-",
    "koi8",
    "latin",
    "us-ascii",
    "kz",
    "gb",
    "big5",
    "euc",
    "shift",
)
_AGE: Final = re.compile(r"[0-9]{1,10}")
# No character's number has so many digits, and `html.unescape` raises for one of more than Python takes.
_NO_CHARACTER: Final = re.compile(r"&#[0-9]{8,};?")
_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)


def kept_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The headers that a record keeps, by lower-case name, without literal addresses."""
    return {name: scrub_text(value)[:_MAX_HEADER_CHARS] for name, value in headers if name in KEPT_HEADERS}


def title_of(body: bytes, content_type: str) -> str:
    """The page's title: entities resolved, white space collapsed, at most 128 characters; "" when none."""
    head = body[:_HEAD_BYTES]
    found = _TITLE.search(text_of(head, content_type))
    if found is None:
        return ""
    text = " ".join(unescaped(found[1]).split())
    return scrub_text("".join(one for one in text if one.isprintable()))[:MAX_TITLE_CHARS]


def unescaped(text: str) -> str:
    """A text with its entities resolved, whatever they are."""
    return html.unescape(_NO_CHARACTER.sub("", text))


def http_date(text: str) -> datetime | None:
    """A time from a header, aware; None when it is none."""
    try:
        told = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    # "-0000": the zone is not told, but HTTP knows only GMT (RFC 9110, 5.6.7)
    return told if told.tzinfo else told.replace(tzinfo=UTC)


def clock_offset_s(date: str, age: str, now: datetime) -> float | None:
    """How far our clock is ahead of a server's, to the minute; None when it does not tell the time.

    `date`, `age`: the headers; a cache gives the time of its copy, and the copy's age in seconds.
    """
    told = http_date(date)
    if told is None:
        return None
    seconds = (now - told).total_seconds() - (int(age) if _AGE.fullmatch(age) else 0)
    return round(seconds / 60) * 60.0 if abs(seconds) < _A_CENTURY_S else None


def text_of(raw: bytes, content_type: str) -> str:
    """As text by the header's charset, else the page's own, else UTF-8; what does not fit is replaced."""
    told = _CHARSET.search(content_type.encode("latin-1", "replace")) or _CHARSET.search(raw)
    name = told[1].decode("ascii").lower() if told else "utf-8"
    if not name.startswith(_CHARSETS):
        name = "utf-8"
    try:
        return raw.decode(name, "replace")
    except (LookupError, UnicodeError):
        return raw.decode("utf-8", "replace")
