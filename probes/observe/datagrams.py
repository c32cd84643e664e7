"""A correspondence by datagrams: sent, repeated while nobody answers, heard, ended."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from typing import Final, Protocol

from probes.core import failures
from probes.observe.lookup import open_socket
from wire import names
from wire.ports import Clock

# How long to wait before the same is sent once more; then twice that, and so on (as RFC 9002, 6.2).
_PATIENCE_S: Final = 0.5
_DATAGRAM_BYTES: Final = 2_048


class Correspondent(Protocol):
    """What speaks a protocol of datagrams, without any I/O of its own."""

    @property
    def done(self) -> bool:
        """Whether there is nothing more to hear."""
        ...

    def start(self) -> Sequence[bytes]:
        """What to send first."""
        ...

    def again(self) -> Sequence[bytes]:
        """What to send once more."""
        ...

    def feed(self, datagram: bytes, now: float, /) -> Sequence[bytes]:
        """A datagram that came, and when; gives those to send."""
        ...

    def leave(self) -> Sequence[bytes]:
        """What to send at the end."""
        ...


async def correspond(
    place: tuple[str, int], correspondent: Correspondent, within_s: float, clock: Clock
) -> str | None:
    """Let it write and read until it is done; what broke it, or the time-out, else None."""
    opened = open_socket(place[0], socket.SOCK_DGRAM)
    if opened is None:
        return names.NETWORK_UNREACHABLE
    with opened as sock:
        try:
            sock.connect(place)  # the system gives a random port, and drops what others send to it
            return await _exchange(sock, correspondent, within_s, clock)
        except OSError as error:  # an ICMP message about what we sent, or no way there
            return failures.of_os_error(error)


async def _exchange(
    sock: socket.socket, correspondent: Correspondent, within_s: float, clock: Clock
) -> str | None:
    end = clock.monotonic() + within_s
    patience_s = _PATIENCE_S
    _send(sock, correspondent.start())
    while not correspondent.done:
        left_s = end - clock.monotonic()
        if left_s <= 0:
            break
        datagram = await _receive(sock, min(left_s, patience_s))
        if datagram is None:
            patience_s *= 2
            _send(sock, correspondent.again())
        else:
            _send(sock, correspondent.feed(datagram, clock.monotonic()))
    _send(sock, correspondent.leave())
    return None if correspondent.done else names.TIMEOUT


def _send(sock: socket.socket, datagrams: Sequence[bytes]) -> None:
    for datagram in datagrams:
        sock.send(datagram)


async def _receive(sock: socket.socket, within_s: float) -> bytes | None:
    try:
        async with asyncio.timeout(within_s):
            return await asyncio.get_running_loop().sock_recv(sock, _DATAGRAM_BYTES)
    except TimeoutError:
        return None
