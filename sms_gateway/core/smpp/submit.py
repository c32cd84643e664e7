"""A text as `submit_sm` bodies (4.4.1), one for each part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from msgspec import Struct

from sms_gateway.core import gsm7
from sms_gateway.core.gsm import split
from sms_gateway.core.pdu import header
from sms_gateway.core.pdu.header import Join
from sms_gateway.core.smpp.pdu import c_string
from wire.errors import BadInput

Default = Literal["gsm7", "latin1", "ascii"]
_UCS2: Final = 8
_HAS_HEADER: Final = 0x40
_MOST_PARTS: Final = 255
_MOST_ADDRESS: Final = 21
_ALONE, _JOINED = 140, 134  # octets of a part in UCS-2, and behind a header that joins
_INTERNATIONAL, _ALPHANUMERIC, _UNKNOWN = 1, 5, 0
_ISDN: Final = 1
_LONG: Final = 10  # digits: from here on a number has its country
_PHONE: Final = re.compile(r"\+?[0-9*#]{1,20}", re.ASCII)


class Submission(Struct, frozen=True, kw_only=True):
    """What is sent: `reference` (its low 8 bits) joins the parts; `receipt`: whether one is asked for."""

    sender: str
    recipient: str
    text: str
    reference: int
    receipt: bool
    alphabet: Default = "gsm7"


def submissions(what: Submission) -> list[bytes]:
    """The bodies of all parts; raises `BadInput` for what no centre can take."""
    if not _PHONE.fullmatch(what.recipient):
        raise BadInput("the recipient is no number of at most 20 digits")
    coding, pieces = _pieces(what.text, what.alphabet)
    if len(pieces) > _MOST_PARTS:
        raise BadInput(f"a text of {len(pieces)} parts; {_MOST_PARTS} are allowed")
    esm_class = _HAS_HEADER if len(pieces) > 1 else 0
    front = b"\0" + _address(what.sender) + _address(what.recipient) + bytes([esm_class, 0, 0, 0, 0])
    front += bytes([what.receipt, 0, coding, 0])
    return [front + bytes([len(one)]) + one for one in _headed(pieces, what.reference & 0xFF)]


def _pieces(text: str, default: Default) -> tuple[int, list[bytes]]:
    """The data coding and the payloads."""
    parts = split(text)
    encoded = [_encoded(part, default) for part in parts]
    payloads = [one for one in encoded if one is not None]
    # What the GSM alphabet lacks goes as UCS-2, even if the centre's own alphabet has it: phones do not.
    if len(payloads) == len(encoded) and gsm7.encode(text) is not None:
        return 0, payloads
    return _UCS2, list(_units(text.encode("utf-16-be", "replace")))


def _encoded(part: str, default: Default) -> bytes | None:
    if default == "gsm7":
        return gsm7.encode(part)
    try:
        return part.encode({"latin1": "latin-1", "ascii": "ascii"}[default])
    except UnicodeEncodeError:
        return None


def _units(raw: bytes) -> Iterator[bytes]:
    """UCS-2 in parts; a pair of units is never cut in two."""
    if len(raw) <= _ALONE:
        yield raw
        return
    while raw:
        size = _JOINED
        if len(raw) > size and 0xD8 <= raw[size - 2] <= 0xDB:  # noqa: PLR2004  # the first unit of a pair
            size -= 2
        yield raw[:size]
        raw = raw[size:]


def _headed(pieces: list[bytes], reference: int) -> list[bytes]:
    if len(pieces) == 1:
        return pieces
    joins = (
        Join(reference=reference, width=8, total=len(pieces), part=part) for part in range(1, len(pieces) + 1)
    )
    return [header.write(join) + piece for join, piece in zip(joins, pieces, strict=True)]


def _address(value: str) -> bytes:
    digits = value.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()) and value:
        return bytes([_ALPHANUMERIC, 0]) + c_string(value, _MOST_ADDRESS)
    if len(digits) >= _LONG or digits != value:
        return bytes([_INTERNATIONAL, _ISDN]) + c_string(digits, _MOST_ADDRESS)
    return bytes([_UNKNOWN, _ISDN if digits else 0]) + c_string(digits, _MOST_ADDRESS)
