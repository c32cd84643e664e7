"""Which claims and copies of one sheet are still to be compared, and what two copies differ in.

Rules of this file: a claim that nobody proved disputes nothing, or any phone could dispute any station; two
claims are not compared: a copy decides between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Final

from collector.core.sheets.now import PROVEN, Copy, SheetNow
from wire.ledger import Entry
from wire.sheets import Sheet

MAX_COMPARED: Final = 12
"""Claims and copies of one sheet, each with a hash of its own: more are shown, not compared."""
NOTE_LENGTH: Final = 128


def due(now: SheetNow, sheets: Mapping[str, Sheet]) -> list[Entry]:
    """The `match` and `mismatch` entries that are missing, in order.

    `sheets`: by hash, those whose differences may be named already.
    """
    done = {one.of for one in now.comparisons}
    pairs = combinations(_compared(now), 2)
    return [
        _entry(now, one, other, sheets)
        for one, other in pairs
        if (one.entry, other.entry) not in done and "sheet" in {one.kind, other.kind}
    ]


def _compared(now: SheetNow) -> list[Copy]:
    """Of each sender and hash the first that stands; the order of the ledger."""
    first: dict[tuple[str, str, str, str], Copy] = {}
    for one in now.copies:
        if not one.void and (one.kind == "sheet" or (one.kind == "claim" and one.proof in PROVEN)):
            first.setdefault((one.kind, one.by, one.signer, one.sha256), one)
    return list(first.values())[:MAX_COMPARED]


def _entry(now: SheetNow, one: Copy, other: Copy, sheets: Mapping[str, Sheet]) -> Entry:
    same = one.sha256 == other.sha256
    known = one.sha256 in sheets and other.sha256 in sheets and not same
    names = difference(sheets[one.sha256], sheets[other.sha256]) if known else []
    return Entry(
        kind="match" if same else "mismatch",
        at=max(one.at, other.at),
        station=now.station,
        sheet=now.sheet,
        of=(one.entry, other.entry),
        note=_note(names),
    )


def difference(one: Sheet, other: Sheet) -> list[str]:
    """The names of what differs: `election`, `schema`, fields of the form, `votes: NAME`."""
    plain = [name for name in ("election", "schema") if getattr(one, name) != getattr(other, name)]
    counts = [
        name for name in _keys(one.counts, other.counts) if one.counts.get(name) != other.counts.get(name)
    ]
    votes = [name for name in _keys(one.votes, other.votes) if one.votes.get(name) != other.votes.get(name)]
    return [*plain, *counts, *(f"votes: {name}" for name in votes)]


def _keys(one: Mapping[str, int], other: Mapping[str, int]) -> list[str]:
    return sorted(one.keys() | other.keys())


def _note(names: list[str]) -> str:
    """As many whole names as an entry has room for, parted by `; `; `...` where some are left out."""
    whole = "; ".join(names)
    while len(whole) > NOTE_LENGTH:
        names = names[:-1]
        whole = "; ".join([*names, "..."])
    return whole
