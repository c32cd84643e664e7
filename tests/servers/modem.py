"""A GSM modem on a pseudo-terminal: the AT commands of TS 27.005 and 27.007 that real programs use.

Texts that the network has for it wait outside while its memory is full, as a real network keeps them.
Tests make it hostile: notices in the middle of answers, silence, faults, a card with a PIN, broken lines.
"""

from __future__ import annotations

import asyncio
import os
import re
import tty
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_NOTHING = "+CMS ERROR: 321"
_IDENTITY = {
    "I": ["Dabyl", "pty modem", "1"], "+CGMI": ["Dabyl"], "+GMI": ["Dabyl"], "+CGMM": ["pty modem"], "+GMM": ["pty modem"],
    "+CGMR": ["1.0"], "+GMR": ["1.0"], "+CGSN": ["356938035643809"], "+GSN": ["356938035643809"], "+CIMI": ["401770000000001"],
    "+CSCA?": ['+CSCA: "+77740430900",145'], "+CNUM": ['+CNUM: "","+77770001122",145'], "+CSCS?": ['+CSCS: "GSM"'],
    "+CBC": ["+CBC: 0,100"], "+COPS?": ['+COPS: 0,2,"40177"'], "+CMGF?": ["+CMGF: 0"], "+CMGF=?": ["+CMGF: (0)"],
    "+CSMS?": ["+CSMS: 0,1,1,1"], "+CGDCONT?": [], "+CNMI=?": ["+CNMI: (0-2),(0-1),(0,2),(0,1),(0)"], "+GCAP": ["+GCAP: +CGSM"],
    "+CSCS=?": ['+CSCS: ("GSM")'], "+CPBS=?": ["+CPBS: ()"], "+CGREG?": ["+CGREG: 0,1"], "+CFUN=1": [], "+CFUN?": ["+CFUN: 1"], "+CSDH=1": [], "+CSDH=0": [], "+CSAS": [], "+CMMS=1": [], "+CMGD=?": ["+CMGD: (1-20),(0)"],
}  # fmt: skip


@dataclass
class Memory:
    """Places with what is in them: status and PDU."""

    size: int
    places: dict[int, tuple[int, str]] = field(default_factory=dict)

    def free(self) -> int | None:
        return next((place for place in range(1, self.size + 1) if place not in self.places), None)


class Modem:
    """One modem; `device` is what a program opens."""

    def __init__(self, sizes: dict[str, int] | None = None) -> None:
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.device = os.ttyname(self._slave)
        self.memories = {name: Memory(size) for name, size in (sizes or {"SM": 20, "ME": 50}).items()}
        self.reading = self.receiving = next(iter(self.memories))
        self.network: deque[str] = deque()
        """PDUs that found no room, in their order."""
        self.asked: list[str] = []
        self.sent: list[str] = []
        self.deleted = 0
        self.faults: dict[str, list[str]] = {}
        """What the next commands that begin like this give instead of their answer; `""` is silence."""
        self.in_the_middle: list[str] = []
        """Notices that are said inside the next answers, one in each."""
        self.silent = False
        self.pin = ""
        self.tries: list[str] = []
        self.registered = 1
        self.echo = True
        self.announces = False
        self.reports = False
        self.mangled: set[int] = set()
        """Places whose line loses its last character when they are listed."""
        self.delay_s = 0.0
        self.on_send: Callable[[str], None] = lambda _: None
        self._reference = 0
        self._input = b""
        self._body: str | None = None
        self._output = bytearray()
        self._orders: asyncio.Queue[str] = asyncio.Queue()

    def deliver(self, pdu: bytes | str) -> None:
        """The network brings a text: a PDU with its message centre, or any line."""
        self.network.append(pdu if isinstance(pdu, str) else pdu.hex().upper())
        self._fill()

    def store(self, pdu: bytes, status: int, memory: str = "") -> None:
        """Something is in a memory from before, and nobody is told."""
        one = self.memories[memory or self.receiving]
        place = one.free()
        assert place is not None
        one.places[place] = (status, pdu.hex().upper())

    def report(self, pdu: bytes) -> None:
        """The network says what became of a text."""
        if self.reports:
            self._say(f"+CDS: {_announced(pdu.hex())}\r\n{pdu.hex().upper()}")

    def restart(self) -> None:
        """It falls down and comes up with its settings lost."""
        self.echo, self.announces, self.reports, self._body = True, False, False, None
        self._say("RDY")

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

    def _fill(self) -> None:
        memory = self.memories[self.receiving]
        while self.network and (place := memory.free()) is not None:
            memory.places[place] = (0, self.network.popleft())
            if self.announces:
                self._say(f'+CMTI: "{self.receiving}",{place}')

    def _say(self, line: str) -> None:
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
                self._say("OK")
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
            self._send(*line.split("\0", 1))
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
            self._say(answer)
            return True
        return fault is not None

    def _obey(self, orders: str) -> None:
        for order in re.split(r";(?=\+)", orders):
            answers, final = self._do(order.strip())
            if final == ">":
                self._write("\r\n> ")
                return
            self._answer(answers)
            if final != "OK":
                self._say(final)
                return
        self._say("OK")

    def _answer(self, lines: list[str]) -> None:
        for number, line in enumerate(lines):
            self._write(f"\r\n{line}" if number == 0 else line)
            self._write("\r\n")
            if self.in_the_middle:
                self._say(self.in_the_middle.pop(0))

    def _do(self, order: str) -> tuple[list[str], str]:
        """Lines and end of one command without its AT."""
        order = order.upper() if '"' not in order else order
        if order in _IDENTITY:
            return _IDENTITY[order], "OK"
        for pattern, method in _COMMANDS.items():
            found = re.fullmatch(pattern, order)
            if found:
                return method(self, *found.groups(default=""))
        return [], "+CME ERROR: 100" if self.registered else "ERROR"

    def _plain(self, *_: str) -> tuple[list[str], str]:
        return [], "OK"

    def _echo(self, on: str) -> tuple[list[str], str]:
        self.echo = on != "0"
        return [], "OK"

    def _factory(self) -> tuple[list[str], str]:
        self.echo = True
        return [], "OK"

    def _format(self, mode: str) -> tuple[list[str], str]:
        return [], "OK" if mode == "0" else "+CMS ERROR: 303"

    def _ask_pin(self) -> tuple[list[str], str]:
        return ["+CPIN: SIM PIN" if self.pin else "+CPIN: READY"], "OK"

    def _enter_pin(self, pin: str) -> tuple[list[str], str]:
        self.tries.append(pin)
        if pin != self.pin:
            return [], "+CME ERROR: 16"
        self.pin = ""
        return [], "OK"

    def _ask_registration(self) -> tuple[list[str], str]:
        return [f"+CREG: 1,{self.registered}"], "OK"

    def _ask_4g(self) -> tuple[list[str], str]:
        return ["+CEREG: 0,0"], "OK"

    def _signal(self) -> tuple[list[str], str]:
        return ["+CSQ: 17,99"], "OK"

    def _list_memories(self) -> tuple[list[str], str]:
        names = "(" + ",".join(f'"{name}"' for name in self.memories) + ")"
        return [f"+CPMS: {names},{names},{names}"], "OK"

    def _ask_memory(self) -> tuple[list[str], str]:
        rooms = ",".join(
            f'"{name}",{self._room(name)}' for name in (self.reading, self.receiving, self.receiving)
        )
        return [f"+CPMS: {rooms}"], "OK"

    def _choose_memory(self, names: str) -> tuple[list[str], str]:
        chosen = re.findall(r'"(\w+)"', names)
        if not chosen or any(name not in self.memories for name in chosen):
            return [], "+CMS ERROR: 302"
        self.reading = chosen[0]
        self.receiving = chosen[2] if len(chosen) > 2 else self.receiving
        rooms = ",".join(self._room(name) for name in (self.reading, self.receiving, self.receiving))
        return [f"+CPMS: {rooms}"], "OK"

    def _room(self, name: str) -> str:
        return f"{len(self.memories[name].places)},{self.memories[name].size}"

    def _notify(self, mode: str, texts: str, _: str, reports: str) -> tuple[list[str], str]:
        self.announces = texts == "1" and mode != "0"
        self.reports = reports == "1"
        return [], "OK"

    def _ask_notify(self) -> tuple[list[str], str]:
        return [f"+CNMI: 2,{int(self.announces)},0,{int(self.reports)},0"], "OK"

    def _list(self, status: str) -> tuple[list[str], str]:
        lines: list[str] = []
        memory = self.memories[self.reading]
        for place, (now, pdu) in sorted(memory.places.items()):
            if status in {"4", str(now)}:
                lines += [
                    f"+CMGL: {place},{now},,{_announced(pdu)}",
                    pdu[:-1] if place in self.mangled else pdu,
                ]
                memory.places[place] = (_read_now(now), pdu)
        self.mangled.clear()
        return lines, "OK"

    def _read_place(self, place: str) -> tuple[list[str], str]:
        memory = self.memories[self.reading]
        found = memory.places.get(int(place))
        if found is None:
            return [], _NOTHING if int(place) <= memory.size else "+CMS ERROR: 321"
        memory.places[int(place)] = (_read_now(found[0]), found[1])
        return [f"+CMGR: {found[0]},,{_announced(found[1])}", found[1]], "OK"

    def _delete(self, place: str, _: str) -> tuple[list[str], str]:
        if self.memories[self.reading].places.pop(int(place), None) is None:
            return [], _NOTHING
        self.deleted += 1
        self._fill()
        return [], "OK"

    def _prompt(self, length: str) -> tuple[list[str], str]:
        self._body = length
        return [], ">"

    def _send(self, length: str, pdu: str) -> None:
        if self._faulty("SEND"):
            return
        if not re.fullmatch(r"([0-9A-F]{2})+", pdu) or _announced(pdu) != int(length):
            self._say("+CMS ERROR: 304")
            return
        self.sent.append(pdu)
        self._reference = (self._reference + 1) % 256
        self._say(f"+CMGS: {self._reference}\r\n\r\nOK")
        self.on_send(pdu)

    def _restart(self) -> tuple[list[str], str]:
        self.restart()
        return [], "OK"


def _announced(pdu: str) -> int:
    try:
        octets = bytes.fromhex(pdu)
    except ValueError:
        return len(pdu) // 2
    return max(0, len(octets) - 1 - octets[0]) if octets else 0


def _read_now(status: int) -> int:
    return 1 if status == 0 else status


_COMMANDS: dict[str, Callable[..., tuple[list[str], str]]] = {
    r"": Modem._plain, r"E([01])?": Modem._echo, r"[ZQV]\d?|&[FDC]\d?": Modem._plain, r"\+CMEE=\d": Modem._plain,
    r"\+CMGF=(\d)": Modem._format, r"\+CPIN\?": Modem._ask_pin, r'\+CPIN="?(\d+)"?': Modem._enter_pin,
    r"\+CREG=\d": Modem._plain, r"\+CREG\?": Modem._ask_registration, r"\+CEREG\?": Modem._ask_4g, r"\+CSQ": Modem._signal,
    r"\+CPMS=\?": Modem._list_memories, r"\+CPMS\?": Modem._ask_memory, r"\+CPMS=(.+)": Modem._choose_memory,
    r"\+CNMI=(\d),(\d),(\d),(\d)(?:,\d)?": Modem._notify, r"\+CNMI\?": Modem._ask_notify, r"\+CNMI=(\d),(\d)()()": Modem._notify,
    r"\+CSMS=0": Modem._plain, r"\+CMGL=(\d)": Modem._list, r"\+CMGR=(\d+)": Modem._read_place,
    r"\+CMGD=(\d+)(?:,(0))?": Modem._delete, r"\+CMGS=(\d+)": Modem._prompt, r"\+CFUN=1,1": Modem._restart,
    r"\+CSCS=\"?\w+\"?": Modem._plain, r"\+COPS=.*": Modem._plain, r"\+CGDCONT=.*|\+CSCA=.*": Modem._plain, r"\+CPMS": Modem._ask_memory,
}  # fmt: skip


@contextmanager
def modem(sizes: dict[str, int] | None = None) -> Iterator[Modem]:
    """A modem that is switched on; its cable is pulled out at the end. To be used inside a running loop."""
    one = Modem(sizes)
    one.open()
    try:
        yield one
    finally:
        one.close()
