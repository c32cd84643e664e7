"""Overviews as they happen: nothing yet, one laptop, a calm day, a cut, an election evening."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from collector.core.cameras import CamerasNow
from collector.core.cells import Reach
from collector.core.overview import (
    CategoryNow,
    Freshness,
    OperatorNow,
    Overview,
    RegionNow,
    StationsNow,
    level_of,
)
from collector.core.stations import STATION_STATES, StationNow, StationState
from wire.facts import operator_brand, regions
from wire.names import CATEGORIES
from wire.times import after

AT = "2026-11-20T13:32:05.000Z"  # 18:32:05 in Kazakhstan
WINDOW_S = 900.0


def reach(ratio: float | None, probes: int) -> Reach:
    return Reach(ratio=ratio, probes=0 if ratio is None else probes)


def region(
    code: str, home: float | None = None, abroad: float | None = None, probes: int = 0, **more: Any
) -> RegionNow:
    """A region with `probes` probes that see these shares; `expected` and `heard_s` (ago) in `more`."""
    domestic, foreign = reach(home, probes), reach(abroad, probes)
    heard_s = more.get("heard_s", 20.0 if probes else None)
    return RegionNow(
        code=code,
        level=level_of(domestic, foreign),
        worst_state="ok" if probes else None,
        probes=probes,
        expected=more.get("expected", probes),
        last_heard=None if heard_s is None else after(AT, -heard_s),
        reach=reach(mean(home, abroad), probes),
        domestic=domestic,
        foreign=foreign,
    )


def operator(asn: str, home: float, abroad: float, probes: int, heard_s: float = 20.0) -> OperatorNow:
    domestic, foreign = reach(home, probes), reach(abroad, probes)
    return OperatorNow(
        asn=asn,
        brand=operator_brand(asn),
        level=level_of(domestic, foreign),
        worst_state="ok",
        probes=probes,
        expected=probes,
        last_heard=after(AT, -heard_s),
        reach=reach(mean(home, abroad), probes),
        domestic=domestic,
        foreign=foreign,
    )


def category(name: str, home: float | None, abroad: float | None, probes: int) -> CategoryNow:
    whole = reach(mean(home, abroad), probes)
    return CategoryNow(
        category=name,
        level=level_of(whole),
        worst_state=None if whole.ratio is None else "ok",
        reach=whole,
        domestic=reach(home, probes),
        foreign=reach(abroad, probes),
    )


def station(code: str, state: StationState, heard_s: float, **said: str) -> StationNow:
    return StationNow(station=code, region=code[:5], state=state, last_seen=after(AT, -heard_s), said=said)


def overview(
    places: Mapping[str, RegionNow] | None = None,
    home: float | None = None,
    abroad: float | None = None,
    probes: int = 0,
    **more: Any,
) -> Overview:
    """The country; in `more`: heard_s, expected, operators, categories, stations, untold."""
    known = {code: region(code) for code in regions()} | dict(places or {})
    heard_s = more.get("heard_s", 20.0 if probes else None)
    domestic, foreign = reach(home, probes), reach(abroad, probes)
    named = {one.category: one for one in more.get("categories", ())}
    stations = tuple(more.get("stations", ()))
    return Overview(
        at=AT,
        window_s=WINDOW_S,
        freshness=Freshness(
            started_at=after(AT, -90_000.0),
            last_heard=None if heard_s is None else after(AT, -heard_s),
            age_s=heard_s,
            probes_reporting=probes,
            probes_expected=more.get("expected", probes),
            blind=heard_s is None or heard_s > WINDOW_S,
        ),
        level=level_of(domestic, foreign),
        reach=reach(mean(home, abroad), probes),
        domestic=domestic,
        foreign=foreign,
        regions=tuple(known[code] for code in regions()),
        categories=tuple(named.get(name, category(name, None, None, 0)) for name in CATEGORIES),
        operators=tuple(more.get("operators", ())),
        stations=StationsNow(
            total=more.get("total", len(stations)),
            states=more.get("states", {one: sum(s.state == one for s in stations) for one in STATION_STATES}),
            newest=stations,
            cameras=tuple(more.get("cameras", ())),
            camera_states=more.get("camera_states", {}),
        ),
    )


def mean(home: float | None, abroad: float | None) -> float | None:
    told = [one for one in (home, abroad) if one is not None]
    return sum(told) / len(told) if told else None


def never() -> Overview:
    """The collector has just been started."""
    return overview()


def blind() -> Overview:
    """Probes were there, and all are silent for 21 minutes."""
    places = {"KZ-71": region("KZ-71", expected=4, heard_s=1_265.0)}
    return overview(places, heard_s=1_265.0, expected=4)


def laptop() -> Overview:
    """`dabyl up` on one machine that has not told its region."""
    return overview(
        home=1.0,
        abroad=1.0,
        probes=1,
        operators=[operator("AS0", 1.0, 1.0, 1)],
        categories=[category("egov", 1.0, None, 1)],
    )


def calm() -> Overview:
    """A good day: five regions, four operators, everything answers."""
    places = {code: region(code, 1.0, 1.0, 4) for code in ("KZ-10", "KZ-35", "KZ-71", "KZ-75", "KZ-79")}
    networks = [operator(asn, 1.0, 1.0, 5) for asn in ("AS9198", "AS21299", "AS29355", "AS48503")]
    kinds = [category(name, 1.0, 1.0, 20) for name in ("egov", "bank", "news", "messenger")]
    return overview(places, 1.0, 1.0, 20, operators=networks, categories=kinds)


def cut_abroad() -> Overview:
    """No way abroad from anywhere; home works."""
    places = {code: region(code, 0.99, 0.02, 5) for code in ("KZ-35", "KZ-71", "KZ-75")}
    networks = [operator(asn, 0.99, 0.02, 5) for asn in ("AS9198", "AS21299", "AS29355")]
    return overview(places, 0.99, 0.02, 15, operators=networks)


def evening() -> Overview:
    """An election evening with trouble in the south and the west."""
    return overview(
        _evening_places(), 0.97, 0.88, 214, expected=231, operators=_evening_operators(),
        categories=_evening_services(), stations=_evening_stations(), total=8_412,
        states={"unknown": 35, "open": 7_104, "trouble": 23, "closed": 1_250},
        cameras=_evening_cameras(), camera_states={"fine": 1_203, "frozen": 2, "no_power": 2, "": 4},
    )  # fmt: skip


def _evening_places() -> dict[str, RegionNow]:
    found = [
        region("KZ-10", 1.0, 0.98, 7, heard_s=24.0), region("KZ-11", 1.0, 0.99, 6, heard_s=11.0),
        region("KZ-15", 0.99, 0.97, 9, heard_s=31.0), region("KZ-19", 0.98, 0.96, 12, heard_s=8.0),
        region("KZ-23", 0.97, 0.88, 5, heard_s=42.0), region("KZ-27", 0.99, 0.98, 4, heard_s=55.0),
        region("KZ-31", 0.98, 0.52, 8, heard_s=17.0, expected=11), region("KZ-35", 1.0, 0.98, 17, heard_s=6.0),
        region("KZ-39", 1.0, 1.0, 8, heard_s=29.0), region("KZ-43", 0.96, 0.04, 6, heard_s=38.0, expected=9),
        region("KZ-47", expected=5, heard_s=4_620.0), region("KZ-55", 1.0, 1.0, 9, heard_s=14.0),
        region("KZ-59", 1.0, 0.99, 2, heard_s=70.0), region("KZ-61", 0.97, 0.9, 14, heard_s=12.0),
        region("KZ-63", 0.99, 0.98, 10, heard_s=19.0), region("KZ-71", 1.0, 0.99, 38, heard_s=4.0),
        region("KZ-75", 1.0, 0.99, 41, heard_s=5.0), region("KZ-79", 0.98, 0.96, 18, heard_s=9.0),
    ]  # fmt: skip
    return {one.code: one for one in found}


def _evening_operators() -> list[OperatorNow]:
    return [
        operator("AS9198", 0.98, 0.89, 88, 4.0), operator("AS21299", 0.99, 0.92, 47, 9.0),
        operator("AS29355", 0.97, 0.78, 39, 6.0), operator("AS48503", 0.98, 0.95, 31, 12.0),
        operator("AS41798", 1.0, 0.99, 9, 33.0),
    ]  # fmt: skip


def _evening_services() -> list[CategoryNow]:
    shares = {
        "egov": (0.99, None), "election": (1.0, None), "government": (0.99, None), "bank": (1.0, 0.97),
        "news": (0.98, 0.91), "messenger": (None, 0.76), "social": (1.0, 0.86), "kz": (0.99, 0.98), "control": (None, 0.92),
        "circumvention": (None, 0.14),
    }  # fmt: skip
    return [category(name, home, abroad, 214) for name, (home, abroad) in shares.items()]


def _evening_stations() -> list[StationNow]:
    return [
        station("KZ-43-0118", "trouble", 41.0, open="", power="off"),
        station("KZ-71-0379", "closed", 66.0, closed=""),
        station("KZ-31-0027", "trouble", 95.0, open="", net="off"),
        station("KZ-75-0512", "closed", 140.0, closed=""),
        station("KZ-61-0904", "open", 185.0, open=""),
        station("KZ-19-0233", "open", 260.0, open=""),
    ]


def _evening_cameras() -> list[CamerasNow]:
    found = {
        "KZ-43-0118": {"hall": "no_power", "urn": "no_power"},
        "KZ-71-0379": {"hall": "frozen", "urn": "fine"},
        "KZ-75-0512": {"hall": "", "urn": "fine"},
    }
    return [
        CamerasNow(
            station=code, region=code[:5], cameras=cameras, worst=cameras["hall"], seen_at=after(AT, -30.0)
        )
        for code, cameras in found.items()
    ]


SCENES = {
    "never": never, "blind": blind, "laptop": laptop, "calm": calm, "cut_abroad": cut_abroad, "evening": evening,
}  # fmt: skip
