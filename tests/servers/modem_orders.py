"""What a modem's commands do to it: the AT commands of TS 27.005 and 27.007 that real programs use."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable
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


class Orders:
    """A modem without its cable: memories, a card, a network; commands give lines and an end."""

    def __init__(self, sizes: dict[str, int] | None) -> None:
        self.memories = {name: Memory(size) for name, size in (sizes or {"SM": 20, "ME": 50}).items()}
        self.reading = self.receiving = next(iter(self.memories))
        self.network: deque[str] = deque()
        """PDUs that found no room, in their order."""
        self.sent: list[str] = []
        self.deleted = 0
        self.pin = ""
        self.tries: list[str] = []
        self.registered = 1
        self.echo = True
        self.announces = False
        self.reports = False
        self.mangled: set[int] = set()
        """Places whose line loses its last character when they are listed."""
        self.stubborn: set[int] = set()
        """Places that are said to be deleted and are not."""
        self.on_send: Callable[[str], None] = lambda _: None
        self.on_list: Callable[[str], None] = lambda _: None
        """Told the memory once its list is on its way."""
        self._reference = 0
        self._body: str | None = None

    def say(self, line: str) -> None:
        """Put a line on the cable."""
        raise NotImplementedError

    def fill(self) -> None:
        """The network brings what there is room for."""
        memory = self.memories[self.receiving]
        while self.network and (place := memory.free()) is not None:
            memory.places[place] = (0, self.network.popleft())
            if self.announces:
                self.say(f'+CMTI: "{self.receiving}",{place}')

    def do(self, order: str) -> tuple[list[str], str]:
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
                    f"+CMGL: {place},{now},,{announced(pdu)}",
                    pdu[:-1] if place in self.mangled else pdu,
                ]
                memory.places[place] = (_read_now(now), pdu)
        self.mangled.clear()
        asyncio.get_running_loop().call_soon(self.on_list, self.reading)
        return lines, "OK"

    def _read_place(self, place: str) -> tuple[list[str], str]:
        memory = self.memories[self.reading]
        found = memory.places.get(int(place))
        if found is None:
            return [], _NOTHING if int(place) <= memory.size else "+CMS ERROR: 321"
        memory.places[int(place)] = (_read_now(found[0]), found[1])
        return [f"+CMGR: {found[0]},,{announced(found[1])}", found[1]], "OK"

    def _delete(self, place: str, _: str) -> tuple[list[str], str]:
        if int(place) in self.stubborn:
            return [], "OK"
        if self.memories[self.reading].places.pop(int(place), None) is None:
            return [], _NOTHING
        self.deleted += 1
        self.fill()
        return [], "OK"

    def _prompt(self, length: str) -> tuple[list[str], str]:
        self._body = length
        return [], ">"

    def _restart(self) -> tuple[list[str], str]:
        self.echo, self.announces, self.reports, self._body = True, False, False, None
        return [], "OK"

    def take_body(self, length: str, pdu: str) -> None:
        """A text to send, after its prompt."""
        if not re.fullmatch(r"([0-9A-F]{2})+", pdu) or announced(pdu) != int(length):
            self.say("+CMS ERROR: 304")
            return
        self.sent.append(pdu)
        self._reference = (self._reference + 1) % 256
        self.say(f"+CMGS: {self._reference}\r\n\r\nOK")
        self.on_send(pdu)


def announced(pdu: str) -> int:
    try:
        octets = bytes.fromhex(pdu)
    except ValueError:
        return len(pdu) // 2
    return max(0, len(octets) - 1 - octets[0]) if octets else 0


def _read_now(status: int) -> int:
    return 1 if status == 0 else status


_COMMANDS: dict[str, Callable[..., tuple[list[str], str]]] = {
    r"": Orders._plain, r"E([01])?": Orders._echo, r"[ZQV]\d?|&[FDC]\d?": Orders._plain, r"\+CMEE=\d": Orders._plain,
    r"\+CMGF=(\d)": Orders._format, r"\+CPIN\?": Orders._ask_pin, r'\+CPIN="?(\d+)"?': Orders._enter_pin,
    r"\+CREG=\d": Orders._plain, r"\+CREG\?": Orders._ask_registration, r"\+CEREG\?": Orders._ask_4g, r"\+CSQ": Orders._signal,
    r"\+CPMS=\?": Orders._list_memories, r"\+CPMS\?": Orders._ask_memory, r"\+CPMS=(.+)": Orders._choose_memory,
    r"\+CNMI=(\d),(\d),(\d),(\d)(?:,\d)?": Orders._notify, r"\+CNMI\?": Orders._ask_notify, r"\+CNMI=(\d),(\d)()()": Orders._notify,
    r"\+CSMS=0": Orders._plain, r"\+CMGL=(\d)": Orders._list, r"\+CMGR=(\d+)": Orders._read_place,
    r"\+CMGD=(\d+)(?:,(0))?": Orders._delete, r"\+CMGS=(\d+)": Orders._prompt, r"\+CFUN=1,1": Orders._restart,
    r"\+CSCS=\"?\w+\"?": Orders._plain, r"\+COPS=.*": Orders._plain, r"\+CGDCONT=.*|\+CSCA=.*": Orders._plain, r"\+CPMS": Orders._ask_memory,
}  # fmt: skip
