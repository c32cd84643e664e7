"""A connection that talks for a machine: bytes in, bytes out, until the machine is done."""

from __future__ import annotations

import asyncio
import socket
from typing import Final, Protocol, cast

from probes.core import failures
from probes.observe.kernel import forget, waited_s
from wire import names

_MAX_EARLY_BYTES: Final = 262_144
# A busy loop matters where seconds are compared.
LONG_S: Final = 0.2


class Machine(Protocol):
    """What speaks a protocol, without any I/O of its own."""

    @property
    def done(self) -> bool:
        """Whether there is nothing more to hear."""
        ...

    @property
    def failure(self) -> str | None:
        """How it ended."""
        ...

    def start(self) -> bytes:
        """The bytes to send first."""
        ...

    def feed(self, data: bytes) -> bytes:
        """Bytes that came; gives those to send."""
        ...

    def end(self) -> None:
        """No more will come."""
        ...


class Stream(asyncio.Protocol):
    """One connected socket. It lends itself to one machine after another."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._transport: asyncio.Transport | None = None
        self._machine: Machine | None = None
        self._over: asyncio.Future[str | None] | None = None
        self._early = bytearray()  # what came while no machine was listening
        self._ended = False
        self.carried_bytes = 0  # both ways, TLS included
        self.heard_bytes = 0
        self.heard_at: float | None = None  # the loop's time when something last came
        self._broken: str | None = None

    def waited_s(self, took_s: float) -> float:
        """How long what ended a conversation may have waited for us; of short ones nobody asks."""
        return min(took_s, waited_s(self._sock)) if took_s >= LONG_S else 0.0

    def quiet_s(self) -> float | None:
        """How long nothing has come; None when nothing ever did."""
        return None if self.heard_at is None else asyncio.get_running_loop().time() - self.heard_at

    async def converse(self, machine: Machine, within_s: float) -> str | None:
        """Let a machine talk until it is done; its failure, or the connection's, or the timeout."""
        loop = asyncio.get_running_loop()
        self._machine, self._over = machine, loop.create_future()
        alarm = loop.call_later(within_s, self._finish, names.TIMEOUT)
        try:
            self._begin(machine)
            failure = await self._over
            if failure == names.TIMEOUT:
                forget(self._sock)
            return failure
        finally:
            alarm.cancel()
            self._machine = self._over = None

    def _begin(self, machine: Machine) -> None:
        self._send(machine.start())
        early, self._early = bytes(self._early), bytearray()
        if early:
            self.carried_bytes -= len(early)  # counted when it came
            self.data_received(early)
        if self._ended:
            self._hear_end()

    def close(self) -> None:
        """Close at once; nothing that still waits is sent."""
        if self._transport is not None:
            self._transport.abort()

    def _send(self, data: bytes) -> None:
        if data and self._transport is not None and not self._ended:
            self.carried_bytes += len(data)
            self._transport.write(data)

    def _finish(self, failure: str | None) -> None:
        if self._over is not None and not self._over.done():
            self._over.set_result(failure)

    def _hear_end(self) -> None:
        if self._machine is None or self._machine.done:
            return
        if self._broken:
            self._finish(self._broken)
            return
        self._machine.end()
        self._finish(self._machine.failure)

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is ours."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Hand bytes to the machine that listens."""
        self.carried_bytes += len(data)
        self.heard_bytes += len(data)
        self.heard_at = asyncio.get_running_loop().time()
        machine = self._machine
        if machine is None:
            if len(self._early) < _MAX_EARLY_BYTES:
                self._early += data
            return
        if not machine.done:
            self._send(machine.feed(data))
        if machine.done:
            self._finish(machine.failure)

    def eof_received(self) -> None:
        """The other side has nothing more to say."""
        self._ended = True
        self._hear_end()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone: closed, or broken by an error of the network."""
        self._ended = True
        if isinstance(exc, OSError):
            self._broken = failures.of_os_error(exc)
        self._hear_end()


async def open_stream(sock: socket.socket) -> Stream:
    """A connected socket as a stream, which owns it from now on."""
    _, stream = await asyncio.get_running_loop().create_connection(lambda: Stream(sock), sock=sock)
    return stream
