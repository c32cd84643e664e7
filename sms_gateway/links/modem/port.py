"""A serial port with a modem behind it: one command at a time, notices whenever they come."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

import serial_asyncio_fast

from sms_gateway.core.at.lines import Lines
from sms_gateway.core.at.talk import Answer, Command, Notice, Talk

_log = logging.getLogger(__name__)
_CLOSE_S: Final = 2.0
_QUIET_S: Final = 0.2


class Silent(Exception):
    """The modem did not answer in time; nobody may ask it anything before `nudge`."""


class Gone(Exception):
    """There is no such port, another program has it, or it was pulled out."""


class Port(asyncio.Protocol):
    """A port; open it, ask, close it."""

    def __init__(
        self, device: str, baud: int, heard: Callable[[Notice], None], lost: Callable[[], None]
    ) -> None:
        """`device`: `/dev/ttyUSB0`, or `socket://host:port` of a port on the network."""
        self._device, self._baud, self._heard, self._tell_lost = device, baud, heard, lost
        self._lines, self._talk = Lines(), Talk()
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._turn = asyncio.Lock()
        self._lost = asyncio.Event()
        self._sick = False

    async def open(self) -> None:
        """Open it for us alone; raises `Gone`."""
        loop = asyncio.get_running_loop()
        self._lost.clear()
        self._lines, self._talk, self._sick = Lines(), Talk(), False
        try:
            # `connection_made` is called later: nobody is to find the port closed until then.
            self._transport, _ = await serial_asyncio_fast.create_serial_connection(
                loop, lambda: self, self._device, baudrate=self._baud, exclusive=True
            )
        except (OSError, ValueError) as error:  # the library's own exceptions are of these
            raise Gone(f"{self._device}: {type(error).__name__}") from error

    async def close(self) -> None:
        """Close it, which takes the line DTR down; waits until it is closed."""
        if self._transport is None:
            return
        self._transport.abort()
        try:
            async with asyncio.timeout(_CLOSE_S):
                await self._lost.wait()
        except TimeoutError:
            _log.warning("%s: cannot be closed", self._device)

    async def ask(self, command: Command) -> Answer:
        """A command's answer; raises `Silent` or `Gone`."""
        async with self._turn:
            if self._sick:
                raise Silent(command.text)
            return await self._ask(command)

    def distrust(self) -> None:
        """Let nobody ask before `nudge`: the modem fell, and a place may be one of another memory now."""
        self._sick = True

    async def nudge(self) -> None:
        """Leave whatever the modem waits for, and let late answers pass; then it may be asked again."""
        async with self._turn:
            self._write(self._talk.give_up() + b"\r")
            await asyncio.sleep(_QUIET_S)
            self._lines.clear()
            self._sick = False

    async def _ask(self, command: Command) -> Answer:
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._answer = answer
        try:
            self._write(self._talk.ask(command))
            async with asyncio.timeout(command.patience_s):
                await answer
        except TimeoutError:
            raise Silent(command.text) from None
        finally:
            self._answer = None
            if self._talk.state != "idle":
                # Too late, or we were cancelled: what the modem still says belongs to nobody.
                self._sick = True
                self._put(self._talk.give_up())
        return answer.result()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The port is open."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  # a serial transport is one; told to mypy
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """What the modem says."""
        for heard in self._lines.feed(data):
            said = self._talk.hear(heard)
            self._put(said.write)
            for notice in said.notices:
                self._heard(notice)
            if said.answer and self._answer and not self._answer.done():
                self._answer.set_result(said.answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """The port is closed, by us or because it was pulled out."""
        self._transport = None
        self._lost.set()
        self._tell_lost()
        if self._answer and not self._answer.done():
            self._answer.set_exception(Gone(f"{self._device}: {type(exc).__name__ if exc else 'closed'}"))

    def _write(self, data: bytes) -> None:
        if not self._put(data):
            raise Gone(f"{self._device}: closed")

    def _put(self, data: bytes) -> bool:
        if self._transport is None or self._transport.is_closing():
            return False
        if data:
            self._transport.write(data)
        return True
