"""The pages of a collector that knows a whole country: real exposition, made-up counts."""

from __future__ import annotations

from typing import Final

from benchmarks.ingest.scrape import country
from collector.core.exposition import exposed, exposed_stations
from collector.core.families import text_of
from dabyl.system import SystemClock
from wire.facts import regions
from wire.records import StationReport
from wire.times import format_time

STATIONS: Final = 10_500


def pages() -> dict[str, bytes]:
    """`/metrics` and `/metrics/stations`."""
    clock = SystemClock()
    now = clock.now().timestamp()
    live, places = country(now), list(regions())
    for number in range(STATIONS):
        station = f"{places[number % len(places)]}-{number // len(places) + 1:04}"
        live.stations.take(
            StationReport(id=f"r{number}", station=station, kind="open", at=format_time(clock.now()))
        )
    return {
        "/metrics": text_of(exposed(live, 0, now)),
        "/metrics/stations": text_of(exposed_stations(live, now)),
    }
