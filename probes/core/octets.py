"""A reader over bytes that never runs past their end."""

from __future__ import annotations

from wire.errors import BadInput


class Truncated(BadInput):
    """The bytes end in the middle of something."""


class Octets:
    """Takes bytes from the front; raises `Truncated` when there are too few."""

    def __init__(self, data: bytes) -> None:
        """Over these bytes, from their beginning."""
        self.data = data
        self.at = 0

    def take(self, size: int) -> bytes:
        """The next bytes."""
        if self.at + size > len(self.data):
            raise Truncated("the bytes end too early")
        self.at += size
        return self.data[self.at - size : self.at]

    def number(self, size: int) -> int:
        """An unsigned number of so many bytes, highest first."""
        return int.from_bytes(self.take(size), "big")

    @property
    def left(self) -> int:
        """How many bytes are left."""
        return len(self.data) - self.at
