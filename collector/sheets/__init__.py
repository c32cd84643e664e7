"""Result sheets: taken in, kept as they came, put into the ledger, compared, and given out.

`Public` is what pages are made from: the book of sheets, their published bytes, their scans.
"""

from __future__ import annotations

from collector.sheets.beginning import SheetParts, opened_sheets
from collector.sheets.office import Accepted, Office
from collector.sheets.public import Public
from collector.sheets.store import Scan, SheetStore

__all__ = ["Accepted", "Office", "Public", "Scan", "SheetParts", "SheetStore", "opened_sheets"]
