"""One sheet of one station as the ledger tells of it.

| status | when, the first that fits |
|---|---|
| void | everything that was sent for it was taken back |
| disputed | two of its copies, or a copy and a proven claim, differ |
| matches | a copy equals a claim, or another's copy |
| scan_in | a copy and a photograph of the paper are in |
| sheet_in | a copy is in |
| claimed | a text gave its hash |
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, get_args

from msgspec import Struct

from wire.ledger import Entry

SheetStatus = Literal["claimed", "sheet_in", "scan_in", "matches", "disputed", "void"]
SHEET_STATUSES: Final[tuple[SheetStatus, ...]] = get_args(SheetStatus)
PROVEN: Final = frozenset({"seal", "code"})


class Copy(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A claim, a copy or a scan. `entry`: its index in the ledger. `at`: when it came in.

    `sha256`: of the sheet's published bytes, of the scan's bytes. `by`, `signer`: who sent it, see
    `wire.ledger`. `proof`, `sealed`, `link`: of a claim. `sheet_entry`: to which copy a scan belongs.
    """

    entry: int
    kind: Literal["claim", "sheet", "scan"]
    at: str
    sha256: str
    by: str = "station"
    signer: str = ""
    proof: str = ""
    sealed: str = ""
    link: str = ""
    sheet_entry: int | None = None
    void: bool = False


class Comparison(Struct, frozen=True, kw_only=True):
    """Two entries that were compared. `differs`: the names of what differs, where both were at hand.

    `void`: one of the two was taken back since.
    """

    entry: int
    same: bool
    of: tuple[int, int]
    differs: tuple[str, ...] = ()
    void: bool = False


class SheetNow(Struct, frozen=True, kw_only=True):
    """A station's sheet: `sheet` is its number as text, `district` as the list of stations names it, or "".

    `copies`, `comparisons`: in the ledger's order. `at`: when the newest of them came in.
    """

    station: str
    sheet: str
    region: str
    district: str = ""
    status: SheetStatus
    at: str
    copies: tuple[Copy, ...] = ()
    comparisons: tuple[Comparison, ...] = ()


def copy_of(index: int, entry: Entry) -> Copy | None:
    """What an entry brought; None for a kind that brings nothing."""
    if entry.kind not in {"claim", "sheet", "scan"}:
        return None
    return Copy(
        entry=index,
        kind=entry.kind,
        at=entry.at,
        sha256=entry.sha256,
        by=entry.by or "station",
        signer=entry.signer or entry.station,
        proof=entry.proof,
        sealed=entry.sealed,
        link=entry.link,
        sheet_entry=entry.of[0] if entry.kind == "scan" and entry.of else None,
    )


def status_of(copies: Sequence[Copy], comparisons: Sequence[Comparison]) -> SheetStatus:
    """The word for it; at least one copy."""
    kinds = {one.kind for one in copies if not one.void}
    found = {one.same for one in comparisons if not one.void}
    ranked: tuple[tuple[bool, SheetStatus], ...] = (
        (not kinds, "void"),
        (False in found, "disputed"),
        (True in found, "matches"),
        ("scan" in kinds, "scan_in"),
        ("sheet" in kinds, "sheet_in"),
    )
    return next((status for fits, status in ranked if fits), "claimed")
