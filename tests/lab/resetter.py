"""Sends RSTs both ways when a ClientHello with a name passes, and stops no packet: resetter.py DEVICE NAME [fin].

So does a censor beside the road: it cannot hold packets, only talk in between. Since data race with
its RSTs, it sends some for places further on in the stream too. `fin`: one polite end to the client instead.
"""

from __future__ import annotations

import socket
import struct
import sys
from typing import NamedTuple

_ETH_P_IP = 0x0800
_AHEAD = (0, 1_448, 2_896, 5_792)
_RST_ACK = 0x14
_FIN_ACK = 0x11


class Hello(NamedTuple):
    """A segment with the name: who sent it to whom, and where in the stream."""

    source: bytes
    sport: int
    target: bytes
    dport: int
    seq: int
    ack: int
    size: int


def read(packet: bytes, name: bytes) -> Hello | None:
    """The segment that names `name` on port 443; None for every other packet."""
    if len(packet) < 40 or packet[0] >> 4 != 4 or packet[9] != socket.IPPROTO_TCP or name not in packet:
        return None
    start = (packet[0] & 15) * 4
    sport, dport, seq, ack = struct.unpack_from("!HHII", packet, start)
    size = int.from_bytes(packet[2:4]) - start - (packet[start + 12] >> 4) * 4
    return Hello(packet[12:16], sport, packet[16:20], dport, seq, ack, size) if dport == 443 else None


def resets(hello: Hello) -> list[tuple[bytes, bytes]]:
    """(packet, destination): RSTs in the server's name to the client, and one in the client's to the server."""
    to_client = [
        _reset(
            hello.target, hello.source, (hello.dport, hello.sport, hello.ack + ahead, hello.seq + hello.size)
        )
        for ahead in _AHEAD
    ]
    ends = (hello.sport, hello.dport, hello.seq + hello.size, hello.ack)
    return [
        *((packet, hello.source) for packet in to_client),
        (_reset(hello.source, hello.target, ends), hello.target),
    ]


def farewell(hello: Hello) -> list[tuple[bytes, bytes]]:
    """(packet, destination): a FIN in the server's name to the client."""
    ends = (hello.dport, hello.sport, hello.ack, hello.seq + hello.size)
    return [(_reset(hello.target, hello.source, ends, _FIN_ACK), hello.source)]


def _reset(source: bytes, target: bytes, ends: tuple[int, int, int, int], flags: int = _RST_ACK) -> bytes:
    sport, dport, seq, ack = ends
    bare = struct.pack(
        "!HHIIBBHHH", sport, dport, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, 5 << 4, flags, 8_192, 0, 0
    )
    summed = _checksum(source + target + struct.pack("!HH", socket.IPPROTO_TCP, len(bare)) + bare)
    segment = bare[:16] + struct.pack("!H", summed) + bare[18:]
    head = struct.pack(
        "!BBHHHBBH4s4s", 0x45, 0, 20 + len(segment), 0, 0, 64, socket.IPPROTO_TCP, 0, source, target
    )
    return head + segment


def _checksum(data: bytes) -> int:
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def main(device: str, name: bytes, manner: str) -> None:
    """Listen until killed."""
    with (
        socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ETH_P_IP)) as ear,
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as mouth,
    ):
        ear.bind((device, _ETH_P_IP))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            packet, where = ear.recvfrom(65_535)
            hello = read(packet, name) if where[2] != socket.PACKET_OUTGOING else None
            end = farewell if manner == "fin" else resets
            for reset, to in end(hello) if hello else ():
                mouth.sendto(reset, (socket.inet_ntoa(to), 0))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2].encode(), "".join(sys.argv[3:]))
