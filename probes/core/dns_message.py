"""Questions to a name server and its answers, as bytes.

By hand, since a round asks hundreds of questions and dnspython takes ten times as long; the tests
hold it against dnspython. Only what a question for addresses needs is read (RFC 1035, 4.1).
"""

from __future__ import annotations

from ipaddress import IPv6Address
from typing import Final

from msgspec import Struct

QTYPES: Final[dict[str, int]] = {"A": 1, "AAAA": 28}
MAX_ANSWERS: Final = 64
_RCODES: Final = (
    "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET",
    "NOTAUTH", "NOTZONE", "DSOTYPENI", "RCODE12", "RCODE13", "RCODE14", "RCODE15",
)  # fmt: skip
_CNAME: Final = 5
_IN: Final = 1
_HEADER_BYTES: Final = 12
_FIXED_BYTES: Final = 10  # of a record, after its name: type, class, TTL, length
_IS_RESPONSE: Final = 0x80
_IS_TRUNCATED: Final = 0x02
_RECURSION_DESIRED: Final = 0x0100
_MAX_LABEL_BYTES: Final = 63
_MAX_NAME_BYTES: Final = 255
_ASCII: Final = 0x80
_POINTER: Final = 0xC0
_SIZES: Final = {1: 4, 28: 16}


class Question(Struct, frozen=True, kw_only=True):
    """One question: the name and type, and the bytes that ask, id first."""

    name: str
    qtype: str
    raw: bytes


class Answer(Struct, frozen=True, kw_only=True):
    """What a name server said. `cname`: the last canonical name, "" when the name is its own."""

    rcode: str
    addresses: tuple[str, ...] = ()
    cname: str = ""


def ask(name: str, qtype: str, number: int) -> Question:
    """A question that asks for recursion, without EDNS: addresses fit, and some middleboxes drop EDNS.

    `name`: A-labels. Raises `ValueError` for what has no place in the DNS (RFC 1035, 2.3.4).
    """
    labels = name.removesuffix(".").encode("ascii").split(b".")
    if not all(0 < len(label) <= _MAX_LABEL_BYTES for label in labels):
        raise ValueError("a label of the name is empty or too long")
    packed = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    if len(packed) > _MAX_NAME_BYTES:
        raise ValueError("the name is too long")
    words = (number, _RECURSION_DESIRED, 1, 0, 0, 0)
    head = b"".join(word.to_bytes(2, "big") for word in words)
    kind = QTYPES[qtype].to_bytes(2, "big") + _IN.to_bytes(2, "big")
    return Question(name=name, qtype=qtype, raw=head + packed + kind)


def is_truncated(raw: bytes) -> bool:
    """Whether the server asks to come again by TCP."""
    return len(raw) >= _HEADER_BYTES and bool(raw[2] & _IS_TRUNCATED)


def read_answer(raw: bytes, question: Question) -> Answer | None:
    """The answer to a question; None for bytes that are none, whoever sent them.

    The question must come back as it was sent, but for the case of letters. Of a truncated answer,
    what is whole.
    """
    if not _belongs(raw, question):
        return None
    found = _Found(raw, QTYPES[question.qtype])
    try:
        found.read(len(question.raw))
    except (IndexError, ValueError):
        if not is_truncated(raw):
            return None
    addresses = tuple(dict.fromkeys(found.addresses))[:MAX_ANSWERS]
    return Answer(rcode=_RCODES[raw[3] & 0x0F], addresses=addresses, cname=found.cname)


def _belongs(raw: bytes, question: Question) -> bool:
    sent = question.raw
    if len(raw) < len(sent) or raw[:2] != sent[:2] or not raw[2] & _IS_RESPONSE:
        return False
    return raw[4:6] == sent[4:6] and raw[12 : len(sent)].lower() == sent[12:].lower()


class _Found:
    """What the answer section holds. Bytes that end too early raise `IndexError` or `ValueError`."""

    def __init__(self, raw: bytes, wanted: int) -> None:
        self._raw = raw
        self._wanted = wanted
        self.addresses: list[str] = []
        self.cname = ""

    def read(self, at: int) -> None:
        """Every record of the section, which begins at `at`."""
        for _ in range(int.from_bytes(self._raw[6:8], "big")):
            at = self._record(_after_name(self._raw, at))

    def _record(self, at: int) -> int:
        """The record whose name ends at `at`; where it ends itself."""
        raw = self._raw
        kind = int.from_bytes(raw[at : at + 2], "big")
        begin = at + _FIXED_BYTES
        end = begin + int.from_bytes(raw[at + 8 : begin], "big")
        if end > len(raw) or begin > len(raw):
            raise IndexError("the record ends after the message")
        if kind == self._wanted and end - begin == _SIZES[kind]:
            self.addresses.append(_address(raw[begin:end]))
        elif kind == _CNAME:
            self.cname = _name(raw, begin)
        return end


def _address(raw: bytes) -> str:
    return ".".join(map(str, raw)) if len(raw) == _SIZES[1] else str(IPv6Address(raw))


def _after_name(raw: bytes, at: int) -> int:
    """Where a name ends: at its root label or after the first pointer."""
    while length := raw[at]:
        if length >= _POINTER:
            return at + 2
        at += 1 + length
    return at + 1


def _name(raw: bytes, at: int) -> str:
    """A name with its pointers followed, which may only lead backwards (so it ends); unusual bytes as `?`."""
    labels: list[str] = []
    room = _MAX_NAME_BYTES
    while length := raw[at]:
        if length >= _POINTER:
            target = int.from_bytes(raw[at : at + 2], "big") & 0x3FFF
            if target >= at:
                raise ValueError("a pointer that leads forwards")
            at = target
            continue
        room -= 1 + length
        if length > _MAX_LABEL_BYTES or room < 0:
            raise ValueError("a label or a name that is too long")
        labels.append(_readable(raw[at + 1 : at + 1 + length]))
        at += 1 + length
    return ".".join(labels)


def _readable(label: bytes) -> str:
    return "".join(chr(one) if chr(one).isalnum() or one in b"-_" else "?" for one in label if one < _ASCII)
