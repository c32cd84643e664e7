"""Bytes on the line, by target: payloads as they were, headers of TCP and UDP as estimates. Pure."""

from __future__ import annotations

from collections import Counter
from typing import Final

_SEGMENT: Final = 1_448
_HEADER: Final = 52  # IPv4 and TCP with time stamps
_DATAGRAM: Final = 28  # IPv4 and UDP
CONNECTION: Final = 7 * _HEADER  # three to begin, four to end
OTHERS: Final = ""  # what belongs to no target: delivery, the control table, bait


class Meter:
    """Counts until it is read."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._bytes: Counter[str] = Counter()

    def stream(self, target: str, payload: int) -> None:
        """A connection that carried so much, TLS included: a header for each segment, half an answer."""
        segments = -(-payload // _SEGMENT)
        self._bytes[target] += payload + segments * _HEADER * 3 // 2

    def connection(self, target: str) -> None:
        """A connection that was begun."""
        self._bytes[target] += CONNECTION

    def datagrams(self, target: str, payload: int, count: int = 2) -> None:
        """So many datagrams with so much in them."""
        self._bytes[target] += payload + count * _DATAGRAM

    def take(self) -> dict[str, int]:
        """What was counted since the last time, by target."""
        found, self._bytes = dict(self._bytes), Counter()
        return found
