"""Numbers, hidden in bytes that nobody could read: only the last two digits of each are kept."""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = re.compile(rb"[0-9]{3,}(?=[0-9]{2})")


def hidden(raw: bytes) -> bytes:
    """The bytes with a mark in place of each digit of a run of five and more, but the last two."""
    return _DIGITS.sub(lambda digits: b"#" * len(digits[0]), raw)
