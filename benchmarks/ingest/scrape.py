"""A scrape of a whole country's metrics: 108,000 series and more, from the picture to the bytes."""

from __future__ import annotations

import time
from statistics import median
from typing import Final

from benchmarks.cost import Row
from benchmarks.ingest.collecting import key_of
from collector.core.digest import Digest, Durations
from collector.core.exposition import exposed
from collector.core.families import text_of
from collector.core.live import FRESH_S, Live
from collector.core.places import place_of
from collector.core.roster import Enrolled
from dabyl import loop
from dabyl.system import SystemClock
from wire.columns import pack, unpack
from wire.facts import known_asns, regions
from wire.names import CATEGORIES, STATES
from wire.records import Measurement, Network, Step, Target, Verdict
from wire.times import format_time

SCRAPES: Final = 7
OPERATORS: Final = 29
PROBES_A_SITE: Final = 3
STEPS: Final = ("dns", "tcp", "tls", "quic", "http", "stream", "line")


def run() -> list[Row]:
    """Seconds of CPU of one scrape, all figures made anew."""
    now = SystemClock().now().timestamp()
    live = country(now)
    loop.spare_what_stays()  # as a server does when it is ready
    took: list[float] = []
    size = series = 0
    for number in range(SCRAPES + 1):
        before = time.process_time()
        page = text_of(exposed(live, 0, now + number * FRESH_S))
        took.append(time.process_time() - before)
        size, series = len(page), sum(not line.startswith(b"#") for line in page.splitlines())
    note = f"({series} series, {size / 1e6:.1f} MB; the first one {took[0]:.2f} s)"
    return [Row(what="scrape of a whole country", unit="s CPU", ours=median(took[1:]), note=note)]


def country(now: float) -> Live:
    """Every region and operator, three probes each, with every category, state and step."""
    live = Live(now)
    sites = [(region, operator) for region in regions() for operator in _operators()]
    number = 0
    for region, operator in sites:
        network = Network(asn=operator, region=region, access="fixed")
        table = unpack(pack(_round(network)))
        for _ in range(PROBES_A_SITE):
            number += 1
            key = key_of(number)
            place = place_of(network)
            live.enrol([Enrolled(number, key.id, key.public, "probe", place, now, revoked=False, heard=now)])
            digest = Digest(table)
            if digest.rows is not None:
                live.cells.take_rows(number, digest.rows, now)
            live.totals.measurements.update(digest.counts)
            for name, found in digest.durations.items():
                live.totals.durations.setdefault(name, Durations.none()).add(found)
    return live


def _round(network: Network) -> list[Measurement]:
    steps = tuple(Step(step=name, failure=None, t0=0.0, t=0.1) for name in STEPS)
    at = format_time(SystemClock().now())
    return [
        Measurement(
            id=f"{category}-{side}-{state}", probe="", at=at, network=network, steps=steps,
            target=Target(
                id=f"{category}-{side}-{state}", url=f"https://{category}.{side}.{state}/", category=category,
                side=side,
            ),
            verdict=Verdict(state=state, mechanism="tls.reset.sni" if "blocked" in state else None),
        )
        for category in CATEGORIES for side in ("domestic", "foreign") for state in STATES
    ]  # fmt: skip


def _operators() -> list[str]:
    return sorted(asn for asn in known_asns() if asn.startswith("AS"))[:OPERATORS]
