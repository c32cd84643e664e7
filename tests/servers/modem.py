"""A GSM modem on a pseudo-terminal: the AT commands of TS 27.005 and 27.007 that real programs use.

Texts that the network has for it wait outside while its memory is full, as a real network keeps them.
Tests make it hostile: notices in the middle of answers, silence, faults, a card with a PIN, broken lines.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import tty
from collections.abc import Iterator
from contextlib import contextmanager

from tests.servers.modem_orders import Orders, announced


class Modem(Orders):
    """One modem; `device` is what a program opens."""

    def __init__(self, sizes: dict[str, int] | None = None) -> None:
        super().__init__(sizes)
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.device = os.ttyname(self._slave)
        self.asked: list[str] = []
        self.faults: dict[str, list[str]] = {}
        """What the next commands that begin like this give instead of their answer; `""` is silence."""
        self.in_the_middle: list[str] = []
        """Notices that are said inside the next answers, one in each."""
        self.silent = False
        self.noise = 0
        """One line of an answer in so many is spoilt, or has a line of rubbish before it."""
        self.delay_s = 0.0
        self._lines = 0
        self._input = b""
        self._output = bytearray()

    def deliver(self, pdu: bytes | str) -> None:
        """The network brings a text: a PDU with its message centre, or any line."""
        self.network.append(pdu if isinstance(pdu, str) else pdu.hex().upper())
        self.fill()

    def store(self, pdu: bytes, status: int, memory: str = "") -> None:
        """Something is in a memory from before, and nobody is told."""
        one = self.memories[memory or self.receiving]
        place = one.free()
        assert place is not None
        one.places[place] = (status, pdu.hex().upper())

    def report(self, pdu: bytes) -> None:
        """The network says what became of a text."""
        if self.reports:
            self.say(f"+CDS: {announced(pdu.hex())}\r\n{pdu.hex().upper()}")

    def restart(self) -> None:
        """It falls down and comes up with its settings lost."""
        self.echo, self.announces, self.reports, self._body = True, False, False, None
        self.say("RDY")

    @property
    def used(self) -> int:
        return sum(len(one.places) for one in self.memories.values())

    def open(self) -> None:
        loop = asyncio.get_running_loop()
        loop.add_reader(self._master, self._read)

    def close(self) -> None:
        """The cable is pulled out."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._master)
        loop.remove_writer(self._master)
        for one in (self._master, self._slave):
            os.close(one)

    def say(self, line: str) -> None:
        self._write(f"\r\n{line}\r\n")

    def _write(self, text: str) -> None:
        if self.silent:
            return
        self._output += text.encode()
        self._flush()

    def _flush(self) -> None:
        try:
            done = os.write(self._master, self._output)
        except BlockingIOError:
            done = 0
        del self._output[:done]
        loop = asyncio.get_running_loop()
        if self._output:
            loop.add_writer(self._master, self._flush)
        else:
            loop.remove_writer(self._master)

    def _spoilt(self, line: str) -> str:
        """Never the same twice."""
        self._lines += 1
        if not self.noise or self._lines % self.noise:
            return line
        rubbish = "~" + hashlib.sha256(str(self._lines).encode()).hexdigest()[: 7 + self._lines % 30]
        return f"{rubbish}\r\n{line}" if self._lines % 2 else line[: len(line) // 2] + rubbish

    def _read(self) -> None:
        try:
            data = os.read(self._master, 65_536)
        except OSError:
            return
        for byte in data:
            self._take(bytes([byte]))

    def _take(self, byte: bytes) -> None:
        if self._body is not None:
            if byte == b"\x1a":
                order, self._body = f"{self._body}\0{self._input.decode('ascii', 'replace').strip()}", None
                self._input = b""
                self._later(order)
                return
            if byte == b"\x1b":
                self._body, self._input = None, b""
                self.say("OK")
                return
        elif byte in b"\r\n":
            line, self._input = self._input.decode("ascii", "replace").strip(), b""
            if line:
                self._later(line)
            return
        if byte != b"\x1b":
            self._input += byte

    def _later(self, line: str) -> None:
        if self.delay_s:
            asyncio.get_running_loop().call_later(self.delay_s, self._order, line)
        else:
            self._order(line)

    def _order(self, line: str) -> None:
        if self.silent:
            return
        if "\0" in line:
            if not self._faulty("SEND"):
                self.take_body(*line.split("\0", 1))
            return
        if self.echo:
            self._write(line + "\r")
        self.asked.append(line)
        if line.upper().startswith("AT") and not self._faulty(line):
            self._obey(line[2:])

    def _faulty(self, line: str) -> bool:
        """Whether a fault was answered instead."""
        fault = next(
            (wrong for start, wrong in self.faults.items() if line.startswith(start) and wrong), None
        )
        if fault and (answer := fault.pop(0)):
            self.say(answer)
            return True
        return fault is not None

    def _obey(self, orders: str) -> None:
        for order in re.split(r";(?=\+)", orders):
            answers, final = self.do(order.strip())
            if final == ">":
                self._write("\r\n> ")
                return
            self._answer(answers)
            if final != "OK":
                self.say(final)
                return
        self.say("OK")

    def _answer(self, lines: list[str]) -> None:
        for number, line in enumerate(lines):
            self._write(f"\r\n{self._spoilt(line)}" if number == 0 else self._spoilt(line))
            self._write("\r\n")
            if self.in_the_middle:
                self.say(self.in_the_middle.pop(0))


@contextmanager
def modem(sizes: dict[str, int] | None = None) -> Iterator[Modem]:
    """A modem that is switched on; its cable is pulled out at the end. To be used inside a running loop."""
    one = Modem(sizes)
    one.open()
    try:
        yield one
    finally:
        one.close()
