"""Octets that are read from the front, once."""

from __future__ import annotations

from wire.errors import BadRecord


class Cursor:
    """A place in a PDU; reading past its end raises `BadRecord`, which names what was cut."""

    def __init__(self, octets: bytes) -> None:
        """At the first octet."""
        self._octets, self._at = octets, 0

    def take(self, count: int, what: str) -> bytes:
        """The next octets, exactly so many."""
        end = self._at + count
        if end > len(self._octets):
            raise BadRecord(f"the PDU ends inside its {what}")
        taken, self._at = self._octets[self._at : end], end
        return taken

    def octet(self, what: str) -> int:
        """The next octet."""
        return self.take(1, what)[0]
