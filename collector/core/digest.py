"""What a batch of measurements comes down to, record by record, so that no record need be held.

Rules of this file: one pass, once per batch; nothing here is shared before the batch is
committed; all labels are from closed sets.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from sys import intern
from typing import NamedTuple

from collector.core.places import Place, category_of, place_of, side_of, step_of
from wire.names import State, failure_label
from wire.records import Measurement, Network, Step


class Outcome(NamedTuple):
    """What one measurement says, in closed words; equal ones are one object."""

    category: str
    side: str
    state: State
    mechanism: str


class Seen(NamedTuple):
    """One target as it was seen: its URL, when (Unix seconds), from where, and what came of it."""

    url: str
    at: float
    place: Place
    outcome: Outcome


class Digest:
    """The sums of one batch."""

    __slots__ = ("counts", "failures", "network", "newest", "seen", "took_s")

    def __init__(self) -> None:
        """Of no record."""
        self.seen: list[Seen] = []
        self.counts: Counter[tuple[str, str, str, str]] = Counter()
        self.failures: Counter[tuple[str, str]] = Counter()
        self.took_s: dict[tuple[str, str, str], list[float]] = {}
        self.newest: float | None = None
        self.network: Network | None = None

    def add(self, record: Measurement, at: float) -> None:
        """One record, measured at `at` (Unix seconds)."""
        place, verdict = place_of(record.network), record.verdict
        category = category_of(record.target.category)
        outcome = _outcome(category, side_of(record.target.side), verdict.state, verdict.mechanism or "")
        self.seen.append(Seen(intern(record.target.url), at, place, outcome))
        self.counts[place.region, place.operator, category, verdict.state] += 1
        for step in record.steps:
            self._add_step(step, place.operator, category)
        if self.newest is None or at >= self.newest:
            self.newest, self.network = at, record.network

    def _add_step(self, step: Step, operator: str, category: str) -> None:
        name = step_of(step.step)
        self.took_s.setdefault((operator, category, name), []).append(max(0.0, step.t - step.t0))
        if step.failure is not None:
            self.failures[name, failure_label(step.failure)] += 1


@lru_cache(maxsize=4096)
def _outcome(category: str, side: str, state: State, mechanism: str) -> Outcome:
    return Outcome(category, side, state, mechanism)
