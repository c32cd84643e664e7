"""The page of all result sheets: a search, how many are in which state, and the sheets found. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from msgspec import Struct

from collector.core.sheets import SHEET_STATUSES, SheetBook, SheetNow, SheetStatus
from collector.page.figures import Chip, Mark
from collector.page.moments import Moment, dated, exact, moment
from collector.page.rows import region_name
from collector.page.sheets.asked import NOWHERE, SHEETS_PATH, Asked
from collector.page.station_rows import Tally
from collector.page.words import Words
from wire.facts import Language, regions

MOST_SHEETS: Final = 9
Name = TypeVar("Name", bound=str)
_MARKS: Final[dict[SheetStatus, Mark]] = {
    "claimed": "unknown",
    "sheet_in": "silent",
    "scan_in": "degraded",
    "matches": "ok",
    "disputed": "cut",
    "void": "warning",
}
_WORDS: Final[dict[SheetStatus, str]] = {
    "claimed": "sheet-claimed",
    "sheet_in": "sheet-in",
    "scan_in": "sheet-scan-in",
    "matches": "sheet-matches",
    "disputed": "sheet-disputed",
    "void": "sheet-void",
}

_ABOUT: Final[dict[SheetStatus, str]] = {
    "claimed": "about-claimed",
    "sheet_in": "about-in",
    "scan_in": "about-scan-in",
    "matches": "about-matches",
    "disputed": "about-disputed",
    "void": "about-void",
}


class Summary(Struct, frozen=True, kw_only=True):
    """What is counted over all sheets: by region and status, and the districts of each region."""

    counts: Counter[tuple[str, SheetStatus]]
    districts: dict[str, tuple[str, ...]]


class Option(Struct, frozen=True):
    """A choice of a form."""

    value: str
    name: str
    chosen: bool


class Found(Struct, frozen=True, kw_only=True):
    """One sheet of the list."""

    station: str
    link: str
    place: str
    sheet: str
    chip: Chip
    copies: int
    claims: int
    scans: int
    seen: Moment


class Meaning(Struct, frozen=True):
    """A state and what its word means."""

    chip: Chip
    meaning: str


class SearchView(Struct, frozen=True, kw_only=True):
    """Everything on the page. `hidden`: until when numbers are not shown, in words, or "".

    `nothing`: what is said when no sheet is found.
    """

    language: Language
    made: str
    made_iso: str
    hidden: str
    total: str
    tallies: tuple[Tally, ...]
    regions: tuple[Option, ...]
    districts: tuple[Option, ...]
    statuses: tuple[Option, ...]
    numbers: tuple[Option, ...]
    typed: str
    found: tuple[Found, ...]
    nothing: str
    more: str
    legend: tuple[Meaning, ...]


def summary(book: SheetBook) -> Summary:
    """The counts over a whole book."""
    named: dict[str, set[str]] = {}
    for one in book:
        if one.district:
            named.setdefault(one.region, set()).add(one.district)
    return Summary(
        counts=book.counts(), districts={region: tuple(sorted(names)) for region, names in named.items()}
    )


def search_view(
    words: Words, book: SheetBook, whole: Summary, asked: Asked, times: tuple[str, str]
) -> SearchView:
    """The page; `times`: now, and until when numbers are hidden ("" when they are not), wire times."""
    now, hidden = times
    query, language = asked.query, asked.language
    shown = book.shown(query)
    tallied = _tallied(whole, query.region)
    return SearchView(
        language=language,
        made=dated(words, now),
        made_iso=now,
        hidden=words("sheets-hidden", moment=exact(words, hidden, now)) if hidden else "",
        total=words("sheets-total", count=sum(tallied.values())),
        tallies=tuple(Tally(chip=chip_of(words, status), count=tallied[status]) for status in SHEET_STATUSES),
        regions=_options(regions(), lambda code: region_name(code, language), query.region),
        districts=_options(_districts(whole, query.region), str, query.district),
        statuses=_options(SHEET_STATUSES, lambda one: words(_WORDS[one]), query.status),
        numbers=_options(map(str, range(1, MOST_SHEETS + 1)), str, query.sheet),
        typed="" if query.station == NOWHERE else query.station,
        found=tuple(_found(words, one, asked.language, now) for one in shown.sheets),
        nothing=words("sheets-no-station" if query.station == NOWHERE else "sheets-none"),
        more=asked.link(after=shown.after) if shown.after else "",
        legend=tuple(Meaning(chip_of(words, one), words(_ABOUT[one])) for one in SHEET_STATUSES),
    )


def chip_of(words: Words, status: SheetStatus) -> Chip:
    """The state of a sheet."""
    return Chip(mark=_MARKS[status], word=words(_WORDS[status]))


def place_of(now: SheetNow, language: Language) -> str:
    """Where a station is: its region, and its district where it is known."""
    region = region_name(now.region, language)
    return f"{region}, {now.district}" if now.district else region


def _found(words: Words, one: SheetNow, language: Language, now: str) -> Found:
    kinds = Counter(copy.kind for copy in one.copies if not copy.void)
    return Found(
        station=one.station,
        link=f"{SHEETS_PATH}/{one.station}?lang={language}#sheet-{one.sheet}",
        place=place_of(one, language),
        sheet=one.sheet,
        chip=chip_of(words, one.status),
        copies=kinds["sheet"],
        claims=kinds["claim"],
        scans=kinds["scan"],
        seen=moment(words, one.at, now),
    )


def _tallied(whole: Summary, region: str) -> Counter[SheetStatus]:
    found: Counter[SheetStatus] = Counter()
    for (where, status), count in whole.counts.items():
        if region in {"", where}:
            found[status] += count
    return found


def _districts(whole: Summary, region: str) -> tuple[str, ...]:
    if region:
        return whole.districts.get(region, ())
    return tuple(sorted({name for names in whole.districts.values() for name in names}))


def _options(values: Iterable[Name], name: Callable[[Name], str], chosen: str) -> tuple[Option, ...]:
    return tuple(Option(value, name(value), value == chosen) for value in values)
