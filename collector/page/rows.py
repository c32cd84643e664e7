"""The lists below the answer: tiles, regions, services, operators, stations, each as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from collector.core.cameras import CAMERA_STATES
from collector.core.overview import CategoryNow, OperatorNow, Overview, RegionNow
from collector.core.stations import STATION_STATES, StationNow, StationState
from collector.page.answer import category_name
from collector.page.figures import (
    Chip,
    Figure,
    Mark,
    chip_of,
    figure,
    service_chip,
)
from collector.page.moments import Moment, moment
from collector.page.words import Words, small
from wire.facts import Language, regions
from wire.streams import DEAD, FINE, FROZEN, MASKED, NO_POWER, OFF, THIN, UNKNOWN

_RANK: Final[tuple[Mark, ...]] = ("cut", "warning", "degraded", "silent", "ok", "unknown")
SOFT_HYPHEN: Final = "\u00ad"  # long Russian names break before their ending
SHOWN_STATIONS: Final = 10
_STATION_MARKS: Final[dict[StationState, Mark]] = {
    "unknown": "unknown",
    "open": "ok",
    "trouble": "warning",
    "closed": "silent",
}
_STATION_WORDS: Final[dict[StationState, str]] = {
    "unknown": "station-unknown",
    "open": "station-open",
    "trouble": "station-trouble",
    "closed": "station-closed",
}
_CAMERA_MARKS: Final[dict[str, Mark]] = {
    UNKNOWN: "unknown",
    FINE: "ok",
    THIN: "degraded",
    MASKED: "warning",
    FROZEN: "warning",
    OFF: "cut",
    DEAD: "cut",
    NO_POWER: "silent",
}
_CAMERA_WORDS: Final[dict[str, str]] = {
    UNKNOWN: "camera-unknown",
    FINE: "camera-fine",
    THIN: "camera-thin",
    MASKED: "camera-masked",
    FROZEN: "camera-frozen",
    OFF: "camera-off",
    DEAD: "camera-dead",
    NO_POWER: "camera-no-power",
}
_OFF: Final = frozenset({"off", "no"})


class Place(Struct, frozen=True, kw_only=True):
    """A region or an operator: its row in a table. `code`: ISO 3166-2 or the AS number."""

    code: str
    name: str
    chip: Chip
    home: Figure
    abroad: Figure
    probes: str
    heard: Moment | None


class Tile(Struct, frozen=True, kw_only=True):
    """A region on the tile map: the row of its table, and where its tile lies (from 0).

    `label`: three letters, in Kazakh whatever the page's language; `short`: the name without "Region".
    """

    place: Place
    label: str
    short: str
    row: int
    col: int


class Service(Struct, frozen=True, kw_only=True):
    """One category of targets."""

    code: str
    name: str
    chip: Chip
    whole: Figure
    home: Figure
    abroad: Figure


class Tally(Struct, frozen=True, kw_only=True):
    """How many polling stations are in one state."""

    chip: Chip
    count: int


class Station(Struct, frozen=True, kw_only=True):
    """A polling station's newest report."""

    code: str
    region: str
    chip: Chip
    said: str
    heard: Moment


class Camera(Struct, frozen=True, kw_only=True):
    """The cameras of a polling station: the worst as a chip, each in words."""

    code: str
    region: str
    chip: Chip
    told: str
    seen: Moment


def tiles(words: Words, seen: Overview, language: Language) -> tuple[Tile, ...]:
    """All regions, in the order of the tile map: row by row, west to east."""
    known = regions()
    made = [tile(words, one, seen.at, language) for one in seen.regions if one.code in known]
    return tuple(sorted(made, key=lambda tile: (tile.row, tile.col)))


def worst_first(found: Sequence[Tile]) -> tuple[Place, ...]:
    """The rows of the table of regions: trouble first, then silence, then by code."""
    return tuple(
        sorted((tile.place for tile in found), key=lambda one: (_RANK.index(one.chip.mark), one.code))
    )


def operators(words: Words, seen: Overview) -> tuple[Place, ...]:
    """All operators that are heard or expected, those with most probes first."""
    ranked = sorted(seen.operators, key=lambda one: (one.asn in {"AS0", "other"}, -one.probes, one.asn))
    return tuple(_place(words, one, one.asn, _operator_name(words, one), seen.at) for one in ranked)


def services(words: Words, seen: Overview) -> tuple[Service, ...]:
    """The categories of which something is known now, in the contract's order."""
    return tuple(_service(words, one) for one in seen.categories if one.reach.probes)


def quiet(words: Words, seen: Overview) -> str:
    """The names of all other categories."""
    names = [category_name(words, one.category) for one in seen.categories if not one.reach.probes]
    return ", ".join(map(small, names))


def tallies(words: Words, seen: Overview) -> tuple[Tally, ...]:
    """The states in which at least one polling station is."""
    counts = [(state, seen.stations.states.get(state, 0)) for state in STATION_STATES]
    return tuple(Tally(chip=_station_chip(words, state), count=count) for state, count in counts if count)


def stations(words: Words, seen: Overview, language: Language) -> tuple[Station, ...]:
    """The newest reports, newest first."""
    return tuple(_station(words, one, seen.at, language) for one in seen.stations.newest[:SHOWN_STATIONS])


def cameras(words: Words, seen: Overview, language: Language) -> tuple[Camera, ...]:
    """The stations with cameras that are watched, the worst first."""
    return tuple(
        Camera(
            code=one.station,
            region=region_name(one.region, language),
            chip=camera_chip(words, one.worst),
            told=", ".join(f"{name}: {words(_CAMERA_WORDS[state])}" for name, state in one.cameras.items()),
            seen=moment(words, one.seen_at, seen.at),
        )
        for one in seen.stations.cameras[:SHOWN_STATIONS]
    )


def camera_tallies(words: Words, seen: Overview) -> tuple[Tally, ...]:
    """The states in which at least one camera is, the worst first."""
    counts = [(state, seen.stations.camera_states.get(state, 0)) for state in reversed(CAMERA_STATES)]
    return tuple(Tally(chip=camera_chip(words, state), count=count) for state, count in counts if count)


def camera_chip(words: Words, state: str) -> Chip:
    """The state of a camera."""
    return Chip(mark=_CAMERA_MARKS[state], word=words(_CAMERA_WORDS[state]))


def region_names(found: Sequence[RegionNow], language: Language) -> list[str]:
    """The regions' names."""
    return [region_name(one.code, language) for one in found]


def region_name(code: str, language: Language) -> str:
    """A region's name, or its code when it is none of ours."""
    found = regions().get(code)
    return code if found is None else found.name(language)


def short_name(code: str, language: Language) -> str:
    """A region's name as it fits on a tile: no second name in brackets, no word for "region".

    Almaty Region keeps its whole name: it is not the city of Almaty.
    """
    known = regions()
    bare = known[code].name(language).partition(" (")[0]
    short = bare.removesuffix(" облысы").removesuffix(" область").removesuffix(" Region")
    if any(short == other.name(language) for other in known.values() if other.code != code):
        return bare
    return short.replace("динская", f"{SOFT_HYPHEN}динская").replace("ская", f"{SOFT_HYPHEN}ская")


def tile(words: Words, now: RegionNow, at: str, language: Language) -> Tile:
    """One region of ours."""
    region = regions()[now.code]
    return Tile(
        place=_place(words, now, now.code, region.name(language), at),
        label=region.tile_label,
        short=short_name(now.code, language),
        row=region.tile_row,
        col=region.tile_col,
    )


def _place(words: Words, now: RegionNow | OperatorNow, code: str, name: str, at: str) -> Place:
    return Place(
        code=code,
        name=name,
        chip=chip_of(words, now),
        home=figure(words, now.domestic),
        abroad=figure(words, now.foreign),
        probes=_probes(words, now),
        heard=None if now.last_heard is None else moment(words, now.last_heard, at),
    )


def _probes(words: Words, now: RegionNow | OperatorNow) -> str:
    if now.probes < now.expected:
        return words("probes-of", probes=now.probes, expected=now.expected)
    return words("probes", probes=now.probes)


def _operator_name(words: Words, now: OperatorNow) -> str:
    special = {"AS0": "operator-untold", "other": "operator-other"}
    return words(special[now.asn]) if now.asn in special else now.brand


def _service(words: Words, now: CategoryNow) -> Service:
    return Service(
        code=now.category,
        name=category_name(words, now.category),
        chip=service_chip(words, now),
        whole=figure(words, now.reach),
        home=figure(words, now.domestic),
        abroad=figure(words, now.foreign),
    )


def _station_chip(words: Words, state: StationState) -> Chip:
    return Chip(mark=_STATION_MARKS[state], word=words(_STATION_WORDS[state]))


def _station(words: Words, now: StationNow, at: str, language: Language) -> Station:
    return Station(
        code=now.station,
        region=region_name(now.region, language),
        chip=_station_chip(words, now.state),
        said=_said(words, now),
        heard=moment(words, now.last_seen, at),
    )


def _said(words: Words, now: StationNow) -> str:
    off = [kind for kind in ("power", "net") if now.said.get(kind) in _OFF]
    amiss = [*off, *(kind for kind in ("seal", "fault", "urgent") if kind in now.said)]
    texts = {"power": "said-power", "net": "said-net", "seal": "said-seal", "fault": "said-fault"}
    told = [words(texts.get(kind, "said-urgent")) for kind in amiss] or [words("said-nothing")]
    if now.disputed:
        told.append(words("said-disputed"))
    if not now.proven:
        told.append(words("said-unproven"))
    return ", ".join(told)
