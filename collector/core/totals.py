"""What was ever counted since the start: the counters and histograms behind `/metrics`.

Rules of this file: a batch is counted once, when it is committed; nothing is counted again
when the window is rebuilt at the start, for a counter that restarts is known to Prometheus,
one that repeats itself is not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from typing import TypeVar

from collector.core.digest import Digest, Durations
from collector.core.histogram import DELAY_S, SKEW_S, WORK_S, Histogram
from collector.core.reading import Batch
from wire.names import Channel

K = TypeVar("K", bound=Hashable)


class Totals:
    """Counts by closed labels, in the order of the metric's labels."""

    def __init__(self) -> None:
        """All at zero."""
        self.measurements: Counter[tuple[str, str, str, str]] = Counter()
        self.failures: Counter[tuple[str, str]] = Counter()
        self.durations: dict[str, Durations] = {}  # by operator
        self.batches: Counter[tuple[str, str]] = Counter()
        self.rejected: Counter[str] = Counter()
        self.digests: Counter[str] = Counter()  # by what became of them
        self.delay: dict[tuple[str], Histogram] = defaultdict(lambda: Histogram(DELAY_S))
        self.skew: dict[tuple[str], Histogram] = defaultdict(lambda: Histogram(SKEW_S))
        self.late: Counter[tuple[str, str]] = Counter()
        self.late_queue = 0
        self.work: dict[tuple[str], Histogram] = defaultdict(lambda: Histogram(WORK_S))

    def take(self, batch: Batch, channel: Channel) -> None:
        """A committed batch."""
        self._arrival(batch, channel)
        self.count(batch.digest)
        _add(self.failures, batch.digest.failures)
        for operator, found in batch.digest.durations.items():
            known = self.durations.setdefault(operator, Durations.none())
            known.add(found)
        self.digests.update(batch.astray)

    def count(self, digest: Digest) -> None:
        """The measurements alone: those of a text tell no times."""
        _add(self.measurements, digest.counts)

    def _arrival(self, batch: Batch, channel: Channel) -> None:
        region = batch.member.place.region
        self.batches[region, channel] += 1
        if batch.newest is not None:
            # A record from the future shows a clock that is ahead by at least so much; a clock that is
            # behind cannot be told from a batch that was late.
            self.skew[region,].add(max(0.0, batch.newest - batch.arrived))
            self.delay[region,].add(max(0.0, batch.arrived - batch.newest))


def _add(known: Counter[K], more: Mapping[K, int]) -> None:
    """For the few keys of a batch `Counter.update` costs more: it first asks what it was given."""
    for key, count in more.items():
        known[key] += count
