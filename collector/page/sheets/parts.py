"""What a station's page is made of, as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from collector.core.sheets import SheetNow
from collector.page.figures import Chip
from collector.page.moments import Moment
from wire.facts import Language


class Cell(Struct, frozen=True):
    """One number of one copy: its text, "" where the copy leaves it out; whether it is not the first's."""

    text: str
    differs: bool
    entry: int


class NumberRow(Struct, frozen=True, kw_only=True):
    """One number in all copies. `name`: as in bulk files; `differs`: whether the copies disagree."""

    name: str
    label: str
    cells: tuple[Cell, ...]
    differs: bool


class Broken(Struct, frozen=True, kw_only=True):
    """A relation that does not hold in one copy, as the form writes it and with its numbers."""

    who: str
    relation: str
    names: str
    left: str
    right: str


class CopyView(Struct, frozen=True, kw_only=True):
    """One copy. `text`: its published bytes as text, "" where they may not be seen or are not at hand.

    `altered`: these bytes have not the hash that was published. `claims`: entries of proven claims; `scans`:
    entries and hashes of its photographs (`7:5c5c...`).
    """

    entry: int
    who: str
    signer: str
    called: str
    seen: Moment
    sha256: str
    text: str
    void: bool
    altered: bool
    claims: str
    scans: str
    names: str


class ClaimView(Struct, frozen=True, kw_only=True):
    """What a text message said. `chip`: whether it is the station's copy's hash."""

    entry: int
    seen: Moment
    proof: str
    link: str
    sha256: str
    sealed: str
    chip: Chip
    void: bool


class ScanView(Struct, frozen=True, kw_only=True):
    """A photograph of the paper."""

    entry: int
    who: str
    sha256: str
    seen: Moment
    void: bool


class ComparisonView(Struct, frozen=True, kw_only=True):
    """An entry of the ledger that compares two others: whether they are the same, and what differs."""

    entry: int
    chip: Chip
    of: str
    names: str
    void: bool


class SheetView(Struct, frozen=True, kw_only=True):
    """One sheet of the station with all that is known of it."""

    number: str
    chip: Chip
    title: str
    copies: tuple[CopyView, ...]
    columns: tuple[CopyView, ...]
    rows: tuple[NumberRow, ...]
    agree: str
    certainty: bool
    broken: tuple[Broken, ...]
    claims: tuple[ClaimView, ...]
    scans: tuple[ScanView, ...]
    comparisons: tuple[ComparisonView, ...]


class StationView(Struct, frozen=True, kw_only=True):
    """Everything on the page. `hidden`: until when numbers are not shown, in words, or ""."""

    language: Language
    station: str
    place: str
    hidden: str
    sheets: tuple[SheetView, ...]
    made: str
    made_iso: str
    key: str


class Seen(Struct, frozen=True, kw_only=True):
    """What the page is made from. `contents`: published bytes by hash, as far as they may be seen.

    `names`: what signers are called. `now`, `hidden_until`: wire times; "" when nothing is hidden. `key`: the
    ledger's verifier key.
    """

    sheets: Sequence[SheetNow]
    contents: Mapping[str, bytes]
    names: Mapping[str, str] = {}
    now: str
    hidden_until: str = ""
    key: str = ""
