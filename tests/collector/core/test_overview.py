from __future__ import annotations

import msgspec
import pytest

from collector.core.cells import Cells, Reach
from collector.core.overview import Overview, RegionNow, level_of, overview
from collector.core.published import published
from collector.core.roster import Member
from collector.core.stations import Stations
from collector.core.times import stamp
from tests.collector.core.scenes import ALMATY, ASTANA, NOW, digest, member, seen
from wire.levels import Level
from wire.records import Network, StationReport

SHYMKENT = Network(asn="AS9198", region="KZ-79", access="fixed", side="inside")


def look(cells: Cells, *members: object, stations: Stations | None = None, now: float = NOW) -> Overview:
    found = overview(cells.now(now), members, stations or Stations(), NOW - 60, now)  # type: ignore[arg-type]  # scenes
    return msgspec.json.decode(msgspec.json.encode(found), type=Overview)


def region(found: Overview, code: str) -> RegionNow:
    return next(one for one in found.regions if one.code == code)


def test_nothing_heard_is_unknown_everywhere_and_blind() -> None:
    found = look(Cells())
    assert found.freshness.blind
    assert found.freshness.last_heard is None
    assert found.level == "unknown"
    assert len(found.regions) == 20
    assert {one.level for one in found.regions} == {"unknown"}
    assert {one.level for one in found.categories} == {"unknown"}


def test_a_region_stands_with_its_probes_and_figures() -> None:
    cells = Cells()
    cells.take(
        1,
        digest([seen("a"), seen("b", "likely_blocked", "tls.reset.sni"), seen("c.kz", side="domestic")]).seen,
        NOW,
    )
    found = look(cells, member(1), member(2, heard=NOW - 4000))
    astana = region(found, "KZ-71")
    assert (astana.probes, astana.expected, astana.worst_state) == (1, 2, "likely_blocked")
    assert astana.foreign == Reach(ratio=0.5, probes=1)
    assert astana.domestic == Reach(ratio=1.0, probes=1)
    assert astana.level == "warning"
    assert region(found, "KZ-75").level == "unknown"
    assert [one.asn for one in found.operators] == ["AS9198"]


def test_each_probe_weighs_the_same_however_much_it_measures() -> None:
    cells = Cells()
    cells.take(1, digest([seen(f"t{n}", "likely_blocked") for n in range(99)]).seen, NOW)
    cells.take(2, digest([seen("t1", network=ALMATY)]).seen, NOW)
    assert look(cells, member(1), member(2, ALMATY)).reach == Reach(ratio=0.5, probes=2)


def test_old_news_leave_a_region_unknown_but_last_heard() -> None:
    cells = Cells()
    cells.take(1, digest([seen("a")]).seen, NOW)
    found = look(cells, member(1), now=NOW + 1200)
    assert region(found, "KZ-71").level == "unknown"
    assert region(found, "KZ-71").last_heard == stamp(NOW)
    assert found.freshness.blind
    assert found.freshness.age_s == 1200


def test_a_revoked_probe_and_one_that_is_long_gone_are_not_expected() -> None:
    found = look(
        Cells(), member(1, revoked=True), member(2, heard=NOW - 8 * 86_400), member(3, ASTANA, role="vantage")
    )
    assert found.freshness.probes_expected == 0


def test_stations_are_counted_by_state_and_the_newest_stand_first() -> None:
    stations = Stations()
    for number, kind in ((1, "open"), (2, "closed")):
        at = stamp(NOW + number)
        stations.take(StationReport(id=f"r{number}", station=f"KZ-71-000{number}", kind=kind, at=at))  # type: ignore[arg-type]  # from the pair
    found = look(Cells(), stations=stations).stations
    assert found.total == 2
    assert found.states == {"unknown": 0, "open": 1, "trouble": 0, "closed": 1}
    assert [one.station for one in found.newest] == ["KZ-71-0002", "KZ-71-0001"]


@pytest.mark.parametrize(
    ("ratio", "level"),
    [
        (None, "unknown"),
        (1.0, "ok"),
        (0.95, "ok"),
        (0.94, "degraded"),
        (0.79, "warning"),
        (0.19, "cut"),
        (0.0, "cut"),
    ],
)
def test_levels(ratio: float | None, level: Level) -> None:
    assert level_of(Reach(ratio=ratio, probes=3)) == level


def country(*counts: tuple[Network, int]) -> Overview:
    """So many probes in each network; every other target is blocked for all."""
    cells, members = Cells(), list[Member]()
    for network, count in counts:
        for _ in range(count):
            members.append(member(len(members) + 1, network))
            told = [seen("a", network=network), seen("b", "likely_blocked", network=network)]
            cells.take(len(members), digest(told).seen, NOW)
    return look(cells, *members)


def test_of_one_or_two_probes_only_their_number_is_published() -> None:
    whole = country((ASTANA, 4), (ALMATY, 2), (SHYMKENT, 1))
    told = published(whole)
    assert region(whole, "KZ-75").level == "warning"
    few = region(told, "KZ-75")
    assert (few.reach, few.level, few.worst_state) == (Reach(ratio=None, probes=2), "unknown", None)
    assert few.last_heard is None
    assert told.operators[0].reach.ratio is None
    assert region(told, "KZ-71") == region(whole, "KZ-71")
    assert (told.reach, told.level, told.categories) == (whole.reach, whole.level, whole.categories)


def test_what_would_be_found_by_subtraction_is_withheld_too() -> None:
    told = published(country((ASTANA, 5), (ALMATY, 3), (SHYMKENT, 1)))
    assert region(told, "KZ-75").reach == Reach(ratio=None, probes=3)
    assert region(told, "KZ-75").level == "unknown"
    assert region(told, "KZ-71").reach == Reach(ratio=0.5, probes=5)
    nowhere = published(country((ASTANA, 5), (Network(), 1)))
    assert region(nowhere, "KZ-71").reach == Reach(ratio=None, probes=5), "one probe tells no region"


def test_two_probes_are_no_country_and_their_owner_sees_all() -> None:
    whole = country((ASTANA, 2))
    told = published(whole)
    assert (told.level, told.reach.ratio, told.foreign.ratio) == ("unknown", None, None)
    assert {one.level for one in told.categories} == {"unknown"}
    assert published(whole, least=1) == whole
