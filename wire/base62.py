"""Bytes as letters and digits that every phone and network carries: base62, as one big number.

No `@`, `_`, `$` or `!`, which operators have lost before. Four more characters tell a typing error from a
forgery: the whole text as a number, modulo the largest prime below 62^4 of which 62 has a large order. So
every single wrong character is noticed, and every two that changed places.
"""

from __future__ import annotations

import math
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHECK_CHARS: Final = 4
CHECK_PRIME: Final = 14_776_331
_VALUES: Final = {char: value for value, char in enumerate(ALPHABET)}
_BASE: Final = len(ALPHABET)
_BITS: Final = math.log2(_BASE)


def width(size_bytes: int) -> int:
    """How many characters that many bytes take: always the same, zeros in front."""
    return math.ceil(size_bytes * 8 / _BITS)


def size_of(characters: int) -> int | None:
    """How many bytes stand in that many characters; None when no number of bytes does."""
    size = int(characters * _BITS // 8)
    return size if size and width(size) == characters else None


def encode(raw: bytes) -> str:
    """The characters of some bytes."""
    return digits(int.from_bytes(raw, "big"), width(len(raw)))


def decode(text: str) -> bytes | None:
    """The bytes of such a text; None when it is none: another character, a wrong length, a number too big."""
    size = size_of(len(text))
    if size is None or not is_base62(text):
        return None
    value = number(text)
    return value.to_bytes(size, "big") if value.bit_length() <= size * 8 else None


def is_base62(text: str) -> bool:
    """Whether all characters are of the alphabet."""
    return all(char in _VALUES for char in text)


def check(text: str) -> str:
    """The four check characters of a text of the alphabet."""
    return digits(number(text) % CHECK_PRIME, CHECK_CHARS)


def number(text: str) -> int:
    """A text of the alphabet as a number."""
    value = 0
    for char in text:
        value = value * _BASE + _VALUES[char]
    return value


def digits(value: int, characters: int) -> str:
    """A number as that many characters."""
    found = []
    for _ in range(characters):
        value, digit = divmod(value, _BASE)
        found.append(ALPHABET[digit])
    return "".join(reversed(found))
