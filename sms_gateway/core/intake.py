"""A text that came in, worked out: what is kept, what is told to the collector, what is answered."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from sms_gateway.core import directory
from sms_gateway.core.book import NO_BOOK, Book
from sms_gateway.core.directory import Directory
from sms_gateway.core.grammar import language_of
from sms_gateway.core.message import Message
from sms_gateway.core.reading import UNREPORTED, Reading, Rejected
from sms_gateway.core.replies import NO_NOTE, Note, Say, Script, reply, script_of
from sms_gateway.core.sender import is_person, number, sender_print
from sms_gateway.core.understanding import identity, name_of, understand
from wire.facts import Language, operator_by_prefix
from wire.records import ProbeDigest, StationReport
from wire.sealed import looks_sealed
from wire.times import format_time, parse_time

# A link's clock is believed within these; past them the collector would refuse the report for ever.
_MAX_AHEAD: Final = timedelta(minutes=5)
_MAX_AGE: Final = timedelta(days=30)
_WINDOW_S: Final = 600
_RECEIPT_CHARS: Final = 5


class Answer(Struct, frozen=True, kw_only=True):
    """A reply to be sent. `sender` is our own number, `recipient` the one that is erased afterwards."""

    sender: str
    recipient: str
    text: str


class Taken(Struct, frozen=True, kw_only=True):
    """One text, worked out. `key` tells it from all others of its link; `print`: see `sender_print`.

    `report`: what the collector is told, None for a rejected text and for a question; `digest`: a probe's,
    that it is told. `tongue`: language and script of an answer.
    """

    link: str
    key: str
    print: str
    text: str
    at: str
    received_at: str
    read: Reading | Rejected
    report: StationReport | None
    answer: Answer | None
    tongue: tuple[Language, Script] = ("en", "latin")
    digest: ProbeDigest | None = None


class Desk(Struct, frozen=True, kw_only=True):
    """What working out a text takes.

    The regions that exist, the prints' key, the catalogue, the stations' codes and keys, the directory, and
    our own numbers, which are never answered.
    """

    regions: Collection[str]
    key: bytes
    say: Say
    book: Book = NO_BOOK
    directory: Directory | None = None
    own: frozenset[str] = frozenset()


def take(message: Message, now: datetime, desk: Desk, answers: bool) -> Taken:
    """Work out a text that arrived at `now`; `answers` when the link can send."""
    text = message.text or ""
    found = _read(message, now, desk)
    who = sender_print(desk.key, message.sender)
    at = format_time(_believed(message.at, now))
    key = _key(message, who, now)
    report = _report(message, key, found, (who, at)) if isinstance(found, Reading) and found.station else None
    tongue = (found.language if isinstance(found, Reading) else language_of(text), script_of(text))
    return Taken(
        link=message.link,
        key=key,
        print=who,
        text=text,
        at=at,
        received_at=format_time(now),
        read=found,
        report=report if found.kind not in UNREPORTED else None,
        answer=_answer(message, found, desk, (tongue, report)) if answers else None,
        tongue=tongue,
        digest=ProbeDigest(text=_bare(text), at=at, link=message.link) if found.kind == "digest" else None,
    )


def refused(taken: Taken, found: Rejected, say: Say) -> Taken:
    """The same text, when what is recorded made it no report after all: the answer says so."""
    if taken.answer is None:
        return taken
    return replace(taken, answer=replace(taken.answer, text=reply(found, *taken.tongue, say)))


def unproven_name(link: str, key: str) -> str:
    """The name of a report that nothing proves: of the one text that brought it."""
    return name_of(f"{link}\0{key}")


def receipt_of(report: StationReport) -> str:
    """The number that a sender gets for a report: the same for all who say the same."""
    return report.id[:_RECEIPT_CHARS].upper()


def _read(message: Message, now: datetime, desk: Desk) -> Reading | Rejected:
    if message.text is None:
        return Rejected(error="undecodable")
    # Half a text could say the opposite of the whole.
    if message.partial:
        return Rejected(error="partial")
    return understand(message.text, desk.regions, desk.book, now)


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


def _bare(text: str) -> str:
    """A sealed text without the spaces and line ends that phones put into it."""
    return "".join(text.split())


def _report(message: Message, key: str, found: Reading, seen: tuple[str, str]) -> StationReport | None:
    """What the collector is told; of a question only its name is used."""
    who, arrived = seen
    sealed = _bare(message.text or "") if looks_sealed(message.text or "") else ""
    # A phone's clock that is ahead would keep later texts from being believed: then the arrival counts.
    at = format_time(_believed(found.at, parse_time(arrived))) if found.at else arrived
    return StationReport(
        id=identity(found) or unproven_name(message.link, key),
        station=found.station,
        kind=found.kind if found.kind not in UNREPORTED else "status",  # type: ignore[arg-type]  # no question is left
        value=found.value,
        at=at,
        link=message.link,
        sender=who,
        proof=found.proof,
        mark=found.mark,
        sealed=sealed,
        by_prefix=operator_by_prefix(number(message.sender)),
    )


def _answer(
    message: Message,
    found: Reading | Rejected,
    desk: Desk,
    told: tuple[tuple[Language, Script], StationReport | None],
) -> Answer | None:
    if not is_person(message.sender, message.recipient) or number(message.sender) in desk.own:
        return None
    if found.kind == "digest":  # nobody reads an answer there
        return None
    return Answer(
        sender=message.recipient,
        recipient=f"+{number(message.sender)}",
        text=_text(found, desk, *told),
    )


def _text(
    found: Reading | Rejected, desk: Desk, tongue: tuple[Language, Script], report: StationReport | None
) -> str:
    """The answer; MY is filled in by the store, which alone knows what is recorded."""
    if isinstance(found, Reading) and found.kind == "tel":
        return directory.telephones(desk.directory, found.station[:5], tongue, desk.say)
    if isinstance(found, Reading) and found.kind == "info":
        return directory.words(tongue, desk.say)
    codeless = isinstance(found, Reading) and found.proof == "none" and desk.book.known
    note = Note(receipt=receipt_of(report), codeless=codeless) if report is not None else NO_NOTE
    return reply(found, *tongue, desk.say, note)
