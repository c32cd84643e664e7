"""The data coding scheme: in what alphabet the octets of a text are (3GPP TS 23.038, section 4)."""

from __future__ import annotations

from typing import Final, Literal

from sms_gateway.core import gsm7

Alphabet = Literal["gsm7", "octets", "ucs2", "unknown"]
"""octets: 8 bits whose meaning the sender alone knows. unknown: compressed, or of a national table."""

_GENERAL: Final = 0x80
_COMPRESSED: Final = 0x20
_BY_BITS: Final[tuple[Alphabet, ...]] = ("gsm7", "octets", "ucs2", "gsm7")
_WAITING_UCS2: Final = 0xE0
_CLASSES: Final = 0xF0
_MARKS: Final = (b"\xfe\xff", b"\xff\xfe")


def alphabet_of(scheme: int) -> Alphabet:
    """The alphabet that a TP-DCS names; reserved ones are read as the default alphabet, as section 4 asks."""
    if scheme < _GENERAL:
        return "unknown" if scheme & _COMPRESSED else _BY_BITS[scheme >> 2 & 0x3]
    group = scheme & 0xF0
    if group == _CLASSES:
        return "octets" if scheme & 0x04 else "gsm7"
    return "ucs2" if group == _WAITING_UCS2 else "gsm7"


def text_of(alphabet: Alphabet, body: bytes) -> str | None:
    """The text of a whole message: septets (one an octet), UTF-16BE, or UTF-8 in octets; None if it is none.

    Half a character at the end, or half of a surrogate pair, leaves the text unread: what is missing could
    be a digit. The parts of a message are joined before: some phones cut UCS-2 inside a character.
    """
    if alphabet == "gsm7":
        return gsm7.decode(body)
    if alphabet == "unknown":
        return None
    try:
        return body.decode(_codec(alphabet, body))
    except UnicodeDecodeError:
        return None


def _codec(alphabet: Alphabet, body: bytes) -> str:
    if alphabet == "octets":
        return "utf-8-sig"
    return "utf-16" if body.startswith(_MARKS) else "utf-16-be"
