"""What a batch of measurements comes down to, column by column, so that no record need be made.

Rules of this file: one pass, once per batch; nothing here is shared before the batch is
committed; all labels are from closed sets.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from collector.core.histogram import STEP_S
from collector.core.places import Place
from collector.core.vocabulary import (
    CATEGORY_NAMES,
    FAILURE_NAMES,
    MECHANISM_NAMES,
    SIDE_NAMES,
    STEP_NAMES,
    Codes,
    failure_codes,
    networks_of,
    step_codes,
    targets_of,
    verdicts_of,
)
from wire.columns import Table, Values
from wire.names import STATES, State
from wire.records import Network

Floats = npt.NDArray[np.float64]
_DTYPES: Final = {1: "<u1", 2: "<u2", 4: "<u4"}
_US: Final = 1e6
_BOUNDS: Final = np.array(STEP_S)
_BUCKETS: Final = len(STEP_S) + 1
_STEPS, _FAILURES, _STATES = len(STEP_NAMES), len(FAILURE_NAMES), len(STATES)
_KINDS: Final = len(CATEGORY_NAMES) * _STEPS
_MECHANISMS: Final = len(MECHANISM_NAMES)


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


class Rows:
    """A batch's measurements as arrays, one entry a record.

    `at`: Unix seconds. `target`, `network`: places in `targets` and `networks`. `outcome`: see
    `outcome_code`; `said`: what detection makes of the verdict. `ids`: msgpack; `key`: their hashes.
    """

    __slots__ = ("at", "ids", "key", "network", "networks", "outcome", "said", "target", "targets")

    def __init__(self, table: Table) -> None:
        """Of a table with a record at least."""
        count, columns = table.records, table.of_records.columns
        self.at: Floats = np.frombuffer(table.at, "<i8") / 1000.0
        self.targets = targets_of(columns["target"].dictionary)
        self.target = numbers(columns["target"], count)
        self.networks = networks_of(columns["network"].dictionary)
        self.network = numbers(columns["network"], count)
        verdicts, verdict = verdicts_of(columns["verdict"].dictionary), numbers(columns["verdict"], count)
        self.said = verdicts.outcome[verdict]
        self.outcome = outcome_code(
            self.targets.category[self.target],
            self.targets.side[self.target],
            verdicts.state[verdict],
            verdicts.mechanism[verdict],
        )
        ids = columns["id"].of_rows(count)
        self.ids: bytes = msgspec.msgpack.encode(ids)
        self.key = np.fromiter(map(hash, ids), np.int64, count)

    def __len__(self) -> int:
        """How many measurements."""
        return len(self.at)

    def place(self) -> Place | None:
        """Where all of them were made; None when that is more than one place."""
        return self.networks.places[0] if len(self.networks.places) == 1 else None

    def seen(self) -> Iterator[Seen]:
        """One at a time, for who needs words."""
        places, urls = self.networks.places, self.targets.urls
        columns = (self.target.tolist(), self.at.tolist(), self.network.tolist(), self.outcome.tolist())
        for target, at, network, outcome in zip(*columns, strict=True):
            yield Seen(urls[target], at, places[network], outcome_of(outcome))


class Durations(NamedTuple):
    """Of steps: how many by (category, step, bucket), and their sum in seconds by (category, step)."""

    counts: Codes
    sums: Floats

    @classmethod
    def none(cls) -> Durations:
        """Of no step."""
        return cls(np.zeros(_KINDS * _BUCKETS, np.int64), np.zeros(_KINDS))

    def add(self, more: Durations) -> None:
        """Count more in."""
        np.add(self.counts, more.counts, out=self.counts)
        np.add(self.sums, more.sums, out=self.sums)

    def each(self) -> Iterator[tuple[str, str, list[int], float]]:
        """Category, step, counts by bucket and sum, of those that there were."""
        by_kind = self.counts.reshape(_KINDS, _BUCKETS)
        for kind in np.flatnonzero(by_kind.any(axis=1)).tolist():
            category, step = divmod(kind, _STEPS)
            yield CATEGORY_NAMES[category], STEP_NAMES[step], by_kind[kind].tolist(), float(self.sums[kind])


class Digest:
    """The sums of one batch; `rows` is None and all is empty when it has no record."""

    __slots__ = ("counts", "durations", "failures", "network", "newest", "rows")

    def __init__(self, table: Table | None) -> None:
        """Of the columns, if there are any."""
        self.rows = Rows(table) if table is not None and table.records else None
        self.counts: dict[tuple[str, str, str, str], int] = {}
        self.failures: dict[tuple[str, str], int] = {}
        self.durations: dict[str, Durations] = {}
        self.newest: float | None = None
        self.network: Network | None = None
        if table is not None and self.rows is not None:
            self._add(table, self.rows)

    @property
    def seen(self) -> list[Seen]:
        """Each record, as words."""
        return [] if self.rows is None else list(self.rows.seen())

    def _add(self, table: Table, rows: Rows) -> None:
        newest = len(rows) - 1 - int(rows.at[::-1].argmax())  # the last of equals
        self.newest, self.network = float(rows.at[newest]), rows.networks.networks[rows.network[newest]]
        steps = _StepColumns(table, rows) if table.steps else None
        if steps is not None:
            self.failures = steps.failures()
        for place, which in _by_place(rows):
            self._count(place, rows.outcome[which])
            if steps is not None:
                steps.add_to(self.durations, place.operator, which)

    def _count(self, place: Place, outcome: Codes) -> None:
        category, state = outcome // (_MECHANISMS * _STATES * 3), outcome // _MECHANISMS % _STATES
        found = np.bincount(category * _STATES + state)
        for code in np.flatnonzero(found).tolist():
            key = (place.region, place.operator, CATEGORY_NAMES[code // _STATES], STATES[code % _STATES])
            self.counts[key] = self.counts.get(key, 0) + int(found[code])


class _StepColumns:
    """The steps' kinds and times."""

    def __init__(self, table: Table, rows: Rows) -> None:
        self._table = table
        names = table.of_steps.columns["step"]
        self._step = step_codes(names.dictionary.values)[numbers(names, table.steps)]
        self._counts = np.frombuffer(table.counts, "<u2")
        category = np.repeat(rows.targets.category[rows.target], self._counts)
        self._kind = category * _STEPS + self._step
        self._took_s: Floats = np.maximum(0.0, _took_s(table))

    def failures(self) -> dict[tuple[str, str], int]:
        """How many by (step, failure)."""
        column = self._table.of_steps.columns.get("failure")
        if column is None:
            return {}
        known = np.append(failure_codes(column.dictionary.values), -1)
        failure = known[numbers(column, self._table.steps)]
        failed = failure >= 0
        found = np.bincount(self._step[failed] * _FAILURES + failure[failed])
        return {
            (STEP_NAMES[code // _FAILURES], FAILURE_NAMES[code % _FAILURES]): int(found[code])
            for code in np.flatnonzero(found).tolist()
        }

    def add_to(self, durations: dict[str, Durations], operator: str, which: slice | Codes) -> None:
        """The durations of some records' steps."""
        kind, took_s = self._kind, self._took_s
        if not isinstance(which, slice):
            chosen = np.repeat(np.isin(np.arange(len(self._counts)), which), self._counts)
            kind, took_s = kind[chosen], took_s[chosen]
        bucket = np.searchsorted(_BOUNDS, took_s)
        found = Durations(
            np.bincount(kind * _BUCKETS + bucket, minlength=_KINDS * _BUCKETS),
            np.bincount(kind, took_s, _KINDS).astype(np.float64, copy=False),
        )
        if operator in durations:
            durations[operator].add(found)
        else:
            durations[operator] = found


def numbers(values: Values, rows: int) -> Codes:
    """For each row the place in the dictionary; -1 where there is no value."""
    if values.width:
        found: Codes = np.frombuffer(values.index, _DTYPES[values.width]).astype(np.int64) - 1
        return found
    return np.zeros(rows, np.int64) if values.dictionary.count == 1 else np.arange(rows)


def outcome_code(category: Codes, side: Codes, state: Codes, mechanism: Codes) -> Codes:
    """What a measurement says, as one number."""
    return ((category * len(SIDE_NAMES) + side) * _STATES + state) * _MECHANISMS + mechanism


def code_of(outcome: Outcome) -> int:
    """The number of such words."""
    category, side = CATEGORY_NAMES.index(outcome.category), SIDE_NAMES.index(outcome.side)
    state, mechanism = STATES.index(outcome.state), MECHANISM_NAMES.index(outcome.mechanism)
    return ((category * len(SIDE_NAMES) + side) * _STATES + state) * _MECHANISMS + mechanism


@lru_cache(maxsize=16_384)
def outcome_of(code: int) -> Outcome:
    """The words of such a number."""
    rest, mechanism = divmod(code, _MECHANISMS)
    rest, state = divmod(rest, _STATES)
    category, side = divmod(rest, len(SIDE_NAMES))
    return Outcome(CATEGORY_NAMES[category], SIDE_NAMES[side], STATES[state], MECHANISM_NAMES[mechanism])


def _by_place(rows: Rows) -> Iterator[tuple[Place, slice | Codes]]:
    """The records of each place; nearly always there is one."""
    if (only := rows.place()) is not None:
        yield only, slice(None)
        return
    for number, place in enumerate(rows.networks.places):
        yield place, np.flatnonzero(rows.network == number)


def _took_s(table: Table) -> Floats:
    """How long each step took; of whole microseconds exactly."""
    rows = table.steps
    if len(table.t0) == len(table.t) == 4 * rows:
        micros: Codes = np.subtract(
            np.frombuffer(table.t, "<u4"), np.frombuffer(table.t0, "<u4"), dtype=np.int64
        )
        return micros / _US
    return (_seconds(table.t, rows) - _seconds(table.t0, rows)).round(6)


def _seconds(packed: bytes, rows: int) -> Floats:
    if len(packed) == 4 * rows:
        return np.frombuffer(packed, "<u4") / _US
    return np.frombuffer(packed, "<f8")
