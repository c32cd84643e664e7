"""The country in one record: what the status page shows and `GET /v1/status` answers.

Rules of this file: a figure never stands without the number of probes behind it; what was
not heard is `unknown`, never `ok`; times are wire times; lists are complete and sorted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from collector.core.cameras import CAMERA_CODES, CamerasNow
from collector.core.cells import (
    DOMESTIC,
    FOREIGN,
    WINDOW_S,
    Figures,
    Reach,
    Site,
    Tally,
    regroup,
    rollup,
)
from collector.core.places import Place
from collector.core.probe_now import ALL, ProbeNow, worst
from collector.core.roster import Member
from collector.core.stations import STATION_STATES, StationNow, StationState
from collector.core.times import stamp
from wire.facts import operator_brand, regions
from wire.levels import LEVELS, Level, level_at
from wire.names import CATEGORIES, State

EXPECTED_S: Final = 7 * 86_400.0  # a probe is expected for a week after it was last heard
NEWEST_STATIONS: Final = 50


class RegionNow(Struct, frozen=True, kw_only=True):
    """One region. `level`: the worse of its two sides. `worst_state`: the worst that any probe there says."""

    code: str
    level: Level
    worst_state: State | None
    probes: int
    expected: int
    last_heard: str | None
    reach: Reach
    domestic: Reach
    foreign: Reach


class CategoryNow(Struct, frozen=True, kw_only=True):
    """One category of targets, over the whole country."""

    category: str
    level: Level
    worst_state: State | None
    reach: Reach
    domestic: Reach
    foreign: Reach


class OperatorNow(Struct, frozen=True, kw_only=True):
    """One operator that probes report from, by AS number (`other`: none that we know, `AS0`: not told)."""

    asn: str
    brand: str
    level: Level
    worst_state: State | None
    probes: int
    expected: int
    last_heard: str | None
    reach: Reach
    domestic: Reach
    foreign: Reach


class StationsNow(Struct, frozen=True, kw_only=True):
    """Polling stations that were ever heard: how many in each state, and the newest reports first.

    `cameras`: stations of which a camera was watched within the window, the worst first. `camera_states`: how
    many cameras are in each state of `wire.streams` ("" is unknown).
    """

    total: int
    states: dict[StationState, int]
    newest: tuple[StationNow, ...]
    cameras: tuple[CamerasNow, ...] = ()
    camera_states: dict[str, int] = {}


class Freshness(Struct, frozen=True, kw_only=True):
    """How far to trust the rest. `blind`: nothing was heard within the window, or ever."""

    started_at: str
    last_heard: str | None
    age_s: float | None
    probes_reporting: int
    probes_expected: int
    blind: bool


class Overview(Struct, frozen=True, kw_only=True):
    """Everything at one moment. `window_s`: how old a measurement may be to count as now."""

    v: Literal[1] = 1
    at: str
    window_s: float
    freshness: Freshness
    level: Level
    reach: Reach
    domestic: Reach
    foreign: Reach
    regions: tuple[RegionNow, ...]
    categories: tuple[CategoryNow, ...]
    operators: tuple[OperatorNow, ...]
    stations: StationsNow


def level_of(*reaches: Reach) -> Level:
    """The worst level among figures; those with no probe behind them say nothing."""
    return max((level_at(reach.ratio) for reach in reaches), key=LEVELS.index)


def overview(
    probes_now: Sequence[ProbeNow],
    members: Iterable[Member],
    stations: Iterable[StationNow],
    started: float,
    now: float,
) -> Overview:
    """The country as the window, the known probes and the stations show it at `now` (Unix seconds)."""
    expected = [member for member in members if is_expected(member, now)]
    figures = rollup(probes_now)
    whole = regroup(figures, lambda _: "")
    reach, domestic, foreign = _sides(whole, "")
    return Overview(
        at=stamp(now),
        window_s=WINDOW_S,
        freshness=_freshness(expected, probes_now, started, now),
        level=level_of(domestic, foreign),
        reach=reach,
        domestic=domestic,
        foreign=foreign,
        regions=_regions(probes_now, expected, figures),
        categories=_categories(probes_now, whole),
        operators=_operators(probes_now, expected, figures),
        stations=_stations(list(stations)),
    )


def is_expected(member: Member, now: float) -> bool:
    """Whether a probe should be heard: enrolled, not revoked, heard or enrolled in the last week."""
    return (
        member.role == "probe"
        and not member.revoked
        and now - (member.heard or member.enrolled) <= EXPECTED_S
    )


def _freshness(
    expected: Sequence[Member], probes_now: Sequence[ProbeNow], started: float, now: float
) -> Freshness:
    heard = _heard(expected)
    age = None if heard is None else max(0.0, round(now - heard, 3))
    return Freshness(
        started_at=stamp(started),
        last_heard=None if heard is None else stamp(heard),
        age_s=age,
        probes_reporting=len(probes_now),
        probes_expected=len(expected),
        blind=age is None or age > WINDOW_S,
    )


class _Group(Struct, frozen=True, kw_only=True):
    """The probes that stand together: those of a region, or of an operator."""

    now: list[ProbeNow]
    expected: list[Member]


def _regions(
    probes_now: Sequence[ProbeNow], expected: Sequence[Member], sites: Figures[Site]
) -> tuple[RegionNow, ...]:
    figures = regroup(sites, lambda site: site[0])
    groups = _grouped(probes_now, expected, lambda place: place.region)
    empty = _Group(now=[], expected=[])
    return tuple(_region(code, groups.get(code, empty), figures) for code in regions())


def _region(code: str, group: _Group, figures: Figures[str]) -> RegionNow:
    reach, domestic, foreign = _sides(figures, code)
    return RegionNow(
        code=code,
        level=level_of(domestic, foreign),
        worst_state=worst(one.worst for one in group.now),
        probes=len(group.now),
        expected=len(group.expected),
        last_heard=_heard_stamp(group.expected),
        reach=reach,
        domestic=domestic,
        foreign=foreign,
    )


def _categories(probes_now: Sequence[ProbeNow], figures: Figures[str]) -> tuple[CategoryNow, ...]:
    return tuple(
        CategoryNow(
            category=category,
            level=level_of(_reach(figures, "", category, ALL)),
            worst_state=worst(one.worst_in.get(category) for one in probes_now),
            reach=_reach(figures, "", category, ALL),
            domestic=_reach(figures, "", category, DOMESTIC),
            foreign=_reach(figures, "", category, FOREIGN),
        )
        for category in CATEGORIES
    )


def _operators(
    probes_now: Sequence[ProbeNow], expected: Sequence[Member], sites: Figures[Site]
) -> tuple[OperatorNow, ...]:
    figures = regroup(sites, lambda site: site[1])
    groups = _grouped(probes_now, expected, lambda place: place.operator)
    return tuple(_operator(asn, group, figures) for asn, group in sorted(groups.items()))


def _operator(asn: str, group: _Group, figures: Figures[str]) -> OperatorNow:
    reach, domestic, foreign = _sides(figures, asn)
    return OperatorNow(
        asn=asn,
        brand=operator_brand(asn),
        level=level_of(domestic, foreign),
        worst_state=worst(one.worst for one in group.now),
        probes=len(group.now),
        expected=len(group.expected),
        last_heard=_heard_stamp(group.expected),
        reach=reach,
        domestic=domestic,
        foreign=foreign,
    )


def _sides(figures: Figures[str], key: str) -> tuple[Reach, Reach, Reach]:
    whole, domestic, foreign = (_reach(figures, key, ALL, side) for side in (ALL, DOMESTIC, FOREIGN))
    return whole, domestic, foreign


def _reach(figures: Figures[str], key: str, category: str, side: str) -> Reach:
    return figures.get((key, category, side), Tally(0.0, 0)).reach


def _grouped(
    probes_now: Sequence[ProbeNow], expected: Sequence[Member], of: Callable[[Place], str]
) -> dict[str, _Group]:
    groups: dict[str, _Group] = {}
    for one in probes_now:
        groups.setdefault(of(one.place), _Group(now=[], expected=[])).now.append(one)
    for member in expected:
        groups.setdefault(of(member.place), _Group(now=[], expected=[])).expected.append(member)
    return groups


def _heard(members: Sequence[Member]) -> float | None:
    return max((member.heard for member in members if member.heard is not None), default=None)


def _heard_stamp(members: Sequence[Member]) -> str | None:
    heard = _heard(members)
    return None if heard is None else stamp(heard)


def _stations(found: Sequence[StationNow]) -> StationsNow:
    newest = sorted(found, key=lambda one: (one.last_seen, one.station), reverse=True)
    states = {state: sum(one.state == state for one in found) for state in STATION_STATES}
    return StationsNow(total=len(found), states=states, newest=tuple(newest[:NEWEST_STATIONS]))


def with_cameras(whole: Overview, found: Sequence[CamerasNow]) -> Overview:
    """The same with the cameras that are watched; the worst stations, and all cameras counted."""
    worst_first = sorted(found, key=lambda one: (-CAMERA_CODES[one.worst], one.station))
    states = Counter(state for one in found for state in one.cameras.values())
    stations = replace(
        whole.stations,
        cameras=tuple(worst_first[:NEWEST_STATIONS]),
        camera_states=dict(sorted(states.items())),
    )
    return replace(whole, stations=stations)
