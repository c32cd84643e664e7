"""What the view needs of a catalogue: the text of a message. `catalogues` has the real ones."""

from __future__ import annotations

from datetime import date
from typing import Protocol

Value = str | int | date


def small(text: str) -> str:
    """A sentence's or a name's words as they stand inside another sentence."""
    return text[:1].lower() + text[1:]


class Words(Protocol):
    """Gives the text of a message in one language."""

    def __call__(self, message: str, **values: Value) -> str:
        """The text, plural forms chosen; raises `LookupError` for a message or a value that is missing."""
        ...
