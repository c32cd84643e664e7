"""One question to one or more name servers: who answers first, and how."""

from __future__ import annotations

import asyncio
import errno
import socket
from typing import Final

from msgspec import Struct

from probes.core import failures
from probes.core.dns_message import Answer, Question, is_truncated, read_answer
from probes.core.resolv_conf import Resolver, attempts
from wire import names

_DATAGRAM_BYTES: Final = 4_096
_TOLD: Final = frozenset(
    {"NOERROR", "NXDOMAIN", "REFUSED"}
)  # other codes say something of the server, not of the name


class Reply(Struct, frozen=True, kw_only=True):
    """How a question ended: an answer, or a failure; of which resolver, by which transport."""

    answer: Answer | None = None
    failure: str = names.TIMEOUT
    resolver: str = ""
    transport: str = "udp"


class Lookup:
    """Asks one resolver after another and takes the first good answer, also a late one of an earlier try."""

    def __init__(self, question: Question, resolvers: tuple[Resolver, ...], within_s: float) -> None:
        self._question = question
        self._waiting = list(attempts(resolvers))
        self._within_s = within_s
        self._share_s = within_s / max(1, len(self._waiting))
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[Reply] = self._loop.create_future()
        self._best = Reply(resolver=resolvers[0].label if resolvers else "")
        self._sockets: list[socket.socket] = []
        self._timer: asyncio.TimerHandle | None = None
        self._cut: tuple[Resolver, Reply] | None = None

    async def run(self) -> Reply:
        """Ask until somebody answers or the time is over."""
        began = self._loop.time()
        try:
            self._next()
            reply = await self._over
        finally:
            self._close()
        if self._cut is None:
            return reply
        return await self._again_by_tcp(*self._cut, began)

    def _close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        for sock in self._sockets:
            self._loop.remove_reader(sock)
            sock.close()

    def _next(self) -> None:
        """Try the next resolver; the earlier ones may still answer."""
        if self._timer is not None:
            self._timer.cancel()
        if self._over.done():
            return
        if not self._waiting:
            self._over.set_result(self._best)
            return
        self._timer = self._loop.call_later(self._share_s, self._next)
        self._send(self._waiting.pop(0))

    def _send(self, resolver: Resolver) -> None:
        try:
            sock = _datagram_socket(resolver)
        except OSError as error:
            self._fail(resolver, error)
            return
        self._sockets.append(sock)
        self._loop.add_reader(sock, self._readable, sock, resolver)
        try:
            sock.send(self._question.raw)
        except OSError as error:
            self._fail(resolver, error)

    def _fail(self, resolver: Resolver, error: OSError) -> None:
        if self._best.answer is None:
            self._best = Reply(failure=failures.of_os_error(error), resolver=resolver.label)
        self._loop.call_soon(self._next)

    def _readable(self, sock: socket.socket, resolver: Resolver) -> None:
        try:
            raw = sock.recv(_DATAGRAM_BYTES)
        except BlockingIOError:
            return
        except OSError as error:  # an ICMP message about what we sent
            self._loop.remove_reader(sock)
            self._fail(resolver, error)
            return
        answer = read_answer(raw, self._question)
        if answer is not None and not self._over.done():
            self._take(resolver, Reply(answer=answer, resolver=resolver.label), cut=is_truncated(raw))

    def _take(self, resolver: Resolver, reply: Reply, *, cut: bool) -> None:
        self._best = reply
        told = reply.answer is not None and reply.answer.rcode in _TOLD
        if not told:  # it may know better when it is asked again, as every system's resolver does
            self._next()
            return
        if cut:
            self._cut = (resolver, reply)
        self._over.set_result(reply)

    async def _again_by_tcp(self, resolver: Resolver, reply: Reply, began: float) -> Reply:
        """The whole answer by TCP; where that is not served, the piece that came."""
        left = max(0.0, self._within_s - (self._loop.time() - began))
        failure = names.TIMEOUT
        try:
            async with asyncio.timeout(left):
                answer = read_answer(await _by_tcp(resolver, self._question.raw), self._question)
            if answer is not None:
                return Reply(answer=answer, resolver=resolver.label, transport="tcp")
            failure = failures.unknown("no DNS answer by TCP")
        except TimeoutError:
            pass
        except (OSError, EOFError) as error:
            failure = failures.of_os_error(error) if isinstance(error, OSError) else names.EOF
        if reply.answer is not None and reply.answer.addresses:
            return reply
        return Reply(failure=failure, resolver=resolver.label, transport="tcp")


def _datagram_socket(resolver: Resolver) -> socket.socket:
    """A connected socket: the system gives it a random port and drops what others send to it."""
    sock = socket.socket(family_of(resolver.address), socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)  # the standard library's own signature
        sock.connect((resolver.address, resolver.port))
    except OSError:
        sock.close()
        raise
    return sock


def open_socket(address: str, kind: socket.SocketKind) -> socket.socket | None:
    """A non-blocking socket to an address; None where this machine does not know its family at all.

    Raises `OSError` when there are no more sockets: then nothing can be said of whoever was to be asked.
    """
    try:
        sock = socket.socket(family_of(address), kind)
    except OSError as error:
        if error.errno == errno.EAFNOSUPPORT:
            return None
        raise
    sock.setblocking(False)  # the standard library's own signature
    return sock


def family_of(address: str) -> socket.AddressFamily:
    """The address family of a literal address."""
    return socket.AF_INET6 if ":" in address else socket.AF_INET


async def _by_tcp(resolver: Resolver, raw: bytes) -> bytes:
    """One message over TCP, with its length in front (RFC 1035, 4.2.2)."""
    loop = asyncio.get_running_loop()
    with socket.socket(family_of(resolver.address), socket.SOCK_STREAM) as sock:
        sock.setblocking(False)  # the standard library's own signature
        await loop.sock_connect(sock, (resolver.address, resolver.port))
        await loop.sock_sendall(sock, len(raw).to_bytes(2) + raw)
        size = int.from_bytes(await _exactly(sock, 2))
        return await _exactly(sock, size)


async def _exactly(sock: socket.socket, size: int) -> bytes:
    loop = asyncio.get_running_loop()
    parts = bytearray()
    while len(parts) < size:
        piece = await loop.sock_recv(sock, size - len(parts))
        if not piece:
            raise EOFError
        parts += piece
    return bytes(parts)
