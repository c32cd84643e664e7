"""Which records a bundle of evidence is about: a span of time, and a region or the whole country.

Rules of this file: what is derived here when a bundle is made is derived again when it is checked,
byte for byte; so nothing may depend on anything but the signed bytes and the selection.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from collector.core.brought import Once
from collector.core.few import enough
from collector.core.places import category_of, place_of
from collector.core.reading import Batch
from collector.core.times import epoch_seconds, stamp
from wire import batch, canonical
from wire.judge.controls import OLDEST_S
from wire.names import STATES
from wire.records import Measurement, StationReport, TimeText

HOUR_S = 3_600


class Selection(Struct, frozen=True, kw_only=True):
    """Records made from `since` up to, not including, `until`; `region` None: of everywhere."""

    since: TimeText
    until: TimeText
    region: str | None = None

    def wants(self, record: Measurement) -> bool:
        """Whether the bundle is about this measurement."""
        return self._in_time(record.at) and self.region in {None, record.network.region}

    def wants_report(self, report: StationReport) -> bool:
        """Whether it is about this word of a polling station."""
        return self._in_time(report.at) and (self.region is None or report.station.startswith(self.region))

    def _in_time(self, at: str) -> bool:
        return epoch_seconds(self.since) <= epoch_seconds(at) < epoch_seconds(self.until)


class Cell(NamedTuple):
    """A row of the report: the hour (wire time), region, operator, category."""

    hour: str
    region: str
    operator: str
    category: str


class Summary:
    """Probes and states of each cell."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._probes: dict[Cell, set[str]] = {}
        self._states: dict[Cell, Counter[str]] = {}

    def add(self, record: Measurement) -> None:
        """One measurement."""
        place, at = place_of(record.network), epoch_seconds(record.at)
        hour = stamp(at - at % HOUR_S)
        cell = Cell(hour, place.region, place.operator, category_of(record.target.category))
        self._probes.setdefault(cell, set()).add(record.probe)
        self._states.setdefault(cell, Counter())[record.verdict.state] += 1

    def rows(self) -> Iterable[tuple[Cell, int, tuple[int, ...] | None]]:
        """Each cell, how many probes, and how many measurements of each state (None: too few probes)."""
        for cell, probes in sorted(self._probes.items()):
            counts = tuple(self._states[cell][state] for state in STATES)
            yield cell, len(probes), counts if enough(len(probes)) else None


def measurements_of(found: Batch, selection: Selection, digests: Once) -> list[Measurement]:
    """What a verified batch tells of the selection, with the time and the way of its arrival.

    `digests`: those that came by text before; they are not told twice.
    """
    if found.envelope.purpose != "dabyl/v1/batch":
        new = [brought for brought in found.digests if digests.is_first(brought.name)]
        return [one for brought in new for one in brought.records if selection.wants(one)]
    wanted = (one for one in batch.each_measurement(found.envelope) if selection.wants(one))
    return [replace(one, received_at=stamp(found.arrived), channel="https") for one in wanted]


def reports_of(found: Batch, selection: Selection) -> list[StationReport]:
    """The same of the words of polling stations."""
    return [report for report in found.reports if selection.wants_report(report)]


class ControlUsed:
    """The control table at the end of the selection: the newest record of each vantage and target."""

    def __init__(self, selection: Selection) -> None:
        """Nothing yet."""
        self._until = epoch_seconds(selection.until)
        self._since = epoch_seconds(selection.since) - OLDEST_S
        self._newest: dict[tuple[str, str], tuple[float, int, Measurement]] = {}

    def take(self, found: Batch, number: int) -> bool:
        """A batch by its place in the order of arrival; whether the table has something of it now."""
        taken = False
        for record in found.control:
            at, key = epoch_seconds(record.at), (record.target.url, record.probe)
            if self._since <= at < self._until and at >= self._newest.get(key, (at, 0, record))[0]:
                self._newest[key] = (at, number, record)
                taken = True
        return taken

    def numbers(self) -> set[int]:
        """The batches that the table rests on."""
        return {number for _, number, _ in self._newest.values()}

    def vantages(self) -> set[str]:
        """The names of the keys that it rests on."""
        return {probe for _, probe in self._newest}

    def lines(self) -> bytes:
        """The table as JSON lines, by target and vantage."""
        return b"".join(canonical.encode(self._newest[key][2]) + b"\n" for key in sorted(self._newest))
