"""What came late, put at the time when it was measured: the figures that `/metrics` would have told then.

Rules of this file: only what arrived more than five minutes after it was made counts here, so that
these series and the live ones never hold the same measurement at the same moment; they are told apart
by `instance="late"`, and rules that weigh ratios by their probes add both up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import ceil
from typing import Final, NamedTuple

from collector.core.cells import ALL, WINDOW_S, Cells, rollup
from collector.core.digest import Seen
from collector.core.reading import Batch
from wire import metrics

LATE_S: Final = 300.0
MINUTE_S: Final = 60
INSTANCE: Final = "late"
Labels = tuple[tuple[str, str], ...]


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


def late_of(found: Batch) -> list[LateSeen]:
    """What a committed batch of a probe brought late."""
    if found.member.role != "probe":
        return []
    number, arrived = found.member.number, found.arrived
    return [LateSeen(one.at, number, one) for one in found.digest.seen if arrived - one.at > LATE_S]


def samples(late: Iterable[LateSeen]) -> Iterator[Sample]:
    """The figures at each full minute with something late in its window, in the order of time.

    The order of arrival does not matter: equal measurements give equal samples.
    """
    cells, minute, last = Cells(), 0, 0.0
    for one in sorted(late):
        while minute and minute < one.at and minute - last <= WINDOW_S:
            yield from _at(cells, minute)
            minute += MINUTE_S
        if not minute or minute < one.at:
            minute = ceil(one.at / MINUTE_S) * MINUTE_S
        cells.take(one.probe, [one.seen], one.at)
        last = one.at
    while minute and minute - last <= WINDOW_S:
        yield from _at(cells, minute)
        minute += MINUTE_S


def _at(cells: Cells, minute: int) -> Iterator[Sample]:
    for ((region, operator), category, side), tally in sorted(rollup(cells.now(minute)).items()):
        if ALL in {category, side}:
            continue  # sums, which would count the finest cells again
        named = {"category": category, "operator": operator, "region": region, "side": side}
        labels = tuple(sorted({"instance": INSTANCE, "job": "dabyl", **named}.items()))
        yield Sample(metrics.REACHABILITY, labels, minute * 1000, tally.total / tally.probes)
        yield Sample(metrics.REACHABILITY_PROBES, labels, minute * 1000, float(tally.probes))


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
