"""What the bodies of `deliver_sm` (4.6.1) and `data_sm` (4.7.1) hold."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from sms_gateway.core.smpp.commands import Command, Tag
from wire.errors import BadRecord

_MOST_STRING: Final = 254
_TAG_BYTES: Final = 4
_INTERNATIONAL: Final = 1
_MOST_CUT: Final = 255
# 5.3.2, but message_payload, of which no half is wanted, and those that could be a character of UCS-2.
_DEFINED: Final = frozenset(
    {
        *(0x0005, 0x0006, 0x0007, 0x0008, 0x000E, 0x000F, 0x0010, 0x0017, 0x0019, 0x001D, 0x001E),
        *(0x0201, 0x0202, 0x0203, 0x0204, 0x0205, 0x020A, 0x020B, 0x020C, 0x020D, 0x020E, 0x020F, 0x0210),
        *(0x0302, 0x0303, 0x0304, 0x0381, 0x1201, 0x1203, 0x1204, 0x130C, 0x1380, 0x1383),
    }
)
_FIRST: Final = frozenset(tag >> 8 for tag in _DEFINED)
_KIND: Final = 0x3C  # esm_class, 5.2.12: a receipt, whose text is for a machine and says no report


class Brought(Struct, frozen=True, kw_only=True):
    """A short message. `payload`: of `message_payload` when there is one, else `short_message`."""

    sender: str
    recipient: str
    esm_class: int
    data_coding: int
    payload: bytes
    tags: dict[int, bytes]


class _Cursor:
    """A place in a body; what is cut raises `BadRecord` with its name."""

    def __init__(self, body: bytes) -> None:
        self.body, self.at = body, 0

    def octet(self, what: str) -> int:
        if self.at >= len(self.body):
            raise BadRecord(f"it ends before its {what}")
        self.at += 1
        return self.body[self.at - 1]

    def skip(self, count: int, what: str) -> None:
        for _ in range(count):
            self.octet(what)

    def string(self, what: str) -> bytes:
        end = self.body.find(b"\0", self.at, self.at + _MOST_STRING)
        if end < 0:
            raise BadRecord(f"its {what} has no end")
        found, self.at = self.body[self.at : end], end + 1
        return found

    def take(self, count: int, what: str) -> bytes:
        found = self.body[self.at : self.at + count]
        if len(found) < count:
            raise BadRecord(f"its {what} has {len(found)} bytes of {count}")
        self.at += count
        return found


def brought(command: int, body: bytes) -> Brought:
    """The short message in a body; raises `BadRecord` in a line that holds no number."""
    cursor = _Cursor(body)
    cursor.string("service_type")
    sender, recipient = _address(cursor, "source_addr"), _address(cursor, "destination_addr")
    esm_class = cursor.octet("esm_class")
    if command == Command.DATA_SM:
        cursor.skip(1, "registered_delivery")
        coding, text = cursor.octet("data_coding"), b""
    else:
        coding, text = _rest_of_deliver(cursor)
    tags, left = _tags(body[cursor.at :])
    payload = tags.get(Tag.MESSAGE_PAYLOAD, b"")
    if left and not (payload or text):
        raise BadRecord("its optional parameters are cut")
    if not esm_class & _KIND and not _is_cut_tag(left):
        # Then sm_length is wrong, and the text is a part of what was meant: it could say something else.
        raise BadRecord(f"{len(left)} bytes behind its text are no optional parameters")
    return Brought(
        sender=sender, recipient=recipient, esm_class=esm_class, data_coding=coding,
        payload=payload or text, tags=tags,
    )  # fmt: skip


def _rest_of_deliver(cursor: _Cursor) -> tuple[int, bytes]:
    cursor.skip(2, "protocol_id")  # and priority_flag
    cursor.string("schedule_delivery_time")
    cursor.string("validity_period")
    cursor.skip(2, "registered_delivery")  # and replace_if_present_flag
    coding = cursor.octet("data_coding")
    cursor.skip(1, "sm_default_msg_id")
    return coding, cursor.take(cursor.octet("sm_length"), "short_message")


def _address(cursor: _Cursor, what: str) -> str:
    kind = cursor.octet(f"{what}_ton")
    cursor.skip(1, f"{what}_npi")
    value = cursor.string(what).decode("latin-1").strip()
    digits = value.removeprefix("+")
    international = kind == _INTERNATIONAL and digits.isascii() and digits.isdigit()
    return f"+{digits}" if international else value


def _tags(rest: bytes) -> tuple[dict[int, bytes], bytes]:
    """The optional parameters, the first of each; and what is left behind the last that is whole."""
    found: dict[int, bytes] = {}
    at = 0
    while at + _TAG_BYTES <= len(rest):
        tag, size = int.from_bytes(rest[at : at + 2], "big"), int.from_bytes(rest[at + 2 : at + 4], "big")
        value = rest[at + _TAG_BYTES : at + _TAG_BYTES + size]
        if len(value) < size:
            break
        found.setdefault(tag, value)
        at += _TAG_BYTES + size
    return found, rest[at:]


def _is_cut_tag(left: bytes) -> bool:
    """Whether what is left can be a parameter that was cut, or padding: no piece of a text begins so."""
    if not left.strip(b"\0"):
        return True
    tag, size = int.from_bytes(left[:2], "big"), int.from_bytes(left[2:_TAG_BYTES], "big")
    if len(left) < _TAG_BYTES:
        return tag in _DEFINED if len(left) > 1 else left[0] in _FIRST
    return tag in _DEFINED and size <= _MOST_CUT
