"""Every copy and every claim as one row, for the bulk files. Pure.

Rules of this file: columns are only added, at the end; docs/page.md names them.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from io import StringIO
from typing import Final

from msgspec import Raw, Struct

from collector.core.sheets import Copy, SheetNow
from wire import canonical
from wire.errors import BadRecord
from wire.sheets import Sheet, broken, parse_sheet, schemas

_COUNTS: Final = tuple(field.name for form in schemas().values() for field in form.fields)
PLAIN: Final = (
    "station", "region", "district", "sheet", "status", "kind", "entry", "at", "by", "signer", "void",
    "sha256", "scan", "link", "proof",
)  # fmt: skip
COLUMNS: Final = (*PLAIN, "election", "schema", "broken", *dict.fromkeys(_COUNTS), "votes")
"""Of the CSV and of the Parquet file. `votes` is a JSON object; numbers that are not told are empty."""

Cell = str | int | bool | None


class Row(Struct, frozen=True, kw_only=True):
    """One line of `/sheets.jsonl`: a claim or a copy. `content`: the exact published bytes, or null.

    `scan`: the hash of the scan that came with a copy. `broken`: relations that do not hold.
    """

    v: int = 1
    station: str
    region: str
    district: str
    sheet: str
    status: str
    kind: str
    entry: int
    at: str
    by: str
    signer: str
    void: bool
    sha256: str
    scan: str
    link: str
    proof: str
    broken: tuple[str, ...] = ()
    content: Raw = Raw(b"null")


def rows_of(now: SheetNow, content: Callable[[str], bytes | None]) -> Iterator[Row]:
    """The claims and copies of one sheet, in the ledger's order."""
    scans = {one.sheet_entry: one.sha256 for one in now.copies if one.kind == "scan" and not one.void}
    for one in now.copies:
        if one.kind != "scan":
            raw = content(one.sha256) if one.kind == "sheet" else None
            yield _row(now, one, scans.get(one.entry, ""), raw)


def _row(now: SheetNow, one: Copy, scan: str, raw: bytes | None) -> Row:
    sheet = _sheet(raw)
    form = schemas()[sheet.schema] if sheet else None
    return Row(
        station=now.station,
        region=now.region,
        district=now.district,
        sheet=now.sheet,
        status=now.status,
        kind=one.kind,
        entry=one.entry,
        at=one.at,
        by=one.by,
        signer=one.signer,
        void=one.void,
        sha256=one.sha256,
        scan=scan,
        link=one.link,
        proof=one.proof,
        broken=tuple(found.relation for found in broken(sheet, form)) if sheet and form else (),
        content=Raw(raw) if sheet and raw else Raw(b"null"),
    )


def line_of(row: Row) -> bytes:
    """A line of `/sheets.jsonl`, without its end."""
    return canonical.encode(row)


def cells_of(row: Row) -> tuple[Cell, ...]:
    """The cells of a row in the order of `COLUMNS`; None where nothing is told."""
    sheet = _sheet(bytes(row.content))
    plain = tuple(getattr(row, name) for name in PLAIN)
    if sheet is None:
        return (*plain, *(None for _ in COLUMNS[len(PLAIN) :]))
    counts = (sheet.counts.get(name) for name in COLUMNS[len(PLAIN) + 3 : -1])
    votes = canonical.encode(sheet.votes).decode()
    return (*plain, sheet.election, sheet.schema, "; ".join(row.broken), *counts, votes)


def csv_text(rows: Iterable[Iterable[Cell]]) -> str:
    """Rows as CSV (RFC 4180), lines ended by LF; true and false as words."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        writer.writerow([str(cell).lower() if isinstance(cell, bool) else cell for cell in row])
    return out.getvalue()


def _sheet(raw: bytes | None) -> Sheet | None:
    if raw and raw != b"null":
        with suppress(BadRecord):  # stored bytes may have been changed: the row then tells the hash alone
            return parse_sheet(raw)
    return None
