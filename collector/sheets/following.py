"""Keeping the book of sheets as far as the ledger, and adding the comparisons that are due.

Rules of this file: the book is built from the ledger's entries alone, read back from its files: what another
instance on the same store appended is seen too.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from collector.core.sheets import SheetBook, SheetNow, due
from collector.core.sheets.figures import SheetFigures
from collector.core.times import seconds_of
from collector.ledger import Desk, LedgerFault
from collector.sheets.store import SheetStore
from wire.errors import BadRecord
from wire.ledger import parse_entry
from wire.ports import Clock
from wire.sheets import Sheet, parse_sheet

RETRY_S: Final = 5.0
LOOK_S: Final = 5.0  # another instance may have appended
_GROUP: Final = 500
_log = logging.getLogger("dabyl.collector.sheets")


class Shown(NamedTuple):
    """What the book is kept for: the figures, the stations' districts, and whether the polls have closed."""

    figures: SheetFigures
    districts: Mapping[str, str]
    revealed: Callable[[], bool]


class Follower:
    """The book, and who adds comparisons. `opened`: whether the polls have closed."""

    def __init__(
        self,
        desk: Desk,
        store: SheetStore,
        clock: Clock,
        shown: Shown,
    ) -> None:
        """Reads the whole ledger."""
        self._figures = shown.figures
        self._desk, self._store, self._clock, self._opened = desk, store, clock, shown.revealed
        self._book = SheetBook(shown.districts)
        self._news = asyncio.Event()
        self._due: dict[tuple[str, str], None] = {}
        desk.heard.append(self._news.set)
        self._read()
        self._note_changed()

    def book(self) -> SheetBook:
        """The book as far as the ledger's head."""
        first = self._book.size
        self._read(count=True)
        if self._book.size > first:
            self._note_changed()
        return self._book

    async def run(self) -> None:
        """Add comparisons as sheets come in, until cancelled."""
        while True:
            self.book()
            await self._compare()
            self._news.clear()
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def _compare(self) -> None:
        while self._due:
            group, self._due = list(self._due)[:_GROUP], dict.fromkeys(list(self._due)[_GROUP:])
            found = (self._book.sheet(*key) for key in group)
            entries = [entry for now in found if now is not None for entry in due(now, self._sheets(now))]
            try:
                if entries:
                    await self._desk.add(entries)
            except LedgerFault:
                self._due = dict.fromkeys([*group, *self._due])
                await asyncio.sleep(RETRY_S)

    def _read(self, *, count: bool = False) -> None:
        now = seconds_of(self._clock.now())
        for raw in self._desk.shelf.entries(self._book.size):
            try:
                entry = parse_entry(raw)
            except BadRecord as error:
                _log.error("entry %d of the ledger cannot be read: %s", self._book.size, error)
                self._book.size += 1
                continue
            self._figures.take(self._book.size, entry, now if count else None)
            self._book.take(entry)

    def _note_changed(self) -> None:
        changed = self._book.changed()
        self._due |= dict.fromkeys((now.station, now.sheet) for now in changed)
        if self._due:
            self._news.set()

    def _sheets(self, now: SheetNow) -> dict[str, Sheet]:
        """The sheets whose differences may be named: none before the polls close, or where all are one."""
        hashes = {one.sha256 for one in now.copies if one.kind == "sheet"}
        if len(hashes) == 1 or not self._opened():
            return {}
        return {one: sheet for one in hashes if (sheet := self._readable(one)) is not None}

    def _readable(self, sha256: str) -> Sheet | None:
        """None too where the stored bytes were changed: the audit says so, and comparing goes on."""
        raw = self._store.sheet(sha256)
        try:
            return None if raw is None else parse_sheet(raw)
        except BadRecord:
            return None
