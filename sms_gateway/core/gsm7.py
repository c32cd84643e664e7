"""The GSM 7-bit default alphabet with its extension, and how septets are packed into octets.

Source: 3GPP TS 23.038, sections 6.1.2.1 (packing), 6.2.1 (the table) and 6.2.1.1 (its extension).
"""

from __future__ import annotations

import re
from typing import Final

ESCAPE: Final = 0x1B
TABLE: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The character of each septet; the escape stands in its own place and is no character."""
EXTENSION: Final = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\",
    0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€",
}  # fmt: skip
"""The character of a septet behind an escape."""
_SEPTET: Final = 0x7F
_ENCODED: Final = {char: bytes([code]) for code, char in enumerate(TABLE) if code != ESCAPE} | {
    char: bytes([ESCAPE, code]) for code, char in EXTENSION.items()
}
_ESCAPED: Final = re.compile("\x1b(.?)", re.DOTALL)
_SPECIAL: Final = {TABLE[code]: char for code, char in EXTENSION.items()} | {"\x1b": " ", "": " "}


def decode(septets: bytes) -> str | None:
    """The text of septets, one in an octet; None when an octet is above 127.

    What follows an escape and is not in the extension is read from the main table; an escape that
    nothing or another one follows is a space (6.2.1, notes 1 and 5).
    """
    if not septets.isascii():
        return None
    text = septets.decode("ascii").translate(TABLE)
    if ESCAPE not in septets:
        return text
    return _ESCAPED.sub(lambda found: _SPECIAL.get(found[1], found[1]), text)


def encode(text: str) -> bytes | None:
    """The septets of a text, one in an octet; None when the alphabet lacks a character."""
    try:
        return b"".join([_ENCODED[char] for char in text])
    except KeyError:
        return None


def pack(septets: bytes, fill_bits: int = 0) -> bytes:
    """Septets packed from the lowest bit on, behind `fill_bits` zero bits (0 to 6)."""
    value = 0
    for septet in reversed(septets):
        value = value << 7 | septet
    return (value << fill_bits).to_bytes((7 * len(septets) + fill_bits + 7) // 8, "little")


def unpack(octets: bytes, count: int, fill_bits: int = 0) -> bytes:
    """`count` septets out of packed octets, behind `fill_bits`; fewer when the octets end before."""
    held = max(0, (8 * len(octets) - fill_bits) // 7)
    value = int.from_bytes(octets, "little") >> fill_bits
    return bytes([value >> 7 * place & _SEPTET for place in range(min(count, held))])
