from __future__ import annotations

from itertools import permutations

import pytest

from collector.core.stations import (
    MAX_CLAIMS,
    STATION_CODES,
    Claim,
    StationNow,
    Stations,
    StationState,
)  # fmt: skip
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


def told(
    ident: str, kind: str, value: str = "", at_s: float = 0.0, proof: str = "code", **more: str
) -> StationReport:
    fields = {"mark": "", "link": "kcell", "sender": "p1"} | more
    return StationReport(
        id=ident, station="KZ-71-0379", kind=kind, value=value, at=stamp(NOW + at_s), proof=proof, **fields  # type: ignore[arg-type]  # from the tests
    )  # fmt: skip


def now_of(*texts: StationReport) -> StationNow:
    """The station after these texts; the same in every order of arrival."""
    found = []
    for order in permutations(texts):
        stations = Stations()
        for report in order:
            stations.take(report)
        found += list(stations)
    assert all(one == found[0] for one in found)
    return found[0]


def _named(claims: tuple[Claim, ...]) -> list[str]:
    return sorted(claim.report for claim in claims)


def test_texts_that_say_the_same_are_one_report_with_several_witnesses() -> None:
    seen = now_of(
        told("a", "open"),
        told("a", "open", link="beeline"),
        told("a", "open", sender="p2"),
        told("a", "open"),
    )
    assert (seen.state, seen.witnesses, seen.proven, seen.disputed) == ("open", {"open": 3}, ("open",), ())


def test_a_late_text_never_overwrites_a_newer_one() -> None:
    seen = now_of(told("new", "power", "on", 60), told("old", "power", "off", 0))
    assert (seen.said, seen.state) == ({"power": "on"}, "unknown")


def test_what_nobody_proved_does_not_override_what_was_proven_and_is_shown_beside_it() -> None:
    seen = now_of(
        told("a", "open"), told("b", "closed", "", 900, "none"), told("c", "power", "off", 900, "none")
    )
    assert (seen.state, seen.proven) == ("trouble", ("open",))
    assert _named(seen.unproven) == ["b"]
    assert seen.disputed == ()


def test_an_unproven_text_that_is_older_or_says_the_same_is_no_objection() -> None:
    seen = now_of(
        told("a", "power", "off", 60),
        told("b", "power", "on", 0, "none"),
        told("c", "power", "off", 90, "none"),
    )
    assert seen.unproven == ()


DISPUTES = [
    ("two hashes of one sheet", ("sheet", "aa", 0, {"mark": "1"}), ("sheet", "bb", 9_000, {"mark": "1"}), True),
    ("two sheets", ("sheet", "aa", 0, {"mark": "1"}), ("sheet", "bb", 0, {"mark": "2"}), False),
    ("two counts of one hour", ("turnout", "100", 0, {"mark": "12"}), ("turnout", "110", 60, {"mark": "12"}), True),
    ("two hours", ("turnout", "100", 0, {"mark": "12"}), ("turnout", "110", 60, {"mark": "14"}), False),
    ("a count that grows", ("turnout", "100", 0, {}), ("turnout", "110", 60, {"sender": "p2"}), False),
    ("two people, on and off", ("power", "on", 0, {}), ("power", "off", 60, {"sender": "p2"}), True),
    ("one person, on and off", ("power", "on", 0, {}), ("power", "off", 60, {}), False),
    ("on, and off much later", ("power", "on", 0, {}), ("power", "off", 601, {"sender": "p2"}), False),
    ("open and closed at a time", ("open", "", 0, {}), ("closed", "", 60, {"sender": "p2"}), True),
    ("two different things", ("power", "on", 0, {}), ("net", "off", 0, {"sender": "p2"}), False),
]  # fmt: skip


@pytest.mark.parametrize(("what", "one", "other", "clash"), DISPUTES, ids=[row[0] for row in DISPUTES])
def test_contradictions_are_kept_and_both_shown(
    what: str,
    one: tuple[str, str, float, dict[str, str]],
    other: tuple[str, str, float, dict[str, str]],
    clash: bool,
) -> None:
    texts = [
        told(name, kind, value, at_s, **more)
        for name, (kind, value, at_s, more) in zip("ab", (one, other), strict=True)
    ]
    assert _named(now_of(*texts).disputed) == (["a", "b"] if clash else [])


def test_a_station_that_never_stops_is_kept_within_bounds() -> None:
    stations = Stations()
    stations.take(told("proven", "open"))
    for number in range(MAX_CLAIMS * 2):
        stations.take(told(f"n{number}", "power", "off", number, "none"))
    (seen,) = stations
    assert (seen.proven, seen.state) == (("open",), "trouble")
