"""What the pages of sheets are made from; `collector.sheets.Public` is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from collector.core.refusals import Refused
from collector.core.sheets import SheetBook


class Source(Protocol):
    """The read side of result sheets. `polls_close`: until then only hashes are shown, a wire time or ""."""

    book: Callable[[], SheetBook]
    polls_close: str

    @property
    def name_of(self) -> Callable[[str], str]:
        """What a signer is called, "" where nothing is known."""
        ...

    @property
    def revealed(self) -> bool:
        """Whether the sheets themselves may be seen."""
        ...

    def sheet(self, sha256: str) -> bytes:
        """A sheet's published bytes; raises `Refused`."""
        ...


def content_of(source: Source, sha256: str) -> bytes | None:
    """The published bytes, None where they may not be seen or are not here."""
    try:
        return source.sheet(sha256) if source.revealed else None
    except Refused:
        return None


def hidden_until(source: Source) -> str:
    """The time until which only hashes are shown; "" when everything is."""
    return "" if source.revealed else source.polls_close
