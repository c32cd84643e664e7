"""A listener asked by SRT: induction, and where a stream is named also conclusion, then counting.

A listener takes the first caller that concludes: so without `streamid` in the URL only induction is
done, which costs it nothing and takes no camera's place. A machine without I/O.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs, urlsplit

from probes.core.octets import Truncated
from probes.core.streams import srt_packets
from probes.core.streams.conversation import Correspondence
from probes.core.streams.srt_packets import (
    CONCLUSION,
    INDUCTION,
    MAGIC,
    Data,
    Handshake,
    Packet,
    Shutdown,
)

ENTROPY: Final = 4
_TICKS: Final = 1_000_000
_MAX_STREAM_ID: Final = 512
_ACK_EVERY: Final = 16
_NUMBERS: Final = 1 << 31
# Reasons that say "not this stream": peer, queue, closing; and HTTP's numbers, as servers use them.
_ABSENT: Final = frozenset({2, 3, 8, 400, 403, 404, 409, 410, 423})


class SrtMachine(Correspondence):
    """One conversation over datagrams; `peer_said` tells what it is, or why it refused."""

    def __init__(self, url: str, entropy: bytes) -> None:
        """`url`: `srt://host:port[?streamid=...]`; `entropy`: `ENTROPY` bytes for our socket's number."""
        super().__init__(_TICKS)
        self._stream_id = stream_id(url)
        self._socket = int.from_bytes(entropy[:ENTROPY], "big") & 0x3FFF_FFFF | 1
        self._last = srt_packets.induction(self._socket)
        self._peer = 0
        self._unacknowledged = 0
        self._newest = -1

    @property
    def watches(self) -> bool:
        """Whether a stream is named, so that there is something to watch."""
        return bool(self._stream_id)

    def start(self) -> list[bytes]:
        """The first packet."""
        return [self._last]

    def again(self) -> list[bytes]:
        """What to send once more when nothing came for a while."""
        return [] if self.playing or self.done else [self._last]

    def feed(self, datagram: bytes, now: float) -> list[bytes]:
        """A datagram that came, and when; gives those to send."""
        try:
            packet = srt_packets.read(datagram, self._socket)
        except Truncated:
            return []
        return [] if self.done or packet is None else self._heard(packet, now)

    def leave(self) -> list[bytes]:
        """What to send before the door is closed."""
        return [srt_packets.shutdown(self._peer)] if self._peer else []

    def _heard(self, packet: Packet, now: float) -> list[bytes]:
        match packet:
            case Handshake():
                return self._shaken(packet)
            case Data() if self.playing:
                return self._counted(packet, now)
            case Shutdown() if self.playing:
                self.done = True
        return []

    def _shaken(self, packet: Handshake) -> list[bytes]:
        if packet.kind == INDUCTION and packet.cookie and not self.answered:
            return self._inducted(packet)
        if packet.refused and self.answered:
            self.done, self.peer_said = True, f"refused {packet.refused}"
            self.absent = packet.refused in _ABSENT
        if packet.kind == CONCLUSION and self.answered:
            self.playing, self._peer, self.tracks = True, packet.socket, 1
        return []

    def _inducted(self, packet: Handshake) -> list[bytes]:
        self.answered = True
        self.peer_said = "srt" if packet.extension == MAGIC else f"version {packet.version}"
        self.done = not self._stream_id or packet.extension != MAGIC
        if self.done:
            return []
        self._last = srt_packets.conclusion(self._socket, packet.cookie, self._stream_id)
        return [self._last]

    def _counted(self, packet: Data, now: float) -> list[bytes]:
        if (packet.number - self._newest - 1) % _NUMBERS >= _NUMBERS // 2:
            return []  # sent once more, because our acknowledgements are few
        self._newest = packet.number
        self.tally.add(0, packet.size, packet.time_stamp, now)
        self.done = self.tally.enough(now)
        self._unacknowledged += 1
        if self._unacknowledged < _ACK_EVERY:
            return []
        self._unacknowledged = 0
        return [srt_packets.light_ack(self._peer, packet.number)]


def stream_id(url: str) -> str:
    """The stream that a URL names, "" when it names none."""
    return parse_qs(urlsplit(url).query).get("streamid", [""])[0][:_MAX_STREAM_ID]
