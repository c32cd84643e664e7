"""One HTTP/2 request and its answer, as bytes: as much as a question to a resolver needs (RFC 9113).

Some resolvers answer DNS over HTTPS by HTTP/2 alone. One stream, no push, no dynamic table, and of the
answer's head only the status, which comes first. Nothing that a server sends raises.
"""

from __future__ import annotations

from typing import Final

from probes.core import failures
from probes.core.hpack import head_of, status_of
from probes.core.http1 import accepted, authority
from probes.core.places import Place
from wire import names

_PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_DATA, _HEADERS, _RST_STREAM, _SETTINGS, _PING, _GOAWAY = 0, 1, 3, 4, 6, 7
_END_STREAM: Final = 0x1
_ACK: Final = 0x1
_END_HEADERS: Final = 0x4
_PADDED: Final = 0x8
_PRIORITY: Final = 0x20
_STREAM: Final = 1
_FRAME_HEAD_BYTES: Final = 9
_MAX_FRAME_BYTES: Final = 16_384
MAX_BODY_BYTES: Final = 65_535  # what the first window allows (6.9.2)
# ENABLE_PUSH 0 and HEADER_TABLE_SIZE 0: nothing unasked for, nothing to remember.
_OUR_SETTINGS: Final = b"\x00\x02\x00\x00\x00\x00" + b"\x00\x01\x00\x00\x00\x00"


class Exchange2:
    """A machine, as `http1.Exchange`: a GET of a place, its status and its body."""

    def __init__(self, place: Place) -> None:
        self._head = head_of(authority(place), place.path, accepted(place))
        self._heard = bytearray()
        self.done = False
        self.failure: str | None = None
        self.status = 0
        self.body = bytearray()

    def start(self) -> bytes:
        """Preface, settings, request."""
        asked = _frame(_HEADERS, _END_STREAM | _END_HEADERS, _STREAM, self._head)
        return _PREFACE + _frame(_SETTINGS, 0, 0, _OUR_SETTINGS) + asked

    def feed(self, data: bytes) -> bytes:
        """Take bytes; gives acknowledgements."""
        self._heard += data
        said = bytearray()
        while not self.done and len(self._heard) >= _FRAME_HEAD_BYTES:
            size = int.from_bytes(self._heard[:3], "big")
            if size > _MAX_FRAME_BYTES:
                self.fail(failures.unknown("not HTTP/2"))
                break
            whole = _FRAME_HEAD_BYTES + size
            if len(self._heard) < whole:
                break
            frame, self._heard = bytes(self._heard[:whole]), self._heard[whole:]
            said += self._take(frame[3], frame[4], frame[_FRAME_HEAD_BYTES:])
        return bytes(said)

    def end(self) -> None:
        """The connection is closed."""
        self.fail(names.EOF)

    def _take(self, kind: int, flags: int, payload: bytes) -> bytes:
        """One frame; gives its acknowledgement. There is only one stream, so its number says nothing."""
        match kind:
            case 4 | 6 if not flags & _ACK:  # settings, ping
                return _frame(kind, _ACK, 0, payload if kind == _PING else b"")
            case 0:
                self._hear_body(flags, payload)
            case 1:
                self._hear_head(flags, payload)
            case 3:
                self.fail(names.RESET)
            case 7:
                self.fail(names.EOF)
        return b""

    def _hear_head(self, flags: int, payload: bytes) -> None:
        block = _unpadded(flags, payload)
        if flags & _PRIORITY:
            block = block[5:]
        self.status = self.status or status_of(block)
        self._finish_after(flags)

    def _hear_body(self, flags: int, payload: bytes) -> None:
        self.body += _unpadded(flags, payload)
        if len(self.body) > MAX_BODY_BYTES:
            self.fail(failures.unknown("an endless answer"))
        self._finish_after(flags)

    def _finish_after(self, flags: int) -> None:
        if flags & _END_STREAM:
            self.done = True

    def fail(self, failure: str) -> None:
        """It was broken off."""
        if not self.done:
            self.failure, self.done = failure, True


def _frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


def _unpadded(flags: int, payload: bytes) -> bytes:
    if not flags & _PADDED or not payload:
        return payload
    return payload[1 : max(1, len(payload) - payload[0])]
