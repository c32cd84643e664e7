"""Questions to a name server and its answers, as bytes. dnspython is the codec."""

from __future__ import annotations

from typing import Final

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
from msgspec import Struct

QTYPES: Final = ("A", "AAAA")
MAX_ANSWERS: Final = 64
_HEADER_BYTES: Final = 12
_IS_RESPONSE: Final = 0x80
_IS_TRUNCATED: Final = 0x02
# What dnspython raises for bytes that are no message.
_BROKEN: Final = (dns.exception.DNSException, ValueError, IndexError, KeyError)


class Question(Struct, frozen=True, kw_only=True):
    """One question: the name and type, the id of the query, and the bytes that ask."""

    name: str
    qtype: str
    number: int
    raw: bytes


class Answer(Struct, frozen=True, kw_only=True):
    """What a name server said. `cname`: the last canonical name, "" when the name is its own."""

    rcode: str
    addresses: tuple[str, ...] = ()
    cname: str = ""


def ask(name: str, qtype: str, number: int) -> Question:
    """A question that asks for recursion, without EDNS: an address fits, and some middleboxes drop EDNS.

    Raises `ValueError` for a name that has no place in the DNS (a label of 64 letters, an empty one).
    """
    try:
        query = dns.message.make_query(dns.name.from_text(name), qtype, use_edns=False, id=number)
    except dns.exception.DNSException as error:
        raise ValueError(f"no name of the DNS: {type(error).__name__}") from error
    return Question(name=name, qtype=qtype, number=number, raw=query.to_wire())


def is_truncated(raw: bytes) -> bool:
    """Whether the server asks to come again by TCP."""
    return len(raw) >= _HEADER_BYTES and bool(raw[2] & _IS_TRUNCATED)


def read_answer(raw: bytes, question: Question) -> Answer | None:
    """The answer to a question; None for bytes that are not, whoever sent them."""
    if not _may_answer(raw, question):
        return None
    try:
        message = dns.message.from_wire(raw, ignore_trailing=True)
        asked = message.question[0]
        expected = dns.name.from_text(question.name)
        if asked.name != expected or dns.rdatatype.to_text(asked.rdtype) != question.qtype:
            return None
        return _content(message, asked.rdtype)
    except _BROKEN:
        return None


def _may_answer(raw: bytes, question: Question) -> bool:
    """Id, direction and number of questions fit: cheap, before anything is parsed."""
    if len(raw) < _HEADER_BYTES or not raw[2] & _IS_RESPONSE:
        return False
    return raw[:2] == question.raw[:2] and raw[4:6] == b"\x00\x01"


def _content(message: dns.message.Message, wanted: dns.rdatatype.RdataType) -> Answer:
    addresses: dict[str, None] = {}
    cname = ""
    for records in message.answer:
        if records.rdclass != dns.rdataclass.IN:
            continue
        if records.rdtype == wanted:
            addresses.update((record.to_text(), None) for record in records)
        elif records.rdtype == dns.rdatatype.CNAME:
            cname = records[0].target.to_text(omit_final_dot=True)
    rcode = dns.rcode.to_text(message.rcode())
    return Answer(rcode=rcode, addresses=tuple(addresses)[:MAX_ANSWERS], cname=cname)
