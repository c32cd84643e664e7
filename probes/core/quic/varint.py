"""Variable-length integers (RFC 9000, section 16) and a reader that never runs past the end."""

from __future__ import annotations

from typing import Final

from wire.errors import BadInput

_SIZES: Final = ((0x40, 1, 0x00), (0x4000, 2, 0x40), (0x4000_0000, 4, 0x80), (1 << 62, 8, 0xC0))


class Truncated(BadInput):
    """The bytes end in the middle of something."""


def encode(value: int) -> bytes:
    """A number below 2**62 in its shortest form; raises `ValueError` above."""
    for limit, size, mark in _SIZES:
        if value < limit:
            return bytes([value.to_bytes(size, "big")[0] | mark]) + value.to_bytes(size, "big")[1:]
    raise ValueError("too large for QUIC")


class Reader:
    """Takes bytes from the front; raises `Truncated` when there are too few."""

    def __init__(self, data: bytes) -> None:
        """Over these bytes, from their beginning."""
        self.data = data
        self.at = 0

    def take(self, size: int) -> bytes:
        """The next bytes."""
        if size < 0 or self.at + size > len(self.data):
            raise Truncated("the bytes end too early")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, size: int) -> int:
        """An unsigned number of so many bytes, highest first."""
        return int.from_bytes(self.take(size), "big")

    def varint(self) -> int:
        """A variable-length integer."""
        first = self.number(1)
        size = 1 << (first >> 6)
        return int.from_bytes(bytes([first & 0x3F]) + self.take(size - 1), "big")

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return len(self.data) - self.at
