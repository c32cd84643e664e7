"""What the lines of an answer say. Any line gives a value or nothing: noise on a cable breaks nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Literal

from msgspec import Struct

Registration = Literal["home", "roaming", "searching", "denied", "none", "unknown"]
Sim = Literal["ready", "pin", "puk", "other", "none"]
_STORED: Final = re.compile(r"\+CMGL: ?(\d{1,5}), ?(\d),.*?,? ?(\d{1,3})", re.ASCII)
_READ: Final = re.compile(r"\+CMGR: ?(\d),.*?,? ?(\d{1,3})", re.ASCII)
_HEX: Final = re.compile(r"([0-9A-Fa-f]{2})+", re.ASCII)
_ARRIVED: Final = re.compile(r"\+C(?:MT|DS)I: ?\"?(\w{2,3})\"?, ?(\d{1,5})", re.ASCII)
_ROOM: Final = re.compile(r"(?:\"(\w{2})\", ?)?(\d{1,5}), ?(\d{1,5})", re.ASCII)
_REG: Final = re.compile(r"\+C5?G?E?REG: ?(?:\d, ?)?(\d{1,2})(?:,.*)?", re.ASCII)
_REGISTRATIONS: Final[dict[int, Registration]] = {
    0: "none", 1: "home", 2: "searching", 3: "denied", 4: "unknown", 5: "roaming", 6: "home", 7: "roaming",
    9: "home", 10: "roaming",
}  # fmt: skip
_LOUDEST: Final = 31
_NO_SIM: Final = frozenset({"10", "13", "14", "15", "SIM not inserted", "SIM failure"})
_INCOMING: Final = frozenset({0, 1})
_CENTRE_ONLY: Final = 1


class Stored(Struct, frozen=True, kw_only=True):
    """A place in a memory. `incoming`: it came, nobody wrote it there. `pdu`: as the modem gave it."""

    place: int
    incoming: bool
    announced: int
    pdu: str

    @property
    def fits(self) -> bool:
        """Whether the line is hex of the length that was announced: noise on the cable seldom leaves that."""
        if not _HEX.fullmatch(self.pdu):
            return False
        size = len(self.pdu) // 2
        return self.announced in {size, size - _CENTRE_ONLY - int(self.pdu[:2], 16)}


class Room(Struct, frozen=True, kw_only=True):
    """How full a memory is."""

    used: int
    total: int


def stored(lines: Sequence[str]) -> tuple[Stored, ...]:
    """The places that `AT+CMGL` listed, each with the line behind its own; one without such a line has ''."""
    found: list[Stored] = []
    for line in lines:
        head = _STORED.fullmatch(line)
        if head:
            place, status, announced = (int(one) for one in head.groups())
            found.append(Stored(place=place, incoming=status in _INCOMING, announced=announced, pdu=""))
        elif found and not found[-1].pdu:
            last = found[-1]
            found[-1] = Stored(
                place=last.place, incoming=last.incoming, announced=last.announced, pdu=line[:1024]
            )
    return tuple(found)


def read(place: int, lines: Sequence[str]) -> Stored | None:
    """What `AT+CMGR` gave for a place; None when there was nothing."""
    for head, pdu in pairwise([*lines, ""]):
        found = _READ.fullmatch(head)
        if found:
            status, announced = int(found[1]), int(found[2])
            return Stored(place=place, incoming=status in _INCOMING, announced=announced, pdu=pdu[:1024])
    return None


def arrived(line: str) -> tuple[str, int] | None:
    """Memory and place of a `+CMTI` or `+CDSI`."""
    found = _ARRIVED.fullmatch(line)
    return (found[1], int(found[2])) if found else None


def memories(lines: Sequence[str]) -> tuple[str, ...]:
    """The memories that may be read, of the answer to `AT+CPMS=?`, the card's and the modem's own only."""
    for line in lines:
        if line.startswith("+CPMS:"):
            first = line[6:].split(")", 1)[0]
            return tuple(name for name in ("SM", "ME") if f'"{name}"' in first)
    return ()


def room(lines: Sequence[str]) -> Room | None:
    """How full the memory for reading is, of the answer to `AT+CPMS="SM"` or `AT+CPMS?`."""
    for line in lines:
        found = _ROOM.search(line) if line.startswith("+CPMS:") else None
        if found:
            return Room(used=int(found[2]), total=int(found[3]))
    return None


def signal(lines: Sequence[str]) -> float | None:
    """The signal from 0 to 1, of the answer to `AT+CSQ`; None when the modem does not know."""
    for line in lines:
        found = re.fullmatch(r"\+CSQ: ?(\d{1,3}), ?\d{1,3}", line, re.ASCII)
        if found and int(found[1]) <= _LOUDEST:
            return round(int(found[1]) / _LOUDEST, 2)
    return None


def registration(lines: Sequence[str]) -> Registration:
    """Whether the network knows us, of the answer to `AT+CREG?` or of its notice."""
    for line in lines:
        found = _REG.fullmatch(line)
        if found:
            return _REGISTRATIONS.get(int(found[1]), "unknown")
    return "unknown"


def sim(final: str, lines: Sequence[str]) -> Sim:
    """What the card wants, of the answer to `AT+CPIN?`. A modem without this command has no lock."""
    if fault(final) in _NO_SIM:
        return "none"
    for line in lines:
        if line.startswith("+CPIN:"):
            wants = line[6:].strip()
            return {"READY": "ready", "SIM PIN": "pin", "SIM PUK": "puk"}.get(wants, "other")  # type: ignore[return-value]  # all four are
    return "ready" if final in {"OK", "ERROR"} else "other"


def reference(lines: Sequence[str]) -> int | None:
    """The number that the modem gave to a text, of the answer to `AT+CMGS`."""
    for line in lines:
        found = re.fullmatch(r"\+CMGS: ?(\d{1,3})(?:,.*)?", line, re.ASCII)
        if found:
            return int(found[1]) % 256
    return None


def fault(final: str) -> str:
    """The number or the words of `+CMS ERROR: 38`; `ERROR` for what names none; empty for `OK`."""
    found = re.fullmatch(r"\+CM[ES] ERROR: ?(.*)", final, re.ASCII)
    if found:
        return found[1].strip() or "ERROR"
    return "" if final == "OK" else "ERROR"
