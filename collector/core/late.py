"""What came late, put at the time when it was measured: the figures that `/metrics` would have told then.

Rules of this file: only what arrived more than five minutes after it was made counts here, so that
these series and the live ones never hold the same measurement at the same moment; they are told apart
by `instance="late"`, and rules that weigh ratios by their probes add both up. A minute of a region and
operator that was told already is told as a further copy, `instance="late-2"`: the newcomers alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from math import ceil
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from collector.core.cells import WINDOW_S, Site
from collector.core.digest import Seen
from collector.core.few import LEAST_PROBES
from collector.core.held import MAX_TARGETS
from collector.core.places import OUTSIDE
from collector.core.probe_now import COUNTED, REACHABLE
from collector.core.reading import Batch
from wire import metrics

LATE_S: Final = 300.0
MINUTE_S: Final = 60
DAY_MINUTES: Final = 1_440
MAX_COPIES: Final = 8
INSTANCE: Final = "late"
LINE: Final = ("", "")  # stands for category and side where the line itself is meant
LINE_DOWN: Final = "line.down"
# A ratio, and the number of probes behind it; the second pair is of the line itself.
_NAMES: Final = (
    (metrics.REACHABILITY, metrics.REACHABILITY_PROBES),
    (metrics.LINE_DOWN, metrics.LINE_DOWN_PROBES),
)
Labels = tuple[tuple[str, str], ...]
_Key = tuple[int, Site, str, str]  # day, region and operator, category, side


class LateSeen(NamedTuple):
    """One late measurement: when (Unix seconds), by whom (number), and what was seen."""

    at: float
    probe: int
    seen: Seen


class Sample(NamedTuple):
    """One value of one series: the metric's name, its labels by name, Unix milliseconds, the value."""

    name: str
    labels: Labels
    at_ms: int
    value: float


class Told(NamedTuple):
    """A site's minutes (Unix minutes, the last one included) that were told once."""

    region: str
    operator: str
    since: int
    until: int


def is_late(found: Batch) -> bool:
    """Whether a batch of a probe brings anything late."""
    rows = found.digest.rows
    if rows is None or found.member.role != "probe":
        return False
    return bool((found.arrived - rows.at > LATE_S).any())


def late_of(found: Batch) -> list[LateSeen]:
    """What a committed batch of a probe brought late."""
    if not is_late(found):
        return []
    number, arrived = found.member.number, found.arrived
    return [LateSeen(one.at, number, one) for one in found.digest.seen if arrived - one.at > LATE_S]


class Minutes:
    """Sums over probes, by day, site, category, side and minute: memory does not grow with the records."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._sums: dict[_Key, npt.NDArray[np.float64]] = {}

    def __len__(self) -> int:
        """How many days of cells are held; each takes 23 kB."""
        return len(self._sums)

    def add(self, late: Iterable[LateSeen]) -> None:
        """All that one probe brought late; the order does not matter."""
        for minute, site, shares in _course(sorted(late)):
            day, column = divmod(minute, DAY_MINUTES)
            for (category, side), share in shares.items():
                self._cell((day, site, category, side))[:, column] += (share, 1.0)

    def _cell(self, key: _Key) -> npt.NDArray[np.float64]:
        found = self._sums.get(key)
        return self._sums.setdefault(key, np.zeros((2, DAY_MINUTES))) if found is None else found

    def cells(self, least: int) -> Iterator[tuple[_Key, npt.NDArray[np.float64], npt.NDArray[np.int64]]]:
        """Each cell's sums, and its minutes of the day with so many probes at least; day by day."""
        for key in sorted(self._sums):
            yield key, self._sums[key], np.flatnonzero(self._sums[key][1] >= max(1, least))


class Copies:
    """How often each minute of each site was told already."""

    def __init__(self, told: Iterable[Told] = ()) -> None:
        """From the minutes that were told, in any order."""
        self._counts: dict[tuple[int, Site], npt.NDArray[np.int64]] = {}
        for one in told:
            for day in range(one.since // DAY_MINUTES, one.until // DAY_MINUTES + 1):
                begin = max(0, one.since - day * DAY_MINUTES)
                self.of(day, (one.region, one.operator))[begin : one.until - day * DAY_MINUTES + 1] += 1

    def of(self, day: int, site: Site) -> npt.NDArray[np.int64]:
        """By minute of that day."""
        return self._counts.setdefault((day, site), np.zeros(DAY_MINUTES, np.int64))


def samples(late: Iterable[LateSeen], least: int = LEAST_PROBES) -> Iterator[Sample]:
    """The figures at each full minute with something late in its window, day by day, series by series.

    The order of arrival does not matter: equal measurements give equal samples. `least`: how many
    probes must stand behind a figure.
    """
    minutes = Minutes()
    for _, found in groupby(sorted(late, key=_probe_of), key=_probe_of):
        minutes.add(found)
    return figures(minutes, Copies(), least)


def figures(minutes: Minutes, copies: Copies, least: int = LEAST_PROBES) -> Iterator[Sample]:
    """The same from sums, each minute as the next copy of those that were told; none after `MAX_COPIES`."""
    for (day, site, category, side), sums, enough in minutes.cells(least):
        copy = copies.of(day, site)[enough]
        for number in np.unique(copy[copy < MAX_COPIES]).tolist():
            labels = _labels(site, category, side, number)
            columns = enough[copy == number]
            at_ms = ((columns + day * DAY_MINUTES) * MINUTE_S * 1000).tolist()
            total, probes = sums[0, columns], sums[1, columns]
            ratio, behind = _NAMES[(category, side) == LINE]
            yield from _series(ratio, labels, at_ms, (total / probes).tolist())
            yield from _series(behind, labels, at_ms, probes.tolist())


def told_by(minutes: Minutes, copies: Copies, least: int = LEAST_PROBES) -> list[Told]:
    """What `figures` of the same tells, as runs of minutes of each site."""
    by_site: dict[Site, set[int]] = {}
    for (day, site, _, _), _, enough in minutes.cells(least):
        open_ = enough[copies.of(day, site)[enough] < MAX_COPIES]
        by_site.setdefault(site, set()).update((open_ + day * DAY_MINUTES).tolist())
    return [Told(*site, *run) for site, found in sorted(by_site.items()) for run in _runs(sorted(found))]


def _runs(minutes: Sequence[int]) -> Iterator[tuple[int, int]]:
    numbered = groupby(enumerate(minutes), key=lambda pair: pair[1] - pair[0])
    for _, group in numbered:
        run = [minute for _, minute in group]
        yield run[0], run[-1]


def _probe_of(one: LateSeen) -> int:
    return one.probe


class _Window:
    """What one probe saw in the last quarter of an hour, as `/metrics` would have held it."""

    def __init__(self) -> None:
        self._newest: dict[str, Seen] = {}
        self._shares: dict[tuple[str, str], float] | None = None

    def take(self, seen: Seen) -> None:
        """The next one in the order of time."""
        if seen.place.region != OUTSIDE and (seen.url in self._newest or len(self._newest) < MAX_TARGETS):
            self._newest[seen.url] = seen
            self._shares = None

    def at(self, moment: float) -> tuple[Site, dict[tuple[str, str], float]] | None:
        """Where it stood, and its share of reachable targets by category and side."""
        if any(moment - one.at > WINDOW_S for one in self._newest.values()):
            self._newest = {url: one for url, one in self._newest.items() if moment - one.at <= WINDOW_S}
            self._shares = None
        if not self._newest:
            return None
        if self._shares is None:
            self._shares = _shares(self._newest.values())
        place = max(self._newest.values(), key=lambda one: one.at).place
        return (place.region, place.operator), self._shares


def _shares(found: Collection[Seen]) -> dict[tuple[str, str], float]:
    """What is reachable, by category and side; under `LINE`, whether the newest word is that it is down."""
    states: dict[tuple[str, str], list[bool]] = {}
    for one in found:
        if one.outcome.state in COUNTED and one.outcome.side:
            reachable = one.outcome.state in REACHABLE
            states.setdefault((one.outcome.category, one.outcome.side), []).append(reachable)
    down = max(found, key=lambda one: one.at).outcome.mechanism == LINE_DOWN
    return {key: sum(good) / len(good) for key, good in states.items()} | {LINE: float(down)}


def _course(late: Sequence[LateSeen]) -> Iterator[tuple[int, Site, dict[tuple[str, str], float]]]:
    """One probe at each full minute (Unix minutes) in which it has something to say."""
    window, minute, last = _Window(), 0, 0.0
    for one in late:
        yield from _minutes(window, minute, min(one.at, last + WINDOW_S + 1))
        if not minute or minute < one.at:
            minute = ceil(one.at / MINUTE_S) * MINUTE_S
        window.take(one.seen)
        last = one.at
    yield from _minutes(window, minute, last + WINDOW_S + 1)


def _minutes(
    window: _Window, since: int, before: float
) -> Iterator[tuple[int, Site, dict[tuple[str, str], float]]]:
    """The full minutes from `since` (0: none) on and before a time."""
    for minute in range(since, ceil(before), MINUTE_S) if since else ():
        if (found := window.at(minute)) is not None:
            yield minute // MINUTE_S, *found


def _labels(site: Site, category: str, side: str, copy: int) -> Labels:
    instance = INSTANCE if copy == 0 else f"{INSTANCE}-{copy + 1}"
    named = {"category": category, "operator": site[1], "region": site[0], "side": side}
    told = {name: value for name, value in named.items() if value}
    return tuple(sorted({"instance": instance, "job": "dabyl", **told}.items()))


def _series(name: str, labels: Labels, at_ms: list[int], values: list[float]) -> Iterator[Sample]:
    return (Sample(name, labels, at, value) for at, value in zip(at_ms, values, strict=True))


def open_metrics(found: Iterable[Sample]) -> Iterator[str]:
    """Samples as OpenMetrics text for `promtool tsdb create-blocks-from openmetrics`, series by series."""
    series: dict[tuple[str, Labels], list[Sample]] = {}
    for sample in found:
        series.setdefault((sample.name, sample.labels), []).append(sample)
    told = ""
    for (name, labels), values in sorted(series.items()):
        if name != told:
            yield f"# TYPE {name} gauge\n"
            told = name
        text = ",".join(f'{label}="{value}"' for label, value in labels)  # closed sets: nothing to escape
        yield from (f"{name}{{{text}}} {one.value!r} {one.at_ms // 1000}\n" for one in values)
    yield "# EOF\n"
