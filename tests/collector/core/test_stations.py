from __future__ import annotations

from itertools import permutations

import pytest

from collector.core.stations import STATION_CODES, Stations, StationState
from collector.core.times import stamp
from tests.collector.core.scenes import NOW
from wire.records import StationReport

DAYS = [
    ("opened", [("open", "")], "open"),
    ("closed for the night", [("open", ""), ("closed", "")], "closed"),
    ("opened again", [("closed", ""), ("open", "")], "open"),
    ("power went", [("open", ""), ("power", "off")], "trouble"),
    ("power came back", [("open", ""), ("power", "off"), ("power", "on")], "open"),
    ("network went before it opened", [("net", "off")], "trouble"),
    ("closed in the dark", [("power", "off"), ("closed", "")], "closed"),
    ("said something else", [("status", "ok")], "unknown"),
]


def reports(texts: list[tuple[str, str]]) -> list[StationReport]:
    return [
        StationReport(id=f"r{n}", station="KZ-71-0379", kind=kind, value=value, at=stamp(NOW + n))  # type: ignore[arg-type]  # from the table
        for n, (kind, value) in enumerate(texts)
    ]


@pytest.mark.parametrize(("day", "texts", "state"), DAYS, ids=[row[0] for row in DAYS])
def test_a_stations_day_in_any_order_of_arrival(
    day: str, texts: list[tuple[str, str]], state: StationState
) -> None:
    for order in permutations(reports(texts)):
        stations = Stations()
        for report in order:
            stations.take(report)
        (found,) = stations
        assert (found.state, found.region, found.last_seen) == (state, "KZ-71", stamp(NOW + len(texts) - 1))


def test_the_codes_are_those_of_the_reference() -> None:
    assert STATION_CODES == {"unknown": 0, "open": 1, "trouble": 2, "closed": 3}
