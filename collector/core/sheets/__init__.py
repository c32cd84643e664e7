"""What is known of the stations' result sheets, read from the ledger's entries alone; pure."""

from __future__ import annotations

from collector.core.sheets.book import MAX_PAGE, SheetBook, SheetQuery, Shown, book_of
from collector.core.sheets.comparing import difference, due
from collector.core.sheets.now import (
    SHEET_STATUSES,
    Comparison,
    Copy,
    SheetNow,
    SheetStatus,
)

__all__ = [
    "MAX_PAGE",
    "SHEET_STATUSES",
    "Comparison",
    "Copy",
    "SheetBook",
    "SheetNow",
    "SheetQuery",
    "SheetStatus",
    "Shown",
    "book_of",
    "difference",
    "due",
]
