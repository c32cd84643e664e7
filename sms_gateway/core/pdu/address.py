"""Addresses: a phone's number, a name in letters, a message centre (3GPP TS 23.040, 9.1.2.5)."""

from __future__ import annotations

import re
from typing import Final, Literal

from msgspec import Struct

from sms_gateway.core import gsm7
from sms_gateway.core.pdu import semi
from sms_gateway.core.pdu.cursor import Cursor
from wire.errors import BadInput, BadRecord

Kind = Literal["international", "national", "name", "other"]
_KINDS: Final[dict[int, Kind]] = {1: "international", 2: "national", 5: "name"}
_MOST_DIGITS: Final = 20
_INTERNATIONAL: Final = 0x91
_UNKNOWN: Final = 0x81
_NUMBER: Final = re.compile(r"\+?[0-9*#]{1,20}", re.ASCII)


class Address(Struct, frozen=True, kw_only=True):
    """Where a text came from or goes to. `value`: `+77011234567`, `1414`, `EGOV`; may be empty."""

    kind: Kind
    value: str


def read(cursor: Cursor, what: str) -> Address:
    """The address of a TPDU, whose first octet counts digits; raises `BadRecord`."""
    count = cursor.octet(what)
    if count > _MOST_DIGITS:
        raise BadRecord(f"{count} digits in its {what}; {_MOST_DIGITS} are allowed")
    kind = _kind(cursor.octet(what))
    return _address(kind, cursor.take((count + 1) // 2, what), count)


def read_centre(cursor: Cursor) -> str:
    """The message centre before a TPDU, whose first octet counts octets; empty when none is named."""
    size = cursor.octet("message centre")
    if size == 0:
        return ""
    kind = _kind(cursor.octet("message centre"))
    return _address(kind, cursor.take(size - 1, "message centre"), 2 * (size - 1)).value


def dialled(number: str) -> bool:
    """Whether a number can be dialled: digits, `+` before the country."""
    return _NUMBER.fullmatch(number) is not None


def write(number: str) -> bytes:
    """A number as the address of a TPDU; raises `BadInput` for what cannot be dialled."""
    if not dialled(number):
        raise BadInput("a recipient is a number of at most 20 digits, with + before the country")
    bare = number.removeprefix("+")
    kind = _UNKNOWN if bare == number else _INTERNATIONAL
    return bytes([len(bare), kind]) + semi.undigits(bare)


def _kind(octet: int) -> Kind:
    return _KINDS.get(octet >> 4 & 0x7, "other")


def _address(kind: Kind, octets: bytes, count: int) -> Address:
    if kind == "name":
        septets = gsm7.unpack(octets, count * 4 // 7)
        if len(septets) % 8 == 0:
            # Centres that count whole octets add an empty septet to names of seven letters: it is no `@`.
            septets = septets.removesuffix(b"\0")
        return Address(kind=kind, value=(gsm7.decode(septets) or "").strip())
    found = semi.digits(octets, count)
    plus = "+" if kind == "international" and found else ""
    return Address(kind=kind, value=plus + found)
