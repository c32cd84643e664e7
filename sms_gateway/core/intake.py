"""A text that came in, worked out: what is kept, what is told to the collector, what is answered."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from sms_gateway.core.grammar import language_of, read
from sms_gateway.core.message import Message
from sms_gateway.core.reading import Reading, Rejected
from sms_gateway.core.replies import Say, reply, script_of
from sms_gateway.core.sender import is_person, number, sender_print
from wire.records import StationReport
from wire.times import format_time, parse_time

# A link's clock is believed within these; past them the collector would refuse the report for ever.
_MAX_AHEAD: Final = timedelta(minutes=5)
_MAX_AGE: Final = timedelta(days=30)
_WINDOW_S: Final = 600
_ID_BYTES: Final = 16


class Answer(Struct, frozen=True, kw_only=True):
    """A reply to be sent. `sender` is our own number, `recipient` the one that is erased afterwards."""

    sender: str
    recipient: str
    text: str


class Taken(Struct, frozen=True, kw_only=True):
    """One text, worked out. `key` tells it from all others of its link; `print`: see `sender_print`."""

    link: str
    key: str
    print: str
    text: str
    at: str
    received_at: str
    read: Reading | Rejected
    report: StationReport | None
    answer: Answer | None


class Desk(Struct, frozen=True, kw_only=True):
    """What working out a text takes: the regions that exist, the print's key, the catalogue."""

    regions: Collection[str]
    key: bytes
    say: Say
    reader: Callable[[str, Collection[str]], Reading | Rejected] = read


def take(message: Message, now: datetime, desk: Desk, answers: bool) -> Taken:
    """Work out a text that arrived at `now`; `answers` when the link can send."""
    text = message.text or ""
    found = _read(message, desk)
    who = sender_print(desk.key, message.sender)
    at = format_time(_believed(message.at, now))
    key = _key(message, who, now)
    return Taken(
        link=message.link,
        key=key,
        print=who,
        text=text,
        at=at,
        received_at=format_time(now),
        read=found,
        report=_report(message.link, key, found, (who, at)) if isinstance(found, Reading) else None,
        answer=_answer(message, found, desk.say) if answers else None,
    )


def _read(message: Message, desk: Desk) -> Reading | Rejected:
    if message.text is None:
        return Rejected(error="undecodable")
    # Half a text could say the opposite of the whole.
    return Rejected(error="partial") if message.partial else desk.reader(message.text, desk.regions)


def _believed(at: str, now: datetime) -> datetime:
    said = parse_time(at) if at else now
    return said if now - _MAX_AGE <= said <= now + _MAX_AHEAD else now


def _key(message: Message, who: str, now: datetime) -> str:
    """The link's id, else a print of the content, so that what comes twice is kept once."""
    if message.id:
        return f"id:{message.id}"
    when = message.at or str(int(now.timestamp()) // _WINDOW_S)
    content = "\0".join((who, message.recipient, message.text or "", when))
    return f"content:{hashlib.sha256(content.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def _report(link: str, key: str, found: Reading, seen: tuple[str, str]) -> StationReport:
    who, at = seen
    digest = hashlib.sha256(f"{link}\0{key}".encode()).digest()[:_ID_BYTES]
    return StationReport(
        id=base64.b32encode(digest).decode().rstrip("=").lower(),
        station=found.station,
        kind=found.kind,
        value=found.value,
        at=at,
        link=link,
        sender=who,
    )


def _answer(message: Message, found: Reading | Rejected, say: Say) -> Answer | None:
    if not is_person(message.sender, message.recipient):
        return None
    text = message.text or ""
    language = found.language if isinstance(found, Reading) else language_of(text)
    return Answer(
        sender=message.recipient,
        recipient=f"+{number(message.sender)}",
        text=reply(found, language, script_of(text), say),
    )
