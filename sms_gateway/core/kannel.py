"""What Kannel's smsbox asks of us and what we ask of it, as bytes and values.

Seen with Kannel 1.4.5: `%a` and `%b` are the message in the charset that `%C` names, so UCS-2 comes as
UTF-16BE; a text of 8 bits has `%C` = `8-BIT`; `%t` is UTC. smsbox tries again after any status but 200 and
202, 4xx included, when `http-request-retry` is set: so 400 is only for what no Kannel sends.
"""

from __future__ import annotations

import re
from typing import Final, Literal
from urllib.parse import quote, unquote_to_bytes, urlencode

from sms_gateway.core.gsm import parts
from sms_gateway.core.message import Message
from wire.errors import BadInput, BadRecord
from wire.times import format_time, parse_time

MAX_QUERY_BYTES: Final = 16_384
_MAX_FIELD_BYTES: Final = 128
_KNOWN: Final = frozenset({"from", "to", "text", "id", "time", "charset", "coding", "smsc", "bin", "key"})
_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)", re.ASCII)
_UCS2: Final = "2"
_CHARSETS: Final = {
    "utf-8": "utf-8", "utf8": "utf-8", "ascii": "utf-8", "us-ascii": "utf-8", "8-bit": "utf-8",
    "utf-16be": "utf-16-be", "ucs-2": "utf-16-be", "ucs2": "utf-16-be", "utf-16": "utf-16-be",
    "iso-8859-1": "latin-1", "latin1": "latin-1", "windows-1251": "cp1251", "cp1251": "cp1251",
    "koi8-r": "koi8-r", "windows-1252": "cp1252",
}  # fmt: skip

Outcome = Literal["accepted", "later", "refused"]


def fields(query: str) -> dict[str, bytes]:
    """The parameters of a query, as bytes; `BadInput` when too long, repeated, unknown or not escaped."""
    if len(query) > MAX_QUERY_BYTES:
        raise BadInput(f"a query of {len(query)} bytes; {MAX_QUERY_BYTES} are allowed")
    if not query.isascii():
        raise BadInput("the query holds bytes that are not escaped")
    found: dict[str, bytes] = {}
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name not in _KNOWN or name in found:
            raise BadInput(f"{'parameter twice' if name in found else 'unknown parameter'}: {name[:20]!r}")
        found[name] = unquote_to_bytes(value.replace("+", " "))
    return found


def message(link: str, found: dict[str, bytes]) -> Message:
    """The text in a request's parameters; raises `BadInput` with a line that holds no number."""
    for name in ("from", "text"):
        if name not in found:
            raise BadInput(f"the parameter {name!r} is missing")
    sender = _word(found, "from")
    if not sender:
        raise BadInput("the parameter 'from' is empty")
    return Message(
        link=link,
        id=_word(found, "id"),
        sender=sender,
        recipient=_word(found, "to"),
        text=_text(found["text"], _word(found, "charset"), _word(found, "coding")),
        at=_at(_word(found, "time")),
    )


def _word(found: dict[str, bytes], name: str) -> str:
    raw = found.get(name, b"")
    if len(raw) > _MAX_FIELD_BYTES:
        raise BadInput(f"the parameter {name!r} has {len(raw)} bytes; {_MAX_FIELD_BYTES} are allowed")
    # A `+` that was not escaped arrives as a space: numbers begin with it.
    return raw.decode("utf-8", "replace").strip()


def _text(raw: bytes, charset: str, coding: str) -> str | None:
    """The text; None when its bytes are not in the charset that is named, or none of ours is."""
    codec = _CHARSETS.get(charset.casefold()) if charset else ("utf-16-be" if coding == _UCS2 else "utf-8")
    if codec is None:
        return None
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return None


def _at(time: str) -> str:
    """`%t` as a wire time; empty when it is none, since a text is worth more than its time."""
    found = _TIME.fullmatch(time)
    try:
        return format_time(parse_time(f"{found[1]}T{found[2]}Z")) if found else ""
    except BadRecord:
        return ""


def sendsms_query(user: tuple[str, str], numbers: tuple[str, str], text: str) -> str:
    """The query of `/cgi-bin/sendsms`: `user` is name and password, `numbers` from and to."""
    asked = {
        "username": user[0],
        "password": user[1],
        "from": numbers[0],
        "to": numbers[1],
        "text": text,
        "charset": "UTF-8",
        "coding": "0" if parts(text).alphabet == "gsm7" else _UCS2,
    }
    return urlencode(asked, quote_via=quote)


def judge_sendsms(status: int) -> Outcome:
    """What smsbox's status says: 202 took it, 400 never will, anything else may pass."""
    if status == 202:  # noqa: PLR2004  # HTTP 202
        return "accepted"
    return "refused" if status == 400 else "later"  # noqa: PLR2004  # HTTP 400
