"""Text that XML 1.0 and HTML can carry."""

from __future__ import annotations

import re
from typing import Final

# Production 2 of XML 1.0 and HTML's control characters: these cannot be written, not even escaped.
_FORBIDDEN: Final = re.compile(
    "[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010fffd]"
)


def clean(text: str) -> str:
    """The text, with a mark in place of what markup forbids."""
    return _FORBIDDEN.sub("\ufffd", text)
