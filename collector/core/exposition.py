"""The picture as Prometheus' metric families: the aggregates, and the stations on a page of their own.

Rules of this file: names come from `wire.metrics`, label values from closed sets; never a
probe, an address, a URL or a phone number, nor a place with fewer probes than may be told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from collector.core.cameras import CAMERA_CODES
from collector.core.cells import interference, rollup
from collector.core.families import Family
from collector.core.histogram import STEP_S, Histogram
from collector.core.incident_metrics import exposed_incidents
from collector.core.live import LedgerNow, Live
from collector.core.overview import is_expected
from collector.core.places import Place
from collector.core.probe_now import ALL, ProbeNow
from collector.core.publishing import Public
from collector.core.roster import Member
from collector.core.stations import STATION_CODES
from collector.core.times import epoch_seconds
from wire import metrics as names

_Labels = tuple[str, ...]
_PLACE = ("region", "operator", "access")
_REACH = ("region", "operator", "category", "side")
_STATION = ("station", "region")


def exposed(live: Live, queue_length: int, now: float) -> Iterator[Family]:
    """Every family of `/metrics`; `queue_length`: jobs that wait for the writer, `now`: Unix seconds."""
    probes = live.probes_now(now)
    expected = [member for member in live.roster if is_expected(member, now)]
    public = Public(live.roster, expected, live.publish_from)
    yield from _totals(live, public)
    yield from _reachability(probes, public)
    yield from _probes(probes, expected, public)
    stations = Counter((station.region, station.state) for station in live.stations)
    yield _gauge(names.STATIONS, "Polling stations by state.", ("region", "state"), stations)
    vantages = {(vantage,): at for vantage, at in live.control.newest().items()}
    yield _gauge(names.CONTROL_TIMESTAMP, "When a vantage was last at work.", ("vantage",), vantages)
    yield from exposed_incidents(live.incidents, now)
    yield from _ledger(live.ledger())
    yield from live.sheets.families(now)
    waiting = {("store",): queue_length, ("late",): live.totals.late_queue}
    yield _gauge(names.INGEST_QUEUE, "What waits, by stage.", ("stage",), waiting)


def _ledger(now: LedgerNow | None) -> Iterator[Family]:
    sizes = {(now.name,): now.size} if now else {}
    yield _gauge(names.LEDGER_SIZE, "Entries that the ledger's head covers.", ("log",), sizes)
    times = {(now.name,): now.at} if now else {}
    yield _gauge(names.LEDGER_CHECKPOINT, "When the ledger's head was signed or checked.", ("log",), times)
    waiting = {(): now.unmerged_s} if now else {}
    yield _gauge(names.LEDGER_UNMERGED, "Age of the oldest entry that no signed head covers.", (), waiting)


def exposed_stations(live: Live, now: float) -> Iterator[Family]:
    """Every family of `/metrics/stations`."""
    stations = [(station, (station.station, station.region)) for station in live.stations]
    yield _gauge(
        names.STATION_INFO, "A polling station that was heard.", _STATION, {key: 1 for _, key in stations}
    )
    yield _gauge(
        names.STATION_STATE,
        "The state of a polling station: 0 unknown, 1 open, 2 trouble, 3 closed.",
        _STATION,
        {key: STATION_CODES[station.state] for station, key in stations},
    )
    yield _gauge(
        names.STATION_LAST_SEEN,
        "When the newest report of a polling station was made.",
        _STATION,
        {key: epoch_seconds(station.last_seen) for station, key in stations},
    )
    yield _gauge(
        names.STATION_CAMERA,
        "The worst camera of a polling station:"
        " 0 unknown, 1 fine, 2 thin, 3 masked, 4 frozen, 5 off, 6 dead, 7 no power.",
        _STATION,
        {(one.station, one.region): CAMERA_CODES[one.worst] for one in live.cameras.now(now)},
    )


def _totals(live: Live, public: Public) -> Iterator[Family]:
    totals = live.totals
    yield _counter(
        names.MEASUREMENTS,
        "Measurements taken in.",
        ("region", "operator", "category", "state"),
        public.of_sites(totals.measurements),
    )
    yield _counter(names.FAILURES, "Steps that failed.", ("step", "failure"), totals.failures)
    yield _counter(
        names.BATCHES, "Batches taken in.", ("region", "channel"), public.of_regions(totals.batches)
    )
    rejected = {(reason,): count for reason, count in totals.rejected.items()}
    yield _counter(names.BATCHES_REJECTED, "Batches refused.", ("reason",), rejected)
    digests = {(result,): count for result, count in totals.digests.items()}
    yield _counter(names.DIGESTS, "Probes' digests that came by text.", ("result",), digests)
    late = ("destination", "result")
    yield _counter(names.LATE_SAMPLES, "Late samples, by where they went.", late, totals.late)
    steps = ("operator", "category", "step")
    took = {
        (operator, category, step): Histogram(STEP_S, counts, total)
        for operator, durations in public.of_operators(totals.durations).items()
        for category, step, counts, total in durations.each()
    }
    yield _histogram(names.STEP_DURATION, "How long a step took.", steps, took)
    yield _histogram(
        names.BATCH_DELAY,
        "From a batch's newest record to its arrival.",
        ("region",),
        public.of_regions(totals.delay),
    )
    yield _histogram(
        names.CLOCK_SKEW,
        "How far probes' clocks are ahead, at least.",
        ("region",),
        public.of_regions(totals.skew),
    )
    yield _histogram(names.INGEST_DURATION, "How long taking in took.", ("stage",), totals.work)


def _reachability(probes: Sequence[ProbeNow], public: Public) -> Iterator[Family]:
    figures = rollup(probes)
    told = public.cells(figures)
    cells = {
        (*site, category, side): tally
        for (site, category, side), tally in figures.items()
        if category and side and (site, category, side) in told
    }
    ratios = {key: round(tally.total / tally.probes, 4) for key, tally in cells.items()}
    yield _gauge(names.REACHABILITY, "Mean over probes of what they can reach.", _REACH, ratios)
    counts = {key: tally.probes for key, tally in cells.items()}
    yield _gauge(names.REACHABILITY_PROBES, "Probes behind the ratio.", _REACH, counts)
    found = interference(probes, figures)
    yield _gauge(
        names.INTERFERENCE,
        "Mean over probes of the share of targets that show a mechanism of interference.",
        ("region", "operator", "category", "mechanism"),
        {
            (*site, category, mechanism): share
            for (site, category, mechanism), share in found.items()
            if (site, category, ALL) in told
        },
    )


def _probes(probes: Sequence[ProbeNow], expected: Sequence[Member], public: Public) -> Iterator[Family]:
    members = Counter(member.place for member in expected)
    yield _gauge(
        names.PROBES_EXPECTED, "Enrolled probes heard in the last week.", _PLACE, public.of_places(members)
    )
    reporting = {**dict.fromkeys(members, 0), **Counter(probe.place for probe in probes)}
    yield _gauge(
        names.PROBES_REPORTING, "Probes heard within the window.", _PLACE, public.of_places(reporting)
    )
    last: dict[Place, float] = {}
    for member in expected:
        if member.heard is not None:
            last[member.place] = max(member.heard, last.get(member.place, 0.0))
    yield _gauge(names.PROBES_LAST_REPORT, "When a probe was last heard.", _PLACE, public.of_places(last))


def _gauge(name: str, text: str, labels: _Labels, values: Mapping[Any, float]) -> Family:
    return Family(name, "gauge", text, labels, values)


def _counter(name: str, text: str, labels: _Labels, values: Mapping[Any, float]) -> Family:
    return Family(name, "counter", text, labels, values)


def _histogram(name: str, text: str, labels: _Labels, values: Mapping[Any, Histogram]) -> Family:
    return Family(name, "histogram", text, labels, values)
