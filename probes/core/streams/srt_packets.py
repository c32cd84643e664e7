"""SRT's packets (draft-sharabayko-srt-01, section 3): handshakes written and read, data only measured."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from probes.core.octets import Octets

INDUCTION: Final = 1
CONCLUSION: Final = 0xFFFF_FFFF
MAGIC: Final = 0x4A17  # what an SRT listener writes into the extension field of its first answer
# Below this a handshake type is a phase; from here on it is 1000 and the reason of a refusal (section 4.3).
REFUSED_FROM: Final = 1_000
REFUSED_TO: Final = 10_000
_CONTROL: Final = 0x8000
_HANDSHAKE, _ACK, _SHUTDOWN = 0, 2, 5
_MTU, _WINDOW = 1_500, 8_192
_SRT_VERSION: Final = 0x010500
# TSBPD both ways, too-late packets dropped, periodic NAK: what a live caller says (section 3.2.1.1.1).
_FLAGS: Final = 0x01 | 0x02 | 0x08 | 0x10
_LATENCY_MS: Final = 120
_HSREQ, _SID = 1, 5
_HAS_HSREQ, _HAS_CONFIG = 0x01, 0x04


class Handshake(Struct, frozen=True, kw_only=True):
    """What a listener answered."""

    version: int
    extension: int
    kind: int
    socket: int
    cookie: int

    @property
    def refused(self) -> int:
        """The reason of a refusal, 0 when it is none."""
        return self.kind - REFUSED_FROM if REFUSED_FROM <= self.kind < REFUSED_TO else 0


class Data(Struct, frozen=True, kw_only=True):
    """A data packet: its size, its number, its time stamp in microseconds."""

    size: int
    number: int
    time_stamp: int


class Shutdown(Struct, frozen=True, kw_only=True):
    """The listener closed."""


Packet = Handshake | Data | Shutdown


def induction(socket: int) -> bytes:
    """A caller's first packet: version 4, so that older listeners answer too (section 4.3.1.1)."""
    return _control(_HANDSHAKE, 0) + _handshake(4, 2, INDUCTION, socket, 0)


def conclusion(socket: int, cookie: int, stream_id: str) -> bytes:
    """The second: the cookie given back, what we can do, and the stream that is wanted."""
    has = _HAS_HSREQ | (_HAS_CONFIG if stream_id else 0)
    words = _SRT_VERSION.to_bytes(4, "big") + _FLAGS.to_bytes(4, "big") + 2 * _LATENCY_MS.to_bytes(2, "big")
    extensions = _extension(_HSREQ, words) + (_extension(_SID, _turned(stream_id)) if stream_id else b"")
    return _control(_HANDSHAKE, 0) + _handshake(5, has, CONCLUSION, socket, cookie) + extensions


def shutdown(peer: int) -> bytes:
    """A caller's farewell."""
    return _control(_SHUTDOWN, peer) + bytes(4)


def light_ack(peer: int, after: int) -> bytes:
    """All data up to a packet's number has come, so that the listener keeps sending (section 3.2.4)."""
    return _control(_ACK, peer) + ((after + 1) & 0x7FFF_FFFF).to_bytes(4, "big")


def read(datagram: bytes, socket: int) -> Packet | None:
    """A packet to our socket that we understand; None for any other. Raises `Truncated`."""
    octets = Octets(datagram)
    kind, _ = octets.number(2), octets.number(6)
    time_stamp, meant_for = octets.number(4), octets.number(4)
    if meant_for != socket:
        return None
    if not kind & _CONTROL:
        return Data(size=octets.left, number=int.from_bytes(datagram[:4], "big"), time_stamp=time_stamp)
    match kind & 0x7FFF:
        case 0:
            return _read_handshake(octets)
        case 5:
            return Shutdown()
        case _:
            return None


def _read_handshake(octets: Octets) -> Handshake:
    version, _, extension = octets.number(4), octets.number(2), octets.number(2)
    octets.take(12)  # first sequence number, MTU, window
    kind, socket, cookie = octets.number(4), octets.number(4), octets.number(4)
    octets.take(16)  # our address as the listener sees it: not kept
    return Handshake(version=version, extension=extension, kind=kind, socket=socket, cookie=cookie)


def _control(kind: int, peer: int) -> bytes:
    return (_CONTROL | kind).to_bytes(2, "big") + bytes(2 + 4 + 4) + peer.to_bytes(4, "big")


def _handshake(version: int, extension: int, kind: int, socket: int, cookie: int) -> bytes:
    numbers = (0, _MTU, _WINDOW, kind, socket, cookie)
    body = b"".join(number.to_bytes(4, "big") for number in numbers)
    return version.to_bytes(4, "big") + bytes(2) + extension.to_bytes(2, "big") + body + bytes(16)


def _extension(kind: int, body: bytes) -> bytes:
    return kind.to_bytes(2, "big") + (len(body) // 4).to_bytes(2, "big") + body


def _turned(text: str) -> bytes:
    """A text as SRT sends it: padded to words, the bytes of each word turned around (section 3.2.1.3)."""
    data = text.encode()
    data = data.ljust(-(-len(data) // 4) * 4, b"\x00")
    return b"".join(data[at : at + 4][::-1] for at in range(0, len(data), 4))
