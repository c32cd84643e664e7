"""What is counted of result sheets and of the ledger's health, for Prometheus.

Rules of this file: the counters are read from the ledger, so a restart loses none of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from collector.core.families import Family
from collector.core.histogram import Histogram
from collector.core.sheets.clock import CountClock
from collector.core.times import epoch_seconds
from wire import metrics as names
from wire.facts import known_region
from wire.ledger import Entry

PUBLIC_S: Final = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0, 120.0, 600.0, 3_600.0)
_BROUGHT: Final = frozenset({"claim", "sheet", "scan"})


class Audit(NamedTuple):
    """The newest self-audit: when it ended (Unix seconds), and what it found."""

    at: float
    faults: tuple[str, ...]


class SheetFigures:
    """The figures; entries are told in the ledger's order."""

    def __init__(self, clock: CountClock | None = None) -> None:
        """All at zero."""
        self.clock = clock or CountClock()
        self.received: Counter[tuple[str, str]] = Counter()
        self.mismatches: Counter[tuple[str, str]] = Counter()
        self.to_public = Histogram(PUBLIC_S)
        self.audit: Audit | None = None
        self.days: set[str] = set()  # whose evidence the ledger has the hash of
        self._claims: set[int] = set()

    def take(self, index: int, entry: Entry, seen: float | None = None) -> None:
        """One more entry. `seen`: when a signed head covered it, None for what was there at the start."""
        region = known_region(entry.station[:5])
        if entry.kind == "claim":
            self._claims.add(index)
        if entry.kind == "archive":
            self.days.add(entry.note)
        if entry.kind in {"claim", "sheet"}:
            self.received[region, _channel(entry.kind == "claim")] += 1
        if entry.kind == "mismatch":
            self.mismatches[region, _channel(bool(self._claims.intersection(entry.of)))] += 1
        if seen is not None and entry.kind in _BROUGHT:
            self.to_public.add(max(0.0, seen - epoch_seconds(entry.at)))
        self.clock.enter(entry)

    def families(self, now: float) -> Iterator[Family]:
        """Everything, but for what the ledger's desk tells itself."""
        where = ("region", "channel")
        yield Family(
            names.SHEETS_RECEIVED, "counter", "Claims and copies of result sheets.", where, self.received
        )
        yield Family(
            names.SHEET_MISMATCHES, "counter", "Claims and copies that differ from another.", where,
            self.mismatches,
        )  # fmt: skip
        yield Family(
            names.SHEET_PUBLIC_DELAY, "histogram", "From arrival to the signed head that covers it.",
            (), {(): self.to_public},
        )  # fmt: skip
        yield from self._of_the_audit()
        yield from self._of_the_clock(now)

    def _of_the_audit(self) -> Iterator[Family]:
        audit = self.audit
        held = {} if audit is None else {(): not audit.faults}
        yield Family(
            names.LEDGER_AUDIT_OK, "gauge", "Whether the ledger held at the newest self-audit.", (), held
        )
        at = {} if audit is None else {(): audit.at}
        yield Family(names.LEDGER_AUDIT_TIMESTAMP, "gauge", "When the ledger was last audited.", (), at)

    def _of_the_clock(self, now: float) -> Iterator[Family]:
        yield Family(
            names.STATION_CLOCK, "histogram", "From the close of the polls to each step of a count.",
            ("region", "mark"), self.clock.took(),
        )  # fmt: skip
        yield Family(
            names.STATIONS_OVERDUE, "gauge", "Stations without a sheet 12 hours after the polls closed.",
            ("region",), self.clock.overdue(now),
        )  # fmt: skip
        queues, where = self.clock.queues(now), ("region", "district")
        yield Family(
            names.COMMISSION_QUEUE, "gauge", "Stations that wait for a commission to take them.", where,
            {key: queue.length for key, queue in queues.items()},
        )  # fmt: skip
        yield Family(
            names.COMMISSION_OLDEST, "gauge", "How long the first of them has waited.", where,
            {key: queue.oldest_s for key, queue in queues.items()},
        )  # fmt: skip


def _channel(is_claim: bool) -> str:
    return "sms" if is_claim else "https"
