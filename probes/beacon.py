"""The beacon: stands abroad and answers questions at many ports with its signature, and nothing else.

Rules of this file: no answer to what is no question of ours; never more bytes out than came in; so
much for each neighbourhood and for all; nothing about who asked is kept or written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Final, cast

from msgspec import Struct

from probes.core.allowance import Allowance
from probes.core.beacon import QUESTION_BYTES, Transport, make_answer, read_question
from wire.errors import BadInput
from wire.ports import Clock
from wire.signing import SigningKey

MAX_CONNECTIONS: Final = 512
QUESTION_S: Final = 5.0
EACH_S: Final = 20.0
ALL_S: Final = 400.0


class Posts(Struct, frozen=True, kw_only=True):
    """Where a beacon listens: every port of both lists at every address."""

    addresses: tuple[str, ...]
    tcp: tuple[int, ...]
    udp: tuple[int, ...]


class Beacon:
    """What all ports share: the key, the allowance, the number of connections."""

    def __init__(self, key: SigningKey, clock: Clock) -> None:
        self.connections = 0
        self._key = key
        self._public = key.public
        self._clock = clock
        self._allowance = Allowance(EACH_S, ALL_S)

    def answer(self, raw: bytes, transport: Transport, here: int, sender: str) -> bytes | None:
        """The answer to bytes that arrived at port `here`; None when there is none."""
        nonce = read_question(raw, self._public)
        if nonce is None or not self._allowance.take(sender, self._clock.monotonic()):
            return None
        return make_answer(self._key, transport, here, nonce)


async def run_beacon(beacon: Beacon, posts: Posts, started: Callable[[], None]) -> None:
    """Answer until cancelled; `BadInput` when a port cannot be had. `started` is called when all stand."""
    async with AsyncExitStack() as standing:
        for address in posts.addresses:
            for port in posts.tcp:
                await standing.enter_async_context(await _tcp_post(beacon, address, port))
            for port in posts.udp:
                standing.callback((await _udp_post(beacon, address, port)).close)
        started()
        await asyncio.Event().wait()


async def _tcp_post(beacon: Beacon, address: str, port: int) -> asyncio.Server:
    with _named("tcp", address, port):
        return await asyncio.get_running_loop().create_server(lambda: _Caller(beacon, port), address, port)


async def _udp_post(beacon: Beacon, address: str, port: int) -> asyncio.BaseTransport:
    with _named("udp", address, port):
        loop = asyncio.get_running_loop()
        ear, _ = await loop.create_datagram_endpoint(lambda: _Ear(beacon, port), local_addr=(address, port))
        return ear


@contextmanager
def _named(transport: Transport, address: str, port: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BadInput(f"{transport} port {port} at {address}: {error.strerror}") from error


class _Caller(asyncio.Protocol):
    """One connection: a question, an answer, the end."""

    def __init__(self, beacon: Beacon, port: int) -> None:
        self._beacon = beacon
        self._port = port
        self._heard = b""
        self._line: asyncio.Transport | None = None
        self._limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Nobody stays long, and not more than `MAX_CONNECTIONS` at once."""
        line = self._line = cast("asyncio.Transport", transport)
        self._beacon.connections += 1
        if self._beacon.connections > MAX_CONNECTIONS:
            line.abort()
            return
        self._limit = asyncio.get_running_loop().call_later(QUESTION_S, line.abort)

    def data_received(self, data: bytes) -> None:
        """Answer when the question is whole."""
        self._heard += data
        if self._line is None or len(self._heard) < QUESTION_BYTES:
            return
        sender = self._line.get_extra_info("peername")[0]
        answer = self._beacon.answer(self._heard, "tcp", self._port, sender)
        if answer is not None:
            self._line.write(answer)
        self._line.close()

    def connection_lost(self, _exc: Exception | None) -> None:
        """Make room."""
        self._beacon.connections -= 1
        if self._limit is not None:
            self._limit.cancel()


class _Ear(asyncio.DatagramProtocol):
    """One UDP port."""

    def __init__(self, beacon: Beacon, port: int) -> None:
        self._beacon = beacon
        self._port = port
        self._ear: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready."""
        self._ear = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """A question of 64 bytes, an answer of 64 bytes."""
        answer = self._beacon.answer(data, "udp", self._port, addr[0])
        if answer is not None and self._ear is not None:
            self._ear.sendto(answer, addr)
