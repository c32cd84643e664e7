"""The collector's picture of the country in memory, made from committed batches alone."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from collector.core.book import Book
from collector.core.brought import Brought, Once
from collector.core.cameras import Cameras
from collector.core.cells import Cells, Window
from collector.core.control import Control
from collector.core.digest import Rows
from collector.core.few import LEAST_PROBES
from collector.core.overview import Overview, overview, with_cameras
from collector.core.places import place_of
from collector.core.published import published
from collector.core.reading import Batch
from collector.core.recent import Heard
from collector.core.roster import Enrolled, Member, Roster
from collector.core.sheets.figures import SheetFigures
from collector.core.stations import Stations
from collector.core.totals import Totals
from wire.records import Network, StationReport

MAX_HEARD: Final = 20_000  # batches that wait for detection; a minute has 2,000 of them in a large country
FRESH_S: Final = 2.0  # how long one picture is shown before it is made anew


class LedgerNow(NamedTuple):
    """The public ledger: its name, how many entries its head covers, when that was signed or last checked.

    `unmerged_s`: how long the oldest entry waits that no head covers; 0: none does.
    """

    name: str
    size: int
    at: float
    unmerged_s: float = 0.0


def _unheard(_: Sequence[StationReport]) -> None:
    """Nobody asked to be told."""


class Live:
    """Roster, window, totals, stations, control and incidents, and the overview made from them.

    `heard`: committed batches of measurements that detection has not seen yet; `unheard`: more came than it
    holds, the oldest of them must be read again from the archive.
    `publish_from`: how many probes must stand behind what is published. `reported` is told stations' reports.
    """

    def __init__(self, started: float, publish_from: int = LEAST_PROBES) -> None:
        """Nothing known yet; `started` in Unix seconds."""
        self.started, self.publish_from = started, publish_from
        self.roster, self.cells, self.totals = Roster(), Cells(), Totals()
        self.stations, self.control, self.cameras = Stations(), Control(), Cameras()
        self.incidents = Book()
        self.heard: deque[Heard] = deque(maxlen=MAX_HEARD)
        self.unheard = False
        self.ledger: Callable[[], LedgerNow | None] = lambda: None
        self.sheets = SheetFigures()
        self.reported: Callable[[Sequence[StationReport]], None] = _unheard
        self._digests = Once()
        self._window: tuple[float, Window] | None = None
        self._shown: tuple[float, Overview, Overview] | None = None

    def enrol(self, rows: Iterable[Enrolled]) -> None:
        """Members that are new or were changed."""
        for row in rows:
            if not self.roster.put(row).counts:
                self.cells.forget(row.number)
                self.control.forget(row.number)
                self.cameras.forget(row.number)
        self._look_anew()

    def take(self, batch: Batch, *, count: bool = True) -> None:
        """A committed batch; `count` is off for what was counted before a restart."""
        member = batch.member
        member.heard = batch.arrived
        if network := moved_to(batch):
            member.place = place_of(network)
        for record in batch.control if member.counts else ():
            self.control.take(member.number, record)
        if batch.cameras and member.counts:
            self.cameras.take(member.number, batch.cameras, batch.arrived)
        for report in batch.reports:
            self.stations.take(report)
            self._look_anew()  # rare, and watched: a text shows at once
        if batch.reports:
            self.reported(batch.reports)
        self._take_rows(member, batch.digest.rows, batch.arrived, count=count)
        for found in batch.digests:
            self._take_digest(found, batch.arrived, count=count)
        if count:
            self.totals.take(batch, "sms" if member.role == "gateway" else "https")

    def _take_rows(self, member: Member, rows: Rows | None, arrived: float, *, count: bool) -> None:
        if rows is not None and member.role == "probe" and member.counts:
            self.cells.take_rows(member.number, rows, arrived)
        if rows is not None and count:
            self.unheard = self.unheard or len(self.heard) == self.heard.maxlen
            self.heard.append(Heard(arrived, member.id, rows))

    def _take_digest(self, found: Brought, arrived: float, *, count: bool) -> None:
        """What a probe said by text, once, whoever else brings it.

        It does not count as heard: that means by its own line, and for a text nobody may call a cut over.
        """
        first = self._digests.is_first(found.name)
        if count:
            self.totals.digests["taken" if first else "repeat"] += 1
        if first:
            digest = found.digest
            self._take_rows(found.member, digest.rows, arrived, count=count)
            self._look_anew()  # rare, and watched, as a station's report is
            if count:
                self.totals.count(digest)

    def overview(self, now: float) -> Overview:
        """The country now; at most `FRESH_S` old."""
        return self._picture(now)[0]

    def published(self, now: float) -> Overview:
        """The same for everybody's eyes."""
        return self._picture(now)[1]

    def probes_now(self, now: float) -> Window:
        """Every probe that has something to say, as the overview is made from."""
        if self._window is None or not 0 <= now - self._window[0] < FRESH_S:
            self._window = (now, self.cells.now(now))
        return self._window[1]

    def _look_anew(self) -> None:
        self._window = self._shown = None

    def _picture(self, now: float) -> tuple[Overview, Overview]:
        if self._shown is None or not 0 <= now - self._shown[0] < FRESH_S:
            whole = overview(self.probes_now(now), self.roster, self.stations, self.started, now)
            whole = with_cameras(whole, self.cameras.now(now))
            self._shown = (now, whole, published(whole, self.publish_from))
        return self._shown[1:]


def moved_to(batch: Batch) -> Network | None:
    """Where the probe stands by its newest record; None when that is where it stood, or it says nothing."""
    network = batch.digest.network
    return None if network is None or place_of(network) == batch.member.place else network
