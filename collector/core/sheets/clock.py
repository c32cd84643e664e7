"""The clock of the count: when each station closed, counted, had its sheet, handed out copies, was received.

| mark | from |
|---|---|
| closed | the station's text |
| count | its text that the count began |
| sheet | its text with the sheet's hash, or any text that says so |
| copy | its text that observers have copies |
| received | its text that the territorial commission took the sheets |
| entered | the first copy of a sheet in the ledger |

Of each mark the earliest proven text counts, else the earliest. Time runs from the close of the polls where
it is set, else from the station's own closing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple, get_args

from collector.core.histogram import Histogram
from collector.core.times import epoch_seconds
from wire.claims import is_proven
from wire.ledger import Entry
from wire.records import StationReport

Mark = Literal["closed", "count", "sheet", "copy", "received", "entered"]
MARKS: Final[tuple[Mark, ...]] = get_args(Mark)
LEGAL_LIMIT_S: Final = 12 * 3_600.0
"""A count takes at most 12 hours: constitutional law on elections, article 43, paragraph 1 (2464, 1995)."""
CLOCK_S: Final = (
    900.0,
    1_800.0,
    3_600.0,
    7_200.0,
    10_800.0,
    14_400.0,
    21_600.0,
    32_400.0,
    LEGAL_LIMIT_S,
    86_400.0,
)
_TOLD: Final[dict[str, Mark]] = {
    "closed": "closed", "count": "count", "sheet": "sheet", "copy": "copy", "received": "received",
}  # fmt: skip


class Queue(NamedTuple):
    """Stations that have a sheet and wait at a territorial commission: how many, and the oldest's seconds."""

    length: int
    oldest_s: float


class CountClock:
    """All marks of all stations. `listed`: the district of every station that there is, may be empty.

    `polls_close`: Unix seconds, None where no time is set.
    """

    def __init__(self, listed: Mapping[str, str] | None = None, polls_close: float | None = None) -> None:
        """Nothing heard yet."""
        self._listed, self._close = dict(listed or {}), polls_close
        self._at: dict[str, dict[Mark, tuple[bool, float]]] = {name: {} for name in self._listed}
        self._histograms: dict[tuple[str, str], Histogram] | None = None

    def hear(self, reports: Iterable[StationReport]) -> None:
        """Stations' texts, in any order, again and again."""
        for report in reports:
            if (mark := _TOLD.get(report.kind)) is not None:
                self._note(report.station, mark, (not is_proven(report), epoch_seconds(report.at)))

    def enter(self, entry: Entry) -> None:
        """An entry of the ledger; only copies of sheets are a mark."""
        if entry.kind == "sheet":
            self._note(entry.station, "entered", (False, epoch_seconds(entry.at)))

    def marks(self, station: str) -> dict[Mark, float]:
        """The marks of one station, Unix seconds, in the order of `MARKS`."""
        known = self._at.get(station, {})
        return {mark: known[mark][1] for mark in MARKS if mark in known}

    def took(self) -> Mapping[tuple[str, str], Histogram]:
        """By region and mark: the seconds since the polls closed."""
        if self._histograms is None:
            made: dict[tuple[str, str], Histogram] = defaultdict(lambda: Histogram(CLOCK_S))
            for station, mark, at, since in self._told():
                made[station[:5], mark].add(max(0.0, at - since))
            self._histograms = dict(made)
        return self._histograms

    def overdue(self, now: float) -> dict[tuple[str], int]:
        """By region: stations that closed longer ago than the law allows, and no sheet is known of them."""
        found: dict[tuple[str], int] = {}
        for station, marks in self._at.items():
            since = self._since(marks)
            late = (
                since is not None and now - since > LEGAL_LIMIT_S and not marks.keys() & {"sheet", "entered"}
            )
            found[station[:5],] = found.get((station[:5],), 0) + late
        return found

    def queues(self, now: float) -> dict[tuple[str, str], Queue]:
        """By region and district: who has a sheet and was not received yet. Needs the list of stations."""
        found: dict[tuple[str, str], Queue] = {}
        for station, district in self._listed.items():
            if not district:
                continue
            waited = self._waits(self._at[station], now)
            key = (station[:5], district)
            length, oldest = found.get(key, Queue(0, 0.0))
            found[key] = Queue(length + (waited is not None), max(oldest, waited or 0.0))
        return found

    def _note(self, station: str, mark: Mark, found: tuple[bool, float]) -> None:
        known = self._at.setdefault(station, {})
        if mark not in known or found < known[mark]:
            known[mark] = found
            self._histograms = None

    def _since(self, marks: Mapping[Mark, tuple[bool, float]]) -> float | None:
        if self._close is not None:
            return self._close
        return marks["closed"][1] if "closed" in marks else None

    def _told(self) -> Iterator[tuple[str, Mark, float, float]]:
        for station, marks in self._at.items():
            since = self._since(marks)
            for mark, (_, at) in marks.items() if since is not None else ():
                if since is not None and (mark != "closed" or self._close is not None):
                    yield station, mark, at, since

    @staticmethod
    def _waits(marks: Mapping[Mark, tuple[bool, float]], now: float) -> float | None:
        if "received" in marks or not marks.keys() & {"sheet", "copy"}:
            return None
        first = min(marks[mark][1] for mark in ("sheet", "copy") if mark in marks)
        return max(0.0, now - first)
