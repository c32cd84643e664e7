"""RTSP's answers and interleaved packets, cut out of a stream of bytes (RFC 2326, sections 7 and 10.12)."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from wire.errors import BadInput

MAX_HEAD: Final = 65_536
MAX_BODY: Final = 262_144
_DOLLAR: Final = 0x24
_FRAME_HEAD: Final = 4
_VERSION: Final = b"RTSP/"


class Reply(Struct, frozen=True, kw_only=True):
    """An answer: its status, its headers with names in lower case, its body."""

    status: int
    headers: dict[str, str]
    body: str


class Frame(Struct, frozen=True, kw_only=True):
    """An interleaved packet: an even channel is RTP, an odd one RTCP. `time_stamp` of RTP only."""

    channel: int
    size: int
    time_stamp: int


class RtspReader:
    """Bytes in, replies and frames out; raises `BadInput` when it is no RTSP."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Reply | Frame]:
        """All that is whole by now."""
        self._buffer += data
        found: list[Reply | Frame] = []
        while (one := self._next()) is not None:
            found.append(one)
        return found

    def _next(self) -> Reply | Frame | None:
        if not self._buffer:
            return None
        return self._frame() if self._buffer[0] == _DOLLAR else self._message()

    def _frame(self) -> Frame | None:
        size = int.from_bytes(self._buffer[2:4], "big")
        if len(self._buffer) < _FRAME_HEAD + size:
            return None
        # RTP's time stamp stands in its bytes 4 to 7 (RFC 3550, section 5.1).
        time_stamp = int.from_bytes(self._buffer[_FRAME_HEAD + 4 : _FRAME_HEAD + 8], "big")
        frame = Frame(channel=self._buffer[1], size=size, time_stamp=time_stamp)
        del self._buffer[: _FRAME_HEAD + size]
        return frame

    def _message(self) -> Reply | None:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            self._check_beginning()
            return None
        status, headers = _head(self._buffer[:end].decode("utf-8", "replace"))
        size = _body_size(headers)
        if len(self._buffer) < end + 4 + size:
            return None
        body = self._buffer[end + 4 : end + 4 + size].decode("utf-8", "replace")
        del self._buffer[: end + 4 + size]
        return Reply(status=status, headers=headers, body=body)

    def _check_beginning(self) -> None:
        """Say early that it is none, instead of waiting for an end that never comes."""
        line, found, _ = self._buffer.partition(b"\r\n")
        if found and _VERSION not in line:
            raise BadInput("no RTSP")
        if not self._buffer[:1].isalpha() or len(self._buffer) > MAX_HEAD:
            raise BadInput("no RTSP")


def _head(text: str) -> tuple[int, dict[str, str]]:
    """The status and the headers; a request that a server sends to us has the status 0."""
    first, *rest = text.split("\r\n")
    pairs = (line.partition(":") for line in rest)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    if first.endswith("RTSP/1.0"):
        return 0, headers
    version, _, after = first.partition(" ")
    if not version.startswith("RTSP/") or not (after[:3].isascii() and after[:3].isdigit()):
        raise BadInput("no RTSP")
    return int(after[:3]), headers


def _body_size(headers: dict[str, str]) -> int:
    told = headers.get("content-length", "0")
    if not (told.isascii() and told.isdigit()) or len(told) > len(str(MAX_BODY)) or int(told) > MAX_BODY:
        raise BadInput("an RTSP answer that is too large")
    return int(told)
