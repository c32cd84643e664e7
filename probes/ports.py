"""The open port finder: asks a beacon abroad at likely ports, and believes only its signature."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from msgspec import Struct

from probes.core import failures
from probes.core.beacon import ANSWER_BYTES, NONCE_BYTES, PADDING_BYTES, is_answer, make_question
from probes.core.port_search import SOMEBODY_ELSE, Found, Try
from wire import names
from wire.errors import BadInput
from wire.ports import Clock, Randomness
from wire.records import Step
from wire.signing import VerifyKey

UDP_TRIES: Final = 2


class Search(Struct, frozen=True, kw_only=True):
    """Where the beacon stands, and its key. `timeout_s`: of one step; `concurrency`: tries at once."""

    address: str
    public: bytes
    timeout_s: float = 5.0
    concurrency: int = 16


class Finder:
    """Tries ports; each try has a nonce of its own. Nothing that a network does raises."""

    def __init__(self, search: Search, clock: Clock, randomness: Randomness) -> None:
        """Raises `BadInput` when the key is none."""
        self._search = search
        self._key = VerifyKey(search.public)
        self._clock = clock
        self._randomness = randomness

    async def find(self, tries: Sequence[Try], progress: Callable[[int, int], None]) -> list[Found]:
        """What became of each try, in their order."""
        turns = asyncio.Semaphore(self._search.concurrency)
        done: list[Try] = []

        async def one(tried: Try) -> Found:
            async with turns:
                found = await self.one(tried)
            done.append(tried)
            progress(len(done), len(tries))
            return found

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(tried)) for tried in tries]
        return [task.result() for task in tasks]

    async def one(self, tried: Try) -> Found:
        """One try, from its first packet to its last."""
        nonce, padding = self._randomness.token(NONCE_BYTES), self._randomness.token(PADDING_BYTES)
        attempt = _Attempt(
            self._search, tried, make_question(self._search.public, nonce, padding), self._clock
        )

        def right(raw: bytes) -> bool:
            return is_answer(raw, self._key, tried.transport, tried.port, nonce)

        over = attempt.over_tcp if tried.transport == "tcp" else attempt.over_udp
        return Found(tried=tried, steps=await over(right))


Right = Callable[[bytes], bool]


class _Attempt:
    """One try under way: what is asked, and since when."""

    def __init__(self, search: Search, tried: Try, question: bytes, clock: Clock) -> None:
        self._search = search
        self._tried = tried
        self._question = question
        self._clock = clock
        self._began = clock.monotonic()

    async def over_tcp(self, right: Right) -> tuple[Step, ...]:
        """Connect, ask, listen."""
        t0 = self._now()
        try:
            async with asyncio.timeout(self._search.timeout_s):
                reader, writer = await asyncio.open_connection(self._search.address, self._tried.port)
        except OSError as error:
            return (self._step("tcp", t0, _failure(error)),)
        connected = self._step("tcp", t0, None)
        t0 = self._now()
        try:
            failure = await self._converse(reader, writer, right)
        finally:
            writer.transport.abort()
        return connected, self._step("beacon", t0, failure)

    async def _converse(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, right: Right
    ) -> str | None:
        heard = b""
        failure = names.EOF
        try:
            async with asyncio.timeout(self._search.timeout_s):
                writer.write(self._question)
                while len(heard) < ANSWER_BYTES and (part := await reader.read(ANSWER_BYTES - len(heard))):
                    heard += part
        except OSError as error:
            failure = _failure(error)
        if right(heard):
            return None
        return SOMEBODY_ELSE if heard else failure

    async def over_udp(self, right: Right) -> tuple[Step, ...]:
        """Ask, listen, ask again."""
        t0 = self._now()
        try:
            failure = await self._exchange(right)
        except OSError as error:
            failure = _failure(error)
        return (self._step("beacon", t0, failure),)

    async def _exchange(self, right: Right) -> str | None:
        there = self._search.address, self._tried.port
        line, ear = await asyncio.get_running_loop().create_datagram_endpoint(_Ear, remote_addr=there)
        try:
            for _ in range(UDP_TRIES):
                line.sendto(self._question)
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._search.timeout_s / UDP_TRIES):
                        while not right(await ear.next()):
                            ear.others += 1
                        return None
        finally:
            line.close()
        return SOMEBODY_ELSE if ear.others else names.TIMEOUT

    def _now(self) -> float:
        return round(self._clock.monotonic() - self._began, 6)

    def _step(self, name: str, t0: float, failure: str | None) -> Step:
        return Step(
            step=name,
            failure=failure,
            t0=t0,
            t=self._now(),
            address=self._search.address,
            port=self._tried.port,
            transport=self._tried.transport,
        )


class _Ear(asyncio.DatagramProtocol):
    """What comes back, in order: datagrams, or the error that a router or the host sent."""

    def __init__(self) -> None:
        self.others = 0
        self._heard: asyncio.Queue[bytes | Exception] = asyncio.Queue()

    def datagram_received(self, data: bytes, _addr: tuple[str, int]) -> None:
        """A datagram."""
        self._heard.put_nowait(data)

    def error_received(self, exc: Exception) -> None:
        """ICMP: nobody is there."""
        self._heard.put_nowait(exc)

    async def next(self) -> bytes:
        """The next datagram; raises the error when it was one."""
        heard = await self._heard.get()
        if isinstance(heard, Exception):
            raise heard
        return heard


async def resolved(host: str) -> str:
    """An address of the beacon, by the system's resolver when it is a name; raises `BadInput`."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise BadInput(f"{host[:80]}: no address is known for it") from error
    return str(found[0][4][0])


def _failure(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return names.TIMEOUT
    return failures.of_os_error(error)
