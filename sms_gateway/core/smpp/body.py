"""What the bodies of `deliver_sm` (4.6.1) and `data_sm` (4.7.1) hold."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from sms_gateway.core.smpp.commands import Command, Tag
from wire.errors import BadRecord

_MOST_STRING: Final = 254
_TAG_BYTES: Final = 4
_INTERNATIONAL: Final = 1


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
    tags, whole = _tags(body[cursor.at :])
    payload = tags.get(Tag.MESSAGE_PAYLOAD, b"")
    if not whole and not text and not payload:
        raise BadRecord("its optional parameters are cut")
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


def _tags(rest: bytes) -> tuple[dict[int, bytes], bool]:
    """The optional parameters, the first of each; and whether they end where the body does."""
    found: dict[int, bytes] = {}
    at = 0
    while at + _TAG_BYTES <= len(rest):
        tag, size = int.from_bytes(rest[at : at + 2], "big"), int.from_bytes(rest[at + 2 : at + 4], "big")
        value = rest[at + _TAG_BYTES : at + _TAG_BYTES + size]
        if len(value) < size:
            return found, False
        found.setdefault(tag, value)
        at += _TAG_BYTES + size
    return found, at == len(rest)
