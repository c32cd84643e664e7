"""PDUs: cut out of a stream of bytes, and put together (section 3.2)."""

from __future__ import annotations

import struct
from typing import Final

from msgspec import Struct

from sms_gateway.core.smpp.commands import ANSWER, NAMED_ANSWERS, Command
from wire.errors import BadInput

HEAD_BYTES: Final = 16
MOST_BYTES: Final = 70_000
"""A `message_payload` has at most 65,536 bytes (5.3.2.32); what claims to be longer is no PDU."""
_HEAD: Final = struct.Struct(">IIII")


class BadFrame(BadInput):
    """A length that no PDU has: nothing behind it can be trusted, so the connection must end."""


class Pdu(Struct, frozen=True):
    """One PDU; `body` is what follows the header."""

    command: int
    status: int
    sequence: int
    body: bytes

    @property
    def is_answer(self) -> bool:
        """Whether it answers a request of ours."""
        return bool(self.command & ANSWER)


class Framer:
    """Bytes in as they come, whole PDUs out."""

    def __init__(self) -> None:
        """At the first byte."""
        self._held = bytearray()

    def feed(self, data: bytes) -> list[Pdu]:
        """The PDUs that are whole now; raises `BadFrame`, after which nothing more is to be fed."""
        held = self._held
        held += data
        found: list[Pdu] = []
        at = 0
        while len(held) - at >= HEAD_BYTES:
            length, command, status, sequence = _HEAD.unpack_from(held, at)
            if not HEAD_BYTES <= length <= MOST_BYTES:
                if found:
                    break  # what came before it is still good; the next call says so
                raise BadFrame(f"a PDU that says to have {length} bytes")
            if len(held) - at < length:
                break
            found.append(Pdu(command, status, sequence, bytes(held[at + HEAD_BYTES : at + length])))
            at += length
        del held[:at]
        return found


def pack(command: int, sequence: int, body: bytes = b"", status: int = 0) -> bytes:
    """A PDU as bytes."""
    return _HEAD.pack(HEAD_BYTES + len(body), command, status, sequence) + body


def answer(request: Pdu, status: int = 0) -> bytes:
    """The answer to a request; one that names a message has an empty name (4.6.2, 4.7.2)."""
    # An answer that reports an error has no body (3.2.1: the body is absent when the status is not 0).
    named = request.command in NAMED_ANSWERS and status == 0
    return pack(request.command | ANSWER, request.sequence, b"\0" if named else b"", status)


def nack(sequence: int, status: int) -> bytes:
    """A `generic_nack`: what came is no PDU that we know (4.3)."""
    return pack(Command.GENERIC_NACK, sequence, b"", status)


def c_string(text: str, most: int) -> bytes:
    """A C-octet string of at most `most` bytes with its zero; raises `BadInput`."""
    raw = text.encode("latin-1", "replace")
    if b"\0" in raw or len(raw) >= most:
        raise BadInput(f"a field of {len(raw)} bytes; {most - 1} are allowed, none of them 0")
    return raw + b"\0"
