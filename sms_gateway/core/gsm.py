"""How many parts a text takes on the air: the GSM 7-bit default alphabet, else UCS-2.

The tables stand in `gsm7`; the sizes follow from 140 octets a part and the 6 of the header that joins
parts (3GPP TS 23.040, 9.2.3.24.1).
"""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from sms_gateway.core import gsm7

Alphabet = Literal["gsm7", "ucs2"]

BASIC: Final = frozenset(gsm7.TABLE) - {"\x1b"}
"""One septet each. The escape, 0x1B, is no character."""
EXTENSION: Final = frozenset(gsm7.EXTENSION.values())
"""Two septets each: the escape and a second one."""
_ALL: Final = BASIC | EXTENSION

_ALONE: Final[dict[Alphabet, int]] = {"gsm7": 160, "ucs2": 70}
_JOINED: Final[dict[Alphabet, int]] = {"gsm7": 153, "ucs2": 67}


class Parts(Struct, frozen=True, kw_only=True):
    """The alphabet that a text needs, its length in septets or UTF-16 units, and its parts."""

    alphabet: Alphabet
    units: int
    count: int


def parts(text: str) -> Parts:
    """How a text is sent. An empty one takes one part; a pair of units is never cut in two."""
    alphabet = _alphabet(text)
    units = sum(_size(char, alphabet) for char in text)
    return Parts(alphabet=alphabet, units=units, count=len(split(text)))


def split(text: str) -> list[str]:
    """The parts of a text, in order: one for what fits alone, else as much in each as a joined part holds."""
    alphabet = _alphabet(text)
    sizes = [_size(char, alphabet) for char in text]
    if sum(sizes) <= _ALONE[alphabet]:
        return [text]
    found, begin, left = [], 0, _JOINED[alphabet]
    for place, size in enumerate(sizes):
        if size > left:
            found.append(text[begin:place])
            begin, left = place, _JOINED[alphabet]
        left -= size
    return [*found, text[begin:]]


def _alphabet(text: str) -> Alphabet:
    return "gsm7" if _ALL.issuperset(text) else "ucs2"


def _size(char: str, alphabet: Alphabet) -> int:
    if alphabet == "gsm7":
        return 2 if char in EXTENSION else 1
    return 2 if ord(char) > 0xFFFF else 1  # noqa: PLR2004  # the last character of one UTF-16 unit
