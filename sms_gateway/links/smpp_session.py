"""One connection to a message centre, from the bind to its end: the shell around `core.smpp.session`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from sms_gateway.core.smpp import BadFrame, Framer, Pdu, piece_of
from sms_gateway.core.smpp.commands import Command, Status
from sms_gateway.core.smpp.pdu import answer, c_string, nack, pack
from sms_gateway.core.smpp.session import Act, Event, State, event_of, move
from sms_gateway.core.smpp.status import name_of
from sms_gateway.link_settings import SmppLink
from sms_gateway.office import Office
from sms_gateway.store import StoreFailed

_log = logging.getLogger(__name__)
_VERSION: Final = 0x34
_READ_BYTES: Final = 262_144
_MOST_WAITING: Final = 5_000
"""Texts that may wait for a commit; behind them nothing more is read, and TCP slows the centre down."""
_FAREWELL_S: Final = 2.0
_LAST_SEQUENCE: Final = 0x7FFFFFFF
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Over(Exception):
    """The session has ended; the text says why."""


class Session:
    """A bound connection. `state`, `why` and `heard_at` tell how it is."""

    def __init__(self, office: Office, link: SmppLink, streams: Streams) -> None:
        """`streams` are connected and nothing was sent."""
        self._office, self._link = office, link
        self._reader, self._writer = streams
        self._framer = Framer()
        self._arrived: list[Pdu] = []
        self._bell, self._room = asyncio.Event(), asyncio.Event()
        self._room.set()
        self._waiting: dict[int, asyncio.Future[Pdu | None]] = {}
        self._window = asyncio.Semaphore(link.window)
        self._sequence = 0
        self._deadline: float | None = None
        self._quiet_since = office.clock.monotonic()
        self.state: State = "opening"
        self.why = ""
        self.heard_at = 0.0
        self._acts: dict[Act, Callable[[Pdu], None]] = {
            "bind": self._bind, "keep": self._keep, "refuse": self._refuse, "answer": self._answer,
            "settle": self._settle, "enquire": self._enquire, "unbind": self._unbind, "nack": self._nack,
            "nack_length": self._nack_length, "close": self._close,
        }  # fmt: skip

    async def live(self) -> None:
        """Bind, bring and send until the connection ends; `why` then says the reason."""
        name = self._office.new_boot()
        self._office.journal.live.add(name)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read())
                group.create_task(self._commit(name))
                group.create_task(self._watch())
                self._happen("connected", _NOTHING)
        except* Over as ended:
            self.why = str(ended.exceptions[0])
        except* OSError as failed:
            self.why = f"the connection: {type(failed.exceptions[0]).__name__}"
        finally:
            await self._leave()
            self._office.journal.live.discard(name)

    async def submit(self, body: bytes) -> Pdu | None:
        """Send one `submit_sm`; its answer, or None when the connection ended before it came."""
        async with self._window:
            if self.state != "bound":
                return None
            sequence = self._send(Command.SUBMIT_SM, body)
            future = self._waiting[sequence] = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(self._link.answer_s):
                    answered: Pdu | None = await future
                    return answered
            except TimeoutError:
                self._deadline = self._office.clock.monotonic()  # the watch ends the session
                return None
            finally:
                self._waiting.pop(sequence, None)

    async def _read(self) -> None:
        while True:
            data = await self._reader.read(_READ_BYTES)
            if not data:
                raise Over("the centre closed the connection")
            self._quiet_since, self.heard_at = self._office.clock.monotonic(), self._office.now_s()
            if self.state == "bound":
                self._deadline = None
            self._take(data)
            await self._room.wait()

    def _take(self, data: bytes) -> None:
        try:
            for pdu in self._framer.feed(data):
                self._happen(event_of(pdu), pdu)
        except BadFrame as error:
            self.why = str(error)
            self._happen("garbage", _NOTHING)

    async def _commit(self, name: str) -> None:
        """Make durable what arrived, then acknowledge it: never the other way round."""
        while True:
            await self._bell.wait()
            self._bell.clear()
            arrived, self._arrived = self._arrived, []
            try:
                await self._office.journal.keep(self._link.name, name, [piece_of(pdu) for pdu in arrived])
            except StoreFailed as error:
                _log.error("%s: %s", self._link.name, error)
                self._writer.write(b"".join([answer(pdu, Status.RX_T_APPN) for pdu in arrived]))
                # After a failure here it may be kept or not. The centre brings it again, and only in another
                # session it can be known for what it is (`core.again`).
                raise Over("texts cannot be kept") from error
            self._writer.write(b"".join([answer(pdu) for pdu in arrived]))
            await self._writer.drain()
            self._room.set()

    async def _watch(self) -> None:
        """Ask a silent centre whether it is there; end what does not answer."""
        step_s = min(1.0, self._link.enquire_s / 4, self._link.answer_s / 4)
        while True:
            await asyncio.sleep(step_s)
            now = self._office.clock.monotonic()
            if self._deadline is not None and now >= self._deadline:
                self._deadline = now + self._link.answer_s
                self.why = self.why or "the centre does not answer"
                self._happen("no_answer", _NOTHING)
            elif self._deadline is None and now - self._quiet_since >= self._link.enquire_s:
                self._happen("silence", _NOTHING)

    def _happen(self, event: Event, pdu: Pdu) -> None:
        if event == "bind_refused":
            self.why = f"the bind was refused: {name_of(pdu.status)}"
        if event == "bind_taken":
            self._deadline = None
        self.state, acts = move(self.state, event)
        for act in acts:
            self._acts[act](pdu)

    def _bind(self, _: Pdu) -> None:
        link = self._link
        names = c_string(link.system_id, 16) + c_string(link.password, 65) + c_string(link.system_type, 13)
        self._send(Command.BIND_TRANSCEIVER, names + bytes([_VERSION, 0, 0]) + b"\0")
        self._deadline = self._office.clock.monotonic() + link.answer_s

    def _keep(self, pdu: Pdu) -> None:
        self._arrived.append(pdu)
        self._bell.set()
        if len(self._arrived) >= _MOST_WAITING:
            self._room.clear()

    def _refuse(self, pdu: Pdu) -> None:
        self._writer.write(answer(pdu, Status.RINVBNDSTS))

    def _answer(self, pdu: Pdu) -> None:
        self._writer.write(answer(pdu))

    def _settle(self, pdu: Pdu) -> None:
        future = self._waiting.get(pdu.sequence)
        if pdu.is_answer and future is not None and not future.done():
            future.set_result(pdu)

    def _enquire(self, _: Pdu) -> None:
        self._send(Command.ENQUIRE_LINK)
        self._deadline = self._office.clock.monotonic() + self._link.answer_s

    def _unbind(self, _: Pdu) -> None:
        self._send(Command.UNBIND)

    def _nack(self, pdu: Pdu) -> None:
        self._writer.write(nack(pdu.sequence, Status.RINVCMDID))

    def _nack_length(self, _: Pdu) -> None:
        self._writer.write(nack(0, Status.RINVCMDLEN))

    def _close(self, _: Pdu) -> None:
        raise Over(self.why or "unbound by the centre")

    def _send(self, command: Command, body: bytes = b"") -> int:
        self._sequence = self._sequence % _LAST_SEQUENCE + 1
        self._writer.write(pack(command, self._sequence, body))
        return self._sequence

    async def _leave(self) -> None:
        """Unbind if we are still bound, and close; whoever waits for an answer gets none."""
        bound, self.state = self.state == "bound", "closed"
        for future in self._waiting.values():
            if not future.done():
                future.set_result(None)
        try:
            async with asyncio.timeout(_FAREWELL_S):
                if bound and not self._reader.at_eof():
                    self._send(Command.UNBIND)
                    await self._until_unbound()
                self._writer.close()
                await self._writer.wait_closed()
        except (OSError, TimeoutError, BadFrame):
            self._writer.close()

    async def _until_unbound(self) -> None:
        """Read past what is still on its way: it is not acknowledged, so the centre keeps it."""
        while data := await self._reader.read(_READ_BYTES):
            if any(event_of(pdu) in {"unbind_answer", "unbind"} for pdu in self._framer.feed(data)):
                return


_NOTHING: Final = Pdu(0, 0, 0, b"")
