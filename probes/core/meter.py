"""Bytes on the line, by target: payloads as they were, headers of TCP and UDP as estimates. Pure."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Final

from probes.core.hosts import literal
from wire.judge.trail import host_of

_SEGMENT: Final = 1_448
_HEADER: Final = 52  # IPv4 and TCP with time stamps
_DATAGRAM: Final = 28  # IPv4 and UDP
CONNECTION: Final = 7 * _HEADER  # three to begin, four to end
EXCHANGE: Final = 6_000  # a handshake of TLS, the heads of a request and its answer
OTHERS: Final = ""  # what belongs to no target: delivery, the control table


class Meter:
    """Counts until it is read. What stays on this machine costs nothing."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._bytes: Counter[str] = Counter()

    def stream(self, target: str, payload: int) -> None:
        """A connection that carried so much, TLS included: a header for each segment, half an answer."""
        self._add(target, payload + -(-payload // _SEGMENT) * _HEADER * 3 // 2)

    def connection(self, target: str) -> None:
        """A connection that was begun."""
        self._add(target, CONNECTION)

    def datagrams(self, target: str, payload: int, count: int = 2) -> None:
        """So many datagrams with so much in them."""
        self._add(target, payload + count * _DATAGRAM)

    def exchange(self, url: str, body: int) -> None:
        """An exchange with a collector that carried so much either way: an estimate."""
        if not is_own_machine(url):
            self._add(OTHERS, EXCHANGE + body * 21 // 20)

    def take(self) -> dict[str, int]:
        """What was counted since the last time, by target."""
        found, self._bytes = dict(self._bytes), Counter()
        return found

    def _add(self, target: str, size: int) -> None:
        if not is_own_machine(target):
            self._bytes[target] += size


@lru_cache(maxsize=4_096)
def is_own_machine(url: str) -> bool:
    """Whether a URL leads to the machine itself."""
    host = host_of(url)
    address = literal(host)
    return host == "localhost" or (address is not None and address.is_loopback)
