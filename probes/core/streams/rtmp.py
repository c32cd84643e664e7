"""A stream asked by RTMP: handshake, connect, createStream, play, then counting (RTMP 1.0, 5.2 and 7).

A machine without I/O: it says what to send, and is told what came and when.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from probes.core.failures import unknown
from probes.core.streams import amf, rtmp_chunks
from probes.core.streams.conversation import Dialogue
from probes.core.streams.rtmp_chunks import ChunkReader, Message
from wire.errors import BadInput

HANDSHAKE: Final = 1_536
ENTROPY: Final = HANDSHAKE - 8
_VERSION: Final = 3
_MAX_CODE: Final = 128
_TICKS: Final = 1_000
_CONNECT, _CREATE = 1.0, 2.0
_NUMBER_AT: Final = 3  # where the answer to createStream holds the stream's number
_LIVE: Final = -1_000.0  # "start" of play: only a live stream will do
# Every codec there is: nothing will be decoded.
_ABOUT_US: Final[dict[str, amf.Flat]] = {
    "flashVer": "Dabyl/0.1", "fpad": False, "capabilities": 15.0, "audioCodecs": 4071.0, "videoCodecs": 252.0,
}  # fmt: skip
# NetStream and NetConnection codes that say that there is no such stream for us, or no more.
_ABSENT: Final = ("StreamNotFound", ".Failed", ".Rejected", ".InvalidApp", "UnpublishNotify", ".Play.Stop")


class RtmpMachine(Dialogue):
    """One conversation; `peer_said` is the last status code."""

    def __init__(self, url: str, entropy: bytes) -> None:
        """`url`: `rtmp://host/application/stream`; `entropy`: `ENTROPY` random bytes for the handshake."""
        super().__init__(_TICKS)
        self._app, self._stream, self._tc_url = _names(url)
        self._entropy = entropy
        self._early = bytearray()
        self._step: Callable[[bytes, float], bytes] = self._greeted
        self._reader = ChunkReader()
        self._received = self._acknowledged = 0
        self._window = 0
        self._kinds: set[int] = set()

    def start(self) -> bytes:
        """C0 and C1."""
        return bytes([_VERSION]) + bytes(8) + self._entropy

    def feed(self, data: bytes, now: float) -> bytes:
        """What came, and when; gives what to send."""
        if self.done:
            return b""
        try:
            return self._step(data, now)
        except BadInput as error:
            self.fail(unknown(str(error)))
            return b""

    def _greeted(self, data: bytes, now: float) -> bytes:
        """S0 and S1: then C2, which repeats S1."""
        self._early += data
        if self._early and self._early[0] != _VERSION:
            raise BadInput("no RTMP")
        if len(self._early) < 1 + HANDSHAKE:
            return b""
        echo = bytes(self._early[1 : 1 + HANDSHAKE])
        rest, self._early = bytes(self._early[1 + HANDSHAKE :]), bytearray()
        self.answered, self._step = True, self._shaken
        return echo + self._shaken(rest, now)

    def _shaken(self, data: bytes, now: float) -> bytes:
        """S2: then the first command."""
        self._early += data
        if len(self._early) < HANDSHAKE:
            return b""
        rest, self._early = bytes(self._early[HANDSHAKE:]), bytearray()
        self._step = self._conversed
        about = {"app": self._app, "tcUrl": self._tc_url, **_ABOUT_US}
        return _command("connect", _CONNECT, about) + self._conversed(rest, now)

    def _conversed(self, data: bytes, now: float) -> bytes:
        self._received += len(data)
        said = [self._heard(one, now) for one in self._reader.feed(data)]
        return b"".join(said) + self._acknowledge()

    def _heard(self, message: Message, now: float) -> bytes:
        if self.done:
            return b""
        if message.kind in rtmp_chunks.MEDIA:
            return self._counted(message, now)
        if message.kind == rtmp_chunks.WINDOW:
            self._window = int.from_bytes(message.body[:4], "big")
        if message.kind == rtmp_chunks.COMMAND:
            return self._commanded(amf.decode(message.body))
        return b""

    def _counted(self, message: Message, now: float) -> bytes:
        self._kinds.add(message.kind)
        self.tracks = len(self._kinds)
        self.tally.add(message.kind, message.size, message.time_stamp, now)
        self.done = self.tally.enough(now)
        return b""

    def _commanded(self, values: list[amf.Value]) -> bytes:
        name, number = (*values[:2], None, None)[:2]
        if name == "_result" and number == _CONNECT:
            return self._connected()
        if name == "_result" and number == _CREATE:
            return self._created(values)
        if name in {"_error", "onStatus"}:
            return self._status(str(name), values)
        return b""

    def _connected(self) -> bytes:
        if not self._stream:
            self.done = True
            return b""
        return _command("createStream", _CREATE)

    def _created(self, values: list[amf.Value]) -> bytes:
        number = values[_NUMBER_AT] if len(values) > _NUMBER_AT else None
        stream = int(number) if isinstance(number, float) and 0 <= number < 1 << 32 else 1
        self.playing = True
        return _command("play", 0.0, None, self._stream, _LIVE, stream=stream)

    def _status(self, name: str, values: list[amf.Value]) -> bytes:
        about = next((one for one in values[2:] if isinstance(one, dict)), {})
        self.peer_said = str(about.get("code", ""))[:_MAX_CODE]
        if name == "_error" or any(part in self.peer_said for part in _ABSENT):
            self.absent = self.done = True
        return b""

    def _acknowledge(self) -> bytes:
        """A server stops when its window is full and nobody says that the bytes came (section 5.4.3)."""
        if not self._window or self._received - self._acknowledged < self._window:
            return b""
        self._acknowledged = self._received
        received = (self._received & 0xFFFF_FFFF).to_bytes(4, "big")
        return rtmp_chunks.write(rtmp_chunks.ACKNOWLEDGEMENT, received)


def _names(url: str) -> tuple[str, str, str]:
    """Application (the first part of the path), stream (the rest), and the application's own URL."""
    parts = urlsplit(url)
    app, _, stream = parts.path.lstrip("/").partition("/")
    query = f"?{parts.query}" if parts.query and stream else ""
    return app, stream + query, f"{parts.scheme}://{parts.netloc}/{app}"


def _command(name: str, number: float, *more: amf.Sent, stream: int = 0) -> bytes:
    body = amf.encode(name, number, *(more or (None,)))
    return rtmp_chunks.write(rtmp_chunks.COMMAND, body, stream)
