"""What everybody may see of result sheets: what the ledger says, and the sheets once the polls have closed.

Rules of this file: before the polls close nothing but hashes leaves by any door; pages, tables and the API
all ask here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from collector.core.refusals import Refused
from collector.core.sheets import SheetBook
from collector.sheets.store import Scan, SheetStore


class Public:
    """The read side. Cheap to ask: the book is in memory, a sheet is one read from the disk."""

    def __init__(
        self,
        book: Callable[[], SheetBook],
        store: SheetStore,
        opened: Callable[[], bool],
        name_of: Callable[[str], str],
        polls_close: str,
    ) -> None:
        """`opened`: whether sheets are shown now. `name_of`: what a signer is called."""
        self.book, self._store, self._opened = book, store, opened
        self.name_of, self.polls_close = name_of, polls_close

    @property
    def revealed(self) -> bool:
        """Whether sheets are shown: the polls have closed, or no time was set."""
        return self._opened()

    def sheet(self, sha256: str) -> bytes:
        """The exact bytes that are published; raises `Refused` ("not_found", "sealed")."""
        raw = self._store.sheet(sha256)
        if raw is None:
            raise Refused("not_found")
        self._refuse_sealed()
        return raw

    def scan(self, sha256: str) -> tuple[Scan, Path]:
        """What a scan is and where its bytes lie; raises `Refused` ("not_found", "sealed")."""
        found = self._store.scan(sha256)
        if found is None:
            raise Refused("not_found")
        self._refuse_sealed()
        return found, self._store.scan_path(sha256)

    def _refuse_sealed(self) -> None:
        if not self._opened():
            raise Refused("sealed", f"sheets are shown from {self.polls_close} on")
