"""What a client sends: a true first flight, a packet of a version that nobody has, a farewell."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from probes.core.quic import varint
from probes.core.quic.hello import client_hello
from probes.core.quic.keys import SAMPLE, TAG, Keys, client_keys

VERSION_1: Final = 1
# RFC 9000, section 14.1: smaller first datagrams are dropped, so that nobody can be flooded through a server.
DATAGRAM: Final = 1_200
ENTROPY: Final = 80
_ID: Final = 8
_LONG_INITIAL: Final = 0xC0
_NUMBER: Final = 2


class Dial(Struct, frozen=True, kw_only=True):
    """One attempt: the name asked for and the random bytes that it is made of."""

    name: str
    dcid: bytes
    scid: bytes
    random: bytes
    share: bytes

    @classmethod
    def of(cls, name: str, entropy: bytes) -> Dial:
        """From `ENTROPY` random bytes; `name` is an A-label, "" sends none."""
        ids, random, share = entropy[:16], entropy[16:48], entropy[48:80]
        return cls(name=name, dcid=ids[:_ID], scid=ids[_ID:], random=random, share=share)


def first_flight(dial: Dial, number: int = 0) -> bytes:
    """An Initial packet with a whole ClientHello, 1,200 bytes; `number` counts repeats."""
    hello = client_hello(dial.name, dial.random, dial.share, dial.scid)
    frame = b"\x06\x00" + varint.encode(len(hello)) + hello
    return initial(dial, dial.dcid, number, frame)


def farewell(dial: Dial, server_id: bytes, number: int) -> bytes:
    """CONNECTION_CLOSE without an error: the server need not wait for us (RFC 9000, section 10.2.3)."""
    return initial(dial, server_id or dial.dcid, number, b"\x1c\x00\x00\x00")


def unknown_version(dial: Dial) -> bytes:
    """A packet of a version kept for exercise (RFC 9000, section 15): a server answers with those it has."""
    version = bytes((byte & 0xF0) | 0x0A for byte in dial.random[:4])
    head = bytes([_LONG_INITIAL]) + version + _ids(dial.dcid, dial.scid)
    return head.ljust(DATAGRAM, b"\x00")


def initial(dial: Dial, dcid: bytes, number: int, frames: bytes) -> bytes:
    """One protected Initial packet that fills a datagram."""
    first = _LONG_INITIAL | (_NUMBER - 1)
    no_token = b"\x00"
    head = bytes([first]) + VERSION_1.to_bytes(4, "big") + _ids(dcid, dial.scid) + no_token
    room = DATAGRAM - len(head) - 2 - _NUMBER - TAG
    plain = frames.ljust(room, b"\x00")
    length = (_NUMBER + len(plain) + TAG) | 0x4000
    head += length.to_bytes(2, "big") + number.to_bytes(_NUMBER, "big")
    return protect(client_keys(dial.dcid), head, number, plain)


def protect(keys: Keys, header: bytes, number: int, plain: bytes) -> bytes:
    """Seal a packet and mask its header; the packet number is the header's end (RFC 9001, section 5.4)."""
    size = (header[0] & 0x03) + 1
    sealed = keys.seal(number, plain, header)
    mask = keys.mask(sealed[4 - size : 4 - size + SAMPLE])
    first = header[0] ^ (mask[0] & 0x0F)
    hidden = bytes(a ^ b for a, b in zip(header[-size:], mask[1:], strict=False))
    return bytes([first]) + header[1:-size] + hidden + sealed


def _ids(dcid: bytes, scid: bytes) -> bytes:
    return bytes([len(dcid)]) + dcid + bytes([len(scid)]) + scid
