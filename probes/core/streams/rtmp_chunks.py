"""RTMP's messages, cut into chunks and put together again (RTMP 1.0, section 5.3).

Audio and video are never put together: their chunks are counted as they pass and dropped.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from probes.core.octets import Octets, Truncated
from wire.errors import BadInput

SET_CHUNK_SIZE, ACKNOWLEDGEMENT, WINDOW = 1, 3, 5
AUDIO, VIDEO, COMMAND, AGGREGATE = 8, 9, 20, 22
MEDIA: Final = frozenset({AUDIO, VIDEO, AGGREGATE})
_MAX_BODY: Final = 65_536
_MAX_STREAMS: Final = 64
_OUT_CHUNK: Final = 128  # what a peer expects before it is told otherwise
_LONGEST_HEAD: Final = 3 + 11 + 4
_EXTENDED: Final = 0xFFFFFF
# The forms of a chunk's header (section 5.3.1.2): what it tells, and in how many bytes.
_ALL, _SAME_STREAM, _NOTHING = 0, 1, 3
_HEADS: Final = (11, 7, 3, 0)


class Message(Struct, frozen=True, kw_only=True):
    """A whole message. `body` is empty for media."""

    kind: int
    time_stamp: int
    size: int
    body: bytes = b""


def write(kind: int, body: bytes, stream: int = 0) -> bytes:
    """A message in chunks, time stamp 0, on a chunk stream of its kind."""
    channel = 3 if kind == COMMAND else 2
    size = len(body).to_bytes(3, "big")
    head = bytes([channel]) + bytes(3) + size + bytes([kind]) + stream.to_bytes(4, "little")
    pieces = [body[at : at + _OUT_CHUNK] for at in range(0, len(body), _OUT_CHUNK)]
    return head + bytes([0xC0 | channel]).join(pieces)


class _Partial:
    """What is known of a chunk stream: its last header, and the message that is under way."""

    def __init__(self) -> None:
        self.time_stamp = self.delta = self.size = self.kind = self.left = 0
        self.extended = False
        self.body = bytearray()


class ChunkReader:
    """Bytes in, messages out; raises `BadInput` when they cannot be RTMP."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._partials: dict[int, _Partial] = {}
        self._chunk_size = 128
        self._now: _Partial | None = None
        self._chunk_left = 0

    def feed(self, data: bytes) -> list[Message]:
        """All messages that are whole by now."""
        self._buffer += data
        found: list[Message] = []
        while self._now is not None or self._begin():
            message = self._take()
            if message is not None:
                found.append(message)
            elif not self._buffer:
                break
        return found

    def _begin(self) -> bool:
        """Read a chunk's headers; False when they are not whole yet."""
        octets = Octets(bytes(self._buffer[:_LONGEST_HEAD]))
        try:
            form, channel = _basic(octets)
            self._now = self._header(octets, form, channel)
        except Truncated:
            return False
        del self._buffer[: octets.at]
        self._chunk_left = min(self._chunk_size, self._now.left)
        return True

    def _header(self, octets: Octets, form: int, channel: int) -> _Partial:
        """A chunk's message header, applied only when all of it is there."""
        known = self._partials.get(channel)
        if known is None and form == _NOTHING:
            raise BadInput("an RTMP chunk that continues nothing")
        head = Octets(octets.take(_HEADS[form]))
        told = head.number(3) if form != _NOTHING else 0
        extended = told == _EXTENDED or (form == _NOTHING and known is not None and known.extended)
        stamp = octets.number(4) if extended else told
        partial = self._partial(channel)
        partial.extended = extended
        _apply(partial, form, stamp, head)
        return partial

    def _partial(self, channel: int) -> _Partial:
        if channel not in self._partials and len(self._partials) >= _MAX_STREAMS:
            raise BadInput("too many RTMP chunk streams")
        return self._partials.setdefault(channel, _Partial())

    def _take(self) -> Message | None:
        """Take what has come of a chunk; the message when this ends it."""
        partial = self._now
        if partial is None:
            return None
        piece = self._buffer[: self._chunk_left]
        del self._buffer[: len(piece)]
        self._chunk_left -= len(piece)
        partial.left -= len(piece)
        if partial.kind not in MEDIA:
            partial.body += piece
        if self._chunk_left:
            return None
        self._now = None
        return None if partial.left else self._whole(partial)

    def _whole(self, partial: _Partial) -> Message:
        body = bytes(partial.body)
        if partial.kind == SET_CHUNK_SIZE:
            self._chunk_size = max(1, int.from_bytes(body[:4], "big") & 0x7FFF_FFFF)
        return Message(kind=partial.kind, time_stamp=partial.time_stamp, size=partial.size, body=body)


def _basic(octets: Octets) -> tuple[int, int]:
    """Form and chunk stream (section 5.3.1.1)."""
    first = octets.number(1)
    low = first & 0x3F
    if low > 1:
        return first >> 6, low
    extra = octets.take(1 + low)
    return first >> 6, 64 + int.from_bytes(extra, "little")


def _apply(partial: _Partial, form: int, stamp: int, head: Octets) -> None:
    if form in {_ALL, _SAME_STREAM}:
        partial.size, partial.kind = head.number(3), head.number(1)
        if partial.kind not in MEDIA and partial.size > _MAX_BODY:
            raise BadInput("an RTMP message that is too large")
    if form != _NOTHING:
        partial.delta = stamp
        partial.left = 0
    if partial.left:
        return  # a chunk of form 3 that continues its message
    partial.time_stamp = stamp if form == _ALL else (partial.time_stamp + partial.delta) & 0xFFFF_FFFF
    partial.left, partial.body = partial.size, bytearray()
