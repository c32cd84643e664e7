"""What comes back: any packet that only somebody who has read ours can have made."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from probes.core.octets import Octets, Truncated
from probes.core.quic.keys import SAMPLE, Keys, server_keys
from probes.core.quic.knock import VERSION_1, Dial
from probes.core.quic.varint import decode

VERSIONS: Final = "version_negotiation"
INITIAL: Final = "initial"
HANDSHAKE: Final = "handshake"
RETRY: Final = "retry"
CLOSE: Final = "close"
_LONG: Final = 0x80
_MAX_VERSIONS: Final = 16
_KINDS: Final = {0: INITIAL, 2: HANDSHAKE, 3: RETRY}
_CLOSES: Final = {0x1C, 0x1D}
_EMPTY: Final = {0x00, 0x01}  # PADDING, PING
_ACKS: Final = {0x02: 0, 0x03: 3}  # and how many counts of ECN marks follow
_CRYPTO: Final = 0x06


class Answer(Struct, frozen=True, kw_only=True):
    """What the server said first. `versions`: those that it offers.

    `error`: why it closed at once (RFC 9000, section 20); TLS alerts are 0x100 and the alert's number.
    """

    kind: str
    server_id: bytes = b""
    versions: tuple[int, ...] = ()
    error: int | None = None

    @property
    def opens(self) -> bool:
        """Whether the server has begun a connection, which is to be closed."""
        return self.kind in {INITIAL, HANDSHAKE}


def read_answer(datagram: bytes, dial: Dial) -> Answer | None:
    """The first packet of a datagram as an answer to our dial; None when it is none. Never raises."""
    try:
        return _answer(datagram, dial)
    except Truncated:
        return None


def _answer(datagram: bytes, dial: Dial) -> Answer | None:
    octets = Octets(datagram)
    first, version = octets.number(1), octets.number(4)
    dcid, scid = octets.take(octets.number(1)), octets.take(octets.number(1))
    if not first & _LONG or dcid != dial.scid:
        return None
    if version == 0:
        return _negotiation(octets, scid) if scid == dial.dcid else None
    if version != VERSION_1:
        return None
    kind = _KINDS.get((first & 0x30) >> 4)
    if kind == INITIAL:
        return _initial(octets, scid, dial)
    return Answer(kind=kind, server_id=scid) if kind else None


def _negotiation(octets: Octets, scid: bytes) -> Answer:
    count = min(octets.left // 4, _MAX_VERSIONS)
    return Answer(kind=VERSIONS, server_id=scid, versions=tuple(octets.number(4) for _ in range(count)))


def _initial(octets: Octets, scid: bytes, dial: Dial) -> Answer | None:
    """An Initial packet counts when it opens with the keys of our dial."""
    octets.take(decode(octets))
    length = decode(octets)
    start = octets.at
    octets.take(length)
    plain = unprotect(server_keys(dial.dcid), octets.data[: octets.at], start)
    if plain is None:
        return None
    error = close_error(plain)
    return Answer(kind=INITIAL if error is None else CLOSE, server_id=scid, error=error)


def unprotect(keys: Keys, packet: bytes, at: int) -> bytes | None:
    """The frames of a packet whose number begins at `at`; None when the keys do not fit."""
    sample = packet[at + 4 : at + 4 + SAMPLE]
    if len(sample) < SAMPLE:
        return None
    mask = keys.mask(sample)
    first = packet[0] ^ (mask[0] & 0x0F)
    size = (first & 0x03) + 1
    number = bytes(a ^ b for a, b in zip(packet[at : at + size], mask[1:], strict=False))
    header = bytes([first]) + packet[1:at] + number
    return keys.open(int.from_bytes(number, "big"), packet[at + size :], header)


def close_error(frames: bytes) -> int | None:
    """The error of the first CONNECTION_CLOSE among frames; None when there is none."""
    octets = Octets(frames)
    try:
        while octets.left:
            kind = decode(octets)
            if kind in _CLOSES:
                return decode(octets)
            _skip(octets, kind)
    except Truncated:
        return None
    return None


def _skip(octets: Octets, kind: int) -> None:
    """Past one frame of those that an Initial may hold (RFC 9000, 12.4); past everything at another."""
    if kind in _ACKS:
        _skip_ack(octets, _ACKS[kind])
    elif kind == _CRYPTO:
        decode(octets)
        octets.take(decode(octets))
    elif kind not in _EMPTY:
        octets.take(octets.left)


def _skip_ack(octets: Octets, counts: int) -> None:
    decode(octets)
    decode(octets)
    ranges = decode(octets)
    if 2 * ranges > octets.left:
        raise Truncated("more ranges than bytes")
    for _ in range(1 + 2 * ranges + counts):
        decode(octets)
