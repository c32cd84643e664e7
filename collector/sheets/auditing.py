"""The collector checks its own ledger and its own sheets, again and again, and tells everybody the outcome.

Rules of this file: it reads what is on the disk, as a stranger would; it mends nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import sqlite3
from collections.abc import Iterable, Iterator

from collector.core.sheets import SheetBook
from collector.core.sheets.figures import Audit, SheetFigures
from collector.core.times import seconds_of
from collector.ledger import Desk
from collector.sheets.store import SheetStore
from wire.errors import BadInput
from wire.ports import Clock

MAX_TOLD = 10
_log = logging.getLogger("dabyl.collector.sheets")


class Auditor:
    """Who audits, every `every_s` seconds."""

    def __init__(
        self, desk: Desk, store: SheetStore, figures: SheetFigures, clock: Clock, every_s: float
    ) -> None:
        """`figures`: where the outcome is told."""
        self._desk, self._store, self._figures, self._clock = desk, store, figures, clock
        self._every_s = every_s

    async def run(self, book: SheetBook) -> None:
        """Audit until cancelled, the first time at once."""
        while True:
            await self.audit(book)
            await asyncio.sleep(self._every_s)

    async def audit(self, book: SheetBook) -> Audit:
        """One audit of everything."""
        named = {copy.sha256 for now in book for copy in now.copies if copy.kind == "sheet"}
        try:
            faults = await asyncio.to_thread(
                lambda: [*self._desk.faults(), *sheet_faults(self._store, named)]
            )
        except (BadInput, sqlite3.Error, OSError) as error:
            faults = [str(error)]
        for fault in faults[:MAX_TOLD]:
            _log.error("the audit found a fault: %s", fault)
        audit = Audit(seconds_of(self._clock.now()), tuple(faults))
        self._figures.audit = audit
        return audit


def sheet_faults(store: SheetStore, named: Iterable[str]) -> Iterator[str]:
    """What is wrong with the published bytes; `named`: the hashes of sheets that the ledger tells of."""
    kept: set[str] = set()
    for sha256, raw in store.published():
        kept.add(sha256)
        if hashlib.sha256(raw).hexdigest() != sha256:
            yield f"sheet {sha256}: its bytes were changed"
    yield from (f"sheet {one}: the ledger tells of it, but it is not here" for one in sorted({*named} - kept))
