"""The collector's picture of the country in memory, made from committed batches alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from msgspec.structs import replace

from collector.core.cells import Cells, ProbeNow
from collector.core.control import Control
from collector.core.intake import Batch
from collector.core.overview import Overview, overview
from collector.core.places import place_of
from collector.core.roster import Enrolled, Roster
from collector.core.stations import Stations
from collector.core.times import epoch_seconds, stamp
from collector.core.totals import Totals
from wire.names import Channel
from wire.records import Measurement, Network, StationReport

R = TypeVar("R", Measurement, StationReport)
FRESH_S = 2.0  # how long one picture is shown before it is made anew


class Live:
    """Roster, window, totals, stations and control, and the overview made from them."""

    def __init__(self, started: float) -> None:
        """Nothing known yet; `started` in Unix seconds."""
        self.started = started
        self.roster, self.cells, self.totals = Roster(), Cells(), Totals()
        self.stations, self.control = Stations(), Control()
        self._shown: tuple[float, list[ProbeNow], Overview] | None = None

    def enrol(self, rows: Iterable[Enrolled]) -> None:
        """Members that are new or were changed."""
        for row in rows:
            self.roster.put(row)
        self._shown = None

    def take_measurements(self, batch: Batch[Measurement], *, count: bool = True) -> None:
        """A committed batch; `count` is off for what was counted before a restart."""
        member = batch.member
        member.heard = batch.arrived
        if network := moved_to(batch):
            member.place = place_of(network)
        if member.role == "vantage":
            for record in received(batch, "https"):
                self.control.take(member.number, record)
        else:
            self.cells.take(member.number, batch.records, batch.arrived)
        if count:
            self.totals.take(batch, "https")
            self.totals.take_measurements(batch.records)

    def take_reports(self, batch: Batch[StationReport], *, count: bool = True) -> None:
        """A committed batch of a gateway's."""
        batch.member.heard = batch.arrived
        for report in received(batch, "sms"):
            self.stations.take(report)
        self._shown = None  # rare, and watched: a text shows at once
        if count:
            self.totals.take(batch, "sms")

    def overview(self, now: float) -> Overview:
        """The country now; at most `FRESH_S` old."""
        return self._picture(now)[1]

    def probes_now(self, now: float) -> list[ProbeNow]:
        """Every probe that has something to say, as the overview was made from."""
        return self._picture(now)[0]

    def _picture(self, now: float) -> tuple[list[ProbeNow], Overview]:
        if self._shown is None or not 0 <= now - self._shown[0] < FRESH_S:
            probes = self.cells.now(now)
            whole = overview(probes, self.roster, self.stations, self.started, now)
            self._shown = (now, probes, whole)
        return self._shown[1], self._shown[2]


def received(batch: Batch[R], channel: Channel) -> Sequence[R]:
    """The records with what only the collector can say: when they came and by which way."""
    at = stamp(batch.arrived)
    return [replace(record, received_at=at, channel=channel) for record in batch.records]


def moved_to(batch: Batch[Measurement]) -> Network | None:
    """Where the probe stands by its newest record; None when that is where it stood."""
    if not batch.records:
        return None
    network = max(batch.records, key=lambda record: epoch_seconds(record.at)).network
    return None if place_of(network) == batch.member.place else network
