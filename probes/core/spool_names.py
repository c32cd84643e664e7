"""The spool's file names, and what is decided by names alone: what is next, what is done, what goes first.

    <order, 12 digits>-<boot>-<sequence>.batch

`order` grows over all lives of the probe, so that sorted names are first in, first out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from wire.receipts import Receipt

TEMPORARY: Final = ".tmp"
_NAME: Final = re.compile(r"(\d{12})-([0-9a-f]{16})-([1-9]\d{0,14})\.batch", re.ASCII)


class Entry(Struct, frozen=True, order=True):
    """One batch by name; entries sort in the order in which they were made."""

    order: int
    boot: str
    sequence: int

    @property
    def name(self) -> str:
        """The file name."""
        return f"{self.order:012d}-{self.boot}-{self.sequence}.batch"


def parse(name: str) -> Entry | None:
    """The entry of a file name; None for a file that is not ours."""
    found = _NAME.fullmatch(name)
    return Entry(int(found[1]), found[2], int(found[3])) if found else None


def entries(names: Iterable[str]) -> list[Entry]:
    """Every batch among file names, oldest first."""
    return sorted(entry for name in names if (entry := parse(name)))


def next_order(found: Iterable[Entry]) -> int:
    """The order after all of these."""
    return max((entry.order for entry in found), default=0) + 1


def settled(found: Iterable[Entry], sent: Entry, receipt: Receipt) -> list[Entry]:
    """Those that need not be kept after a receipt for one of them.

    The one that was sent is at the collector even where a gap keeps the mark below it.
    """
    asked = set(receipt.missing)
    return [
        entry
        for entry in found
        if entry == sent
        or (
            entry.boot == receipt.boot
            and entry.sequence <= receipt.high_water
            and entry.sequence not in asked
        )
    ]


def lost(found: Iterable[Entry], receipt: Receipt) -> list[int]:
    """The sequences that the collector asks for and that are no longer here."""
    here = {entry.sequence for entry in found if entry.boot == receipt.boot}
    return [sequence for sequence in receipt.missing if sequence not in here]


def to_thin(sizes: Iterable[tuple[Entry, int]], cap_bytes: int, emptied: frozenset[Entry]) -> list[Entry]:
    """The oldest batches whose content must go, so that the rest fits; those already empty stay."""
    listed = sorted(sizes)
    excess = sum(size for _, size in listed) - cap_bytes
    chosen: list[Entry] = []
    for entry, size in listed:
        if excess <= 0:
            break
        if entry not in emptied:
            chosen.append(entry)
            excess -= size
    return chosen
