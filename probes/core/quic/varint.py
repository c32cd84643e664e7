"""Variable-length integers (RFC 9000, section 16)."""

from __future__ import annotations

from typing import Final

from probes.core.octets import Octets

_SIZES: Final = ((0x40, 1, 0x00), (0x4000, 2, 0x40), (0x4000_0000, 4, 0x80), (1 << 62, 8, 0xC0))


def encode(value: int) -> bytes:
    """A number below 2**62 in its shortest form; raises `ValueError` above."""
    for limit, size, mark in _SIZES:
        if value < limit:
            return (value | mark << (8 * size - 8)).to_bytes(size, "big")
    raise ValueError("too large for QUIC")


def decode(octets: Octets) -> int:
    """The number that comes next; raises `Truncated`."""
    first = octets.number(1)
    size = 1 << (first >> 6)
    return int.from_bytes(bytes([first & 0x3F]) + octets.take(size - 1), "big")
