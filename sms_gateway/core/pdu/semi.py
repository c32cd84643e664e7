"""Semi-octets: two digits in an octet, the lower half first (3GPP TS 23.040, 9.1.2.3); times made of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from wire.times import format_time

_DIGITS: Final = "0123456789*#abc"
_FILL: Final = 0xF
_SIGN: Final = 0x08
_CENTURY: Final = 2000


def digits(octets: bytes, count: int) -> str:
    """`count` digits, fewer when a filler stands among them."""
    halves = [half for octet in octets for half in (octet & 0xF, octet >> 4)][:count]
    return "".join([_DIGITS[half] for half in halves if half != _FILL])


def undigits(number: str) -> bytes:
    """Digits as semi-octets, filled to a whole octet; raises `ValueError` for what is no digit."""
    halves = [_DIGITS.index(digit) for digit in number] + [_FILL] * (len(number) % 2)
    return bytes([low | high << 4 for low, high in zip(halves[::2], halves[1::2], strict=True)])


def time(octets: bytes) -> str:
    """The wire time of seven octets (9.2.3.11); empty when they are none: a text is worth more than that."""
    zone = octets[6]
    fields = [_number(octet) for octet in octets[:6]]
    quarters = _number(zone & ~_SIGN)
    if None in fields or quarters is None:
        return ""
    year, month, day, hour, minute, second = (field or 0 for field in fields)
    ahead = timedelta(minutes=-15 * quarters if zone & _SIGN else 15 * quarters)
    try:
        local = datetime(_CENTURY + year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return ""
    return format_time(local - ahead)


def _number(octet: int) -> int | None:
    tens, ones = octet & 0xF, octet >> 4
    return 10 * tens + ones if tens < 10 and ones < 10 else None  # noqa: PLR2004  # decimal digits
