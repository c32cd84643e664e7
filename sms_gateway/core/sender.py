"""Whose text it is, without keeping the number: a keyed print and the last two digits."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

_PRINT_CHARS: Final = 32
# 8 701 ... is how +7 701 ... is dialled at home; a centre that says "national" gives 701 ... alone.
_NATIONAL: Final = re.compile(r"8?(7[0-9]{9})", re.ASCII)
_PHONE: Final = re.compile(r"[0-9]{10,15}")


def number(sender: str) -> str:
    """A number in one form: digits only, with the country; a sender in letters stays as it is."""
    bare = re.sub(r"[\s()+.-]", "", sender)
    found = _NATIONAL.fullmatch(bare)
    return f"7{found[1]}" if found else bare


def sender_print(key: bytes, sender: str) -> str:
    """32 hex digits of HMAC-SHA256 under `key`, a dash, the last two characters of the number."""
    one = number(sender)
    digest = hmac.new(key, one.encode(), hashlib.sha256).hexdigest()
    return f"{digest[:_PRINT_CHARS]}-{one[-2:]}"


def is_person(sender: str, own: str) -> bool:
    """Whether an answer can reach somebody: a phone's number, not a name, a short code or our own."""
    one = number(sender)
    return _PHONE.fullmatch(one) is not None and one != number(own)
