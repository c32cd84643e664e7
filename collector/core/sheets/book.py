"""All sheets of all stations, built entry by entry in the ledger's order.

Rules of this file: nothing is known here that the ledger does not say, so that everybody who reads the ledger
comes to the same answer.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from collector.core.sheets.now import Comparison, Copy, SheetNow, SheetStatus, copy_of, status_of
from wire.ledger import Entry

MAX_PAGE: Final = 1_000
FIRST: Final = "1"
Key = tuple[str, str]


class SheetQuery(Struct, frozen=True, kw_only=True):
    """What to show; "" is anything. `after`: the last of the page before, `KZ-71-0379/1`."""

    region: str = ""
    district: str = ""
    station: str = ""
    sheet: str = ""
    status: str = ""
    limit: int = 100
    after: str = ""


class Shown(NamedTuple):
    """A page of sheets, and what `after` brings the next one; "" at the end."""

    sheets: tuple[SheetNow, ...]
    after: str


class _Kept:
    """What the ledger has of one sheet."""

    __slots__ = ("comparisons", "copies")

    def __init__(self) -> None:
        self.copies: dict[int, Copy] = {}
        self.comparisons: list[Comparison] = []


class SheetBook:
    """The sheets. `districts`: of each station, as the list of stations names it."""

    def __init__(self, districts: Mapping[str, str] | None = None) -> None:
        """None yet."""
        self.size = 0
        self._districts = districts or {}
        self._kept: dict[Key, _Kept] = {}
        self._where: dict[int, Key] = {}
        self._by_hash: dict[str, list[int]] = {}
        self._voided: set[int] = set()
        self._now: dict[Key, SheetNow] = {}
        self._changed: dict[Key, None] = {}
        self._order: list[Key] | None = None

    def take(self, entry: Entry) -> None:
        """The ledger's next entry."""
        index, self.size = self.size, self.size + 1
        if entry.kind == "void":
            self._void(entry)
        elif entry.kind in {"match", "mismatch"} and len(entry.of) == 2:  # noqa: PLR2004  # the two sides
            self._compare(index, entry)
        elif (copy := copy_of(index, entry)) is not None and entry.station:
            self._add(entry, copy)

    def changed(self) -> list[SheetNow]:
        """The sheets that entries spoke of since this was last asked."""
        found = [self._made(key) for key in self._changed]
        self._changed = {}
        return found

    def sheet(self, station: str, sheet: str) -> SheetNow | None:
        """One sheet; None when nothing was heard of it."""
        key = (station, sheet or FIRST)
        return self._made(key) if key in self._kept else None

    def station(self, station: str) -> list[SheetNow]:
        """All sheets of a station that were heard of."""
        return list(self._from(station))

    def of_hash(self, sha256: str) -> list[Copy]:
        """Every claim, copy and scan with this hash, in the ledger's order."""
        found = [self._kept[self._where[index]].copies[index] for index in self._by_hash.get(sha256, ())]
        return [self._marked(one) for one in found]

    def entry(self, index: int) -> tuple[SheetNow, Copy] | None:
        """What the entry brought, and to which sheet; None for other kinds."""
        if index not in self._where:
            return None
        key = self._where[index]
        return self._made(key), self._marked(self._kept[key].copies[index])

    def __len__(self) -> int:
        """How many sheets were heard of."""
        return len(self._kept)

    def __iter__(self) -> Iterator[SheetNow]:
        """Every sheet, by station and number."""
        return (self._made(key) for key in self._sorted())

    def shown(self, query: SheetQuery) -> Shown:
        """A page of at most `MAX_PAGE` sheets, by station and number."""
        limit = max(1, min(query.limit, MAX_PAGE))
        found: list[SheetNow] = []
        for now in self._after(query):
            if not _fits(now, query):
                continue
            if len(found) == limit:
                return Shown(tuple(found), f"{found[-1].station}/{found[-1].sheet}")
            found.append(now)
        return Shown(tuple(found), "")

    def counts(self) -> Counter[tuple[str, SheetStatus]]:
        """How many sheets, by region and status."""
        return Counter((one.region, one.status) for one in self)

    def _after(self, query: SheetQuery) -> Iterator[SheetNow]:
        if query.station and not query.after:
            return iter(self.station(query.station))
        order = self._sorted()
        station, _, sheet = query.after.partition("/")
        first = bisect_right(order, (station, sheet)) if query.after else 0
        return (self._made(order[at]) for at in range(first, len(order)))

    def _from(self, station: str) -> Iterator[SheetNow]:
        order = self._sorted()
        for at in range(bisect_right(order, (station, "")), len(order)):
            if order[at][0] != station:
                return
            yield self._made(order[at])

    def _sorted(self) -> list[Key]:
        if self._order is None:
            self._order = sorted(self._kept)
        return self._order

    def _add(self, entry: Entry, copy: Copy) -> None:
        key = (entry.station, entry.sheet or FIRST)
        if key not in self._kept:
            self._kept[key], self._order = _Kept(), None
        self._kept[key].copies[copy.entry] = copy
        self._where[copy.entry] = key
        self._by_hash.setdefault(copy.sha256, []).append(copy.entry)
        self._stale(key)

    def _compare(self, index: int, entry: Entry) -> None:
        one, other = entry.of
        key = self._where.get(one)
        if key is None or self._where.get(other) != key:
            return  # it compares what is not there: no sheet changes by it
        names = tuple(entry.note.split("; ")) if entry.note else ()
        self._kept[key].comparisons.append(
            Comparison(entry=index, same=entry.kind == "match", of=(one, other), differs=names)
        )
        self._stale(key)

    def _void(self, entry: Entry) -> None:
        for index in entry.of:
            if (key := self._where.get(index)) is not None:
                self._voided.add(index)
                self._stale(key)

    def _stale(self, key: Key) -> None:
        self._now.pop(key, None)
        self._changed[key] = None

    def _marked(self, copy: Copy) -> Copy:
        return replace(copy, void=True) if copy.entry in self._voided else copy

    def _made(self, key: Key) -> SheetNow:
        if key not in self._now:
            self._now[key] = self._make(key)
        return self._now[key]

    def _make(self, key: Key) -> SheetNow:
        station, sheet = key
        copies = tuple(self._marked(one) for one in self._kept[key].copies.values())
        comparisons = tuple(
            replace(one, void=True) if self._voided.intersection(one.of) else one
            for one in self._kept[key].comparisons
        )
        return SheetNow(
            station=station,
            sheet=sheet,
            region=station[:5],
            district=self._districts.get(station, ""),
            status=status_of(copies, comparisons),
            at=max(one.at for one in copies),
            copies=copies,
            comparisons=comparisons,
        )


def book_of(entries: Iterable[Entry], districts: Mapping[str, str] | None = None) -> SheetBook:
    """The book of a whole ledger."""
    book = SheetBook(districts)
    for entry in entries:
        book.take(entry)
    return book


def _fits(now: SheetNow, query: SheetQuery) -> bool:
    asked = (
        (query.region, now.region),
        (query.district, now.district),
        (query.station, now.station),
        (query.sheet, now.sheet),
        (query.status, now.status),
    )
    return all(not wanted or wanted == is_now for wanted, is_now in asked)
