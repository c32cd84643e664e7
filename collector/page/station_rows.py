"""Polling stations and their cameras, as text: how many are in which state, and the newest. Pure."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from collector.core.cameras import CAMERA_STATES
from collector.core.overview import Overview
from collector.core.stations import STATION_STATES, StationNow, StationState
from collector.page.figures import Chip, Mark
from collector.page.moments import Moment, moment
from collector.page.rows import region_name
from collector.page.words import Words
from wire.facts import Language
from wire.streams import DEAD, FINE, FROZEN, MASKED, NO_POWER, OFF, THIN, UNKNOWN

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
