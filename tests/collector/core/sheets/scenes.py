"""Entries of a ledger as stations, commissions and observers make them."""

from __future__ import annotations

from typing import Any

from collector.core.sheets import SheetBook, due
from wire.ledger import Entry
from wire.sheets import Sheet

STATION = "KZ-71-0379"
HASH_A, HASH_B, SCAN = f"{10:064x}", f"{11:064x}", f"{12:064x}"


def at(minute: int) -> str:
    return f"2026-11-22T16:{minute:02d}:00.000Z"


def claim(sha256: str = HASH_A, minute: int = 0, **more: Any) -> Entry:
    fields: dict[str, Any] = {"station": STATION, "sheet": "1", "proof": "seal", "link": "sms"}
    return Entry(kind="claim", at=at(minute), sha256=sha256, **(fields | more))


def sheet(sha256: str = HASH_A, minute: int = 1, by: str = "station", **more: Any) -> Entry:
    signer = STATION if by == "station" else f"{by}-key"
    fields: dict[str, Any] = {"station": STATION, "sheet": "1", "by": by, "signer": signer}
    return Entry(kind="sheet", at=at(minute), sha256=sha256, **(fields | more))


def scan(of: int, minute: int = 2, **more: Any) -> Entry:
    fields: dict[str, Any] = {"station": STATION, "sheet": "1", "by": "station", "signer": STATION}
    return Entry(kind="scan", at=at(minute), sha256=SCAN, of=(of,), **(fields | more))


def void(*of: int, minute: int = 5) -> Entry:
    return Entry(kind="void", at=at(minute), of=of, by="station", signer=STATION, note="a slip")


def book(*entries: Entry) -> SheetBook:
    """The book after these entries and the comparisons that they call for, as a collector adds them."""
    made = SheetBook({STATION: "Сарыарқа"})
    for entry in entries:
        made.take(entry)
        for compared in [one for now in made.changed() for one in due(now, {})]:
            made.take(compared)
    return made


def a_sheet(votes: int = 3, **counts: int) -> Sheet:
    return Sheet(election="e1", station=STATION, counts={"voters_on_list": 10, **counts}, votes={"A": votes})
