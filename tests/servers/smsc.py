"""An operator's message centre that speaks SMPP 3.4 and does to its client what a test says.

It writes and reads its PDUs by itself, so that a mistake in the gateway's codec is no mistake here.
"""

from __future__ import annotations

import asyncio
import ssl
import struct
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

HEAD = struct.Struct(">IIII")
BIND, BIND_RESP, SUBMIT, SUBMIT_RESP, DELIVER, DELIVER_RESP = 9, 0x80000009, 4, 0x80000004, 5, 0x80000005
UNBIND, UNBIND_RESP, ENQUIRE, ENQUIRE_RESP, DATA, DATA_RESP = (
    6,
    0x80000006,
    0x15,
    0x80000015,
    0x103,
    0x80000103,
)
NACK = 0x80000000


def pdu(command: int, sequence: int, body: bytes = b"", status: int = 0) -> bytes:
    return HEAD.pack(16 + len(body), command, status, sequence) + body


def tag(number: int, value: bytes) -> bytes:
    return struct.pack(">HH", number, len(value)) + value


def deliver(
    text: bytes,
    sender: bytes = b"77011234567",
    *,
    to: bytes = b"1234",
    ton: int = 1,
    esm: int = 0,
    coding: int = 0,
    tags: bytes = b"",
) -> bytes:
    """The body of a `deliver_sm`."""
    return (
        b"\0" + bytes([ton, 1]) + sender + b"\0" + b"\0\1" + to + b"\0" + bytes([esm, 0, 0]) + b"\0\0"
        + bytes([0, 0, coding, 0, len(text)]) + text + tags
    )  # fmt: skip


def data(
    sender: bytes = b"77011234567", *, to: bytes = b"1234", esm: int = 0, coding: int = 0, tags: bytes = b""
) -> bytes:
    """The body of a `data_sm`."""
    return b"\0\1\1" + sender + b"\0\0\1" + to + b"\0" + bytes([esm, 0, coding]) + tags


def joined(reference: int, total: int, number: int, text: bytes, width: int = 8) -> bytes:
    """A text behind a header that joins it."""
    return (
        bytes([5, 0, 3, reference, total, number])
        if width == 8
        else struct.pack(">BBBHBB", 6, 8, 4, reference, total, number)
    ) + text


@dataclass
class Submitted:
    """A `submit_sm` that came."""

    sender: str
    recipient: str
    esm: int
    coding: int
    receipt: int
    text: bytes


@dataclass
class Smsc:
    """What came, and what is answered. `statuses` are used up by the submits, then all is taken."""

    port: int = 0
    window: int = 50
    bind_status: int = 0
    deaf: bool = False
    hold: bool = False
    statuses: deque[int] = field(default_factory=deque)
    name_of: Callable[[int], str] = lambda number: f"{number:08X}"
    submitted: list[Submitted] = field(default_factory=list)
    bound: list[Bound] = field(default_factory=list)
    binds: int = 0
    unbinds: int = 0
    enquiries: int = 0
    held: list[tuple[Bound, int, bytes]] = field(default_factory=list)
    nacks: list[int] = field(default_factory=list)
    bind_bodies: list[bytes] = field(default_factory=list)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        here = Bound(self, writer)
        try:
            while True:
                length, command, status, sequence = HEAD.unpack(await reader.readexactly(16))
                here.take(command, status, sequence, await reader.readexactly(length - 16))
                async with self._changed:
                    self._changed.notify_all()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            if here in self.bound:
                self.bound.remove(here)
            here.lost()
            writer.close()
            async with self._changed:
                self._changed.notify_all()

    def let_go(self) -> None:
        """Answer what was held back."""
        self.hold = False
        for bound, sequence, body in self.held:
            bound.take(SUBMIT, 0, sequence, body)

    async def until(self, true: Callable[[], object], within_s: float = 10.0) -> None:
        """Wait until something holds of what came."""
        async with asyncio.timeout(within_s), self._changed:
            await self._changed.wait_for(lambda: bool(true()))


class Bound:
    """A client's connection."""

    def __init__(self, smsc: Smsc, writer: asyncio.StreamWriter) -> None:
        self._smsc, self.writer = smsc, writer
        self._sequence = 0
        self._open: dict[int, asyncio.Future[int | None]] = {}
        self.is_bound = False

    async def bring(self, body: bytes, command: int = DELIVER) -> int | None:
        """A text; the status of its answer, None when the connection ended before it."""
        return await self.begin(body, command)

    def begin(self, body: bytes, command: int = DELIVER) -> asyncio.Future[int | None]:
        """Send a text without waiting; the future gives the status of its answer."""
        self._sequence += 1
        future: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        if not self.is_bound:
            future.set_result(None)
            return future
        self._open[self._sequence] = future
        self.writer.write(pdu(command, self._sequence, body))
        return future

    def take(self, command: int, status: int, sequence: int, body: bytes) -> None:
        """What the client sent."""
        if self._smsc.deaf and command != BIND:
            return
        if command in {DELIVER_RESP, DATA_RESP, NACK}:
            self._settle(command, sequence, status)
            return
        acts = {BIND: self._bind, ENQUIRE: self._enquire, UNBIND: self._unbind, SUBMIT: self._submit}
        if command in acts:
            acts[command](sequence, body)

    def _bind(self, sequence: int, body: bytes) -> None:
        smsc = self._smsc
        smsc.binds += 1
        smsc.bind_bodies.append(body)
        self.writer.write(pdu(BIND_RESP, sequence, b"" if smsc.bind_status else b"smsc\0", smsc.bind_status))
        if not smsc.bind_status:
            self.is_bound = True
            smsc.bound.append(self)

    def _enquire(self, sequence: int, _: bytes) -> None:
        self._smsc.enquiries += 1
        self.writer.write(pdu(ENQUIRE_RESP, sequence))

    def _unbind(self, sequence: int, _: bytes) -> None:
        self._smsc.unbinds += 1
        self.writer.write(pdu(UNBIND_RESP, sequence))
        self.writer.close()

    def _submit(self, sequence: int, body: bytes) -> None:
        if self._smsc.hold:
            self._smsc.held.append((self, sequence, body))
            return
        status = self._smsc.statuses.popleft() if self._smsc.statuses else 0
        if not status:
            self._smsc.submitted.append(_submitted(body))
        named = self._smsc.name_of(len(self._smsc.submitted)).encode() + b"\0"
        self.writer.write(pdu(SUBMIT_RESP, sequence, b"" if status else named, status))

    def _settle(self, command: int, sequence: int, status: int) -> None:
        if command == NACK:
            self._smsc.nacks.append(status)
        future = self._open.pop(sequence, None)
        if future is not None and not future.done():
            future.set_result(status)

    def lost(self) -> None:
        """The connection ended: nobody knows what became of what was on its way."""
        self.is_bound = False
        for future in self._open.values():
            if not future.done():
                future.set_result(None)
        self._open.clear()

    def cut(self) -> None:
        """End the connection without a word."""
        self.writer.transport.abort()


def _submitted(body: bytes) -> Submitted:
    at = body.index(b"\0") + 1
    end = body.index(b"\0", at + 2)
    sender, at = body[at + 2 : end], end + 1
    end = body.index(b"\0", at + 2)
    recipient, at = body[at + 2 : end], end + 1
    esm, receipt, coding, size = body[at], body[at + 5], body[at + 7], body[at + 9]
    return Submitted(
        sender.decode("latin-1"), recipient.decode(), esm, coding, receipt, body[at + 10 : at + 10 + size]
    )


@asynccontextmanager
async def smsc(port: int = 0, tls: ssl.SSLContext | None = None) -> AsyncIterator[Smsc]:
    """One on loopback."""
    here = Smsc()
    server = await asyncio.start_server(here.client, "127.0.0.1", port, ssl=tls)
    here.port = server.sockets[0].getsockname()[1]
    try:
        yield here
    finally:
        server.close()
        for bound in list(here.bound):
            bound.cut()
        await server.wait_closed()
        await asyncio.sleep(0.01)
