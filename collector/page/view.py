"""The whole page as text: an overview and a language in, everything that the page says out.

Rules of this file and those that it uses (answer, rows, figures, moments): pure; no clock (now
is the overview's `at`), no server. The templates only lay out what stands here.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import ge
from typing import Final, Literal

from msgspec import Struct

from collector.core.book import Revision
from collector.core.overview import Overview
from collector.page import rows, station_rows
from collector.page.answer import Answer, answer, reporting, silent, thin, troubled
from collector.page.figures import MARKS, Chip, Figure, figure, place_chip
from collector.page.incidents import Shown, listed, newest, sure_of
from collector.page.incidents import where as place_of
from collector.page.lasting import with_incidents
from collector.page.moments import Moment, clock_of, day, exact, moment, span, window
from collector.page.timeline import Lane, timeline
from collector.page.words import Words
from wire.facts import Language
from wire.incidents import Incident

Sure = Literal["none", "low", "medium", "high"]
# For each degree of sureness the least number of probes, regions, operators. One operator may be at
# fault alone and one region too; the page's footer tells these numbers to its readers.
_LEAST: Final[dict[Sure, tuple[int, int, int]]] = {"high": (10, 3, 3), "medium": (3, 0, 2)}
_SURE_WORDS: Final[dict[Sure, str]] = {
    "none": "sure-none",
    "low": "sure-low",
    "medium": "sure-medium",
    "high": "sure-high",
}


class Questions(Struct, frozen=True, kw_only=True):
    """The five questions' answers, each with a note ("" when there is none)."""

    where: str
    where_note: str
    since: str
    since_note: str
    sure: str
    sure_note: str
    home: Figure
    abroad: Figure
    heard: Moment | None


class View(Struct, frozen=True, kw_only=True):
    """Everything on the page. `window`: the time that counts as now, in words. `local`: now, for the form."""

    language: Language
    made_iso: str
    made: str
    local: str
    window: str
    answer: Answer
    questions: Questions
    tiles: tuple[rows.Tile, ...]
    regions: tuple[rows.Place, ...]
    legend: tuple[Chip, ...]
    untold: str
    services: tuple[rows.Service, ...]
    quiet: str
    operators: tuple[rows.Place, ...]
    tallies: tuple[station_rows.Tally, ...]
    stations: tuple[station_rows.Station, ...]
    cameras: tuple[station_rows.Camera, ...]
    camera_tallies: tuple[station_rows.Tally, ...]
    incidents: tuple[Shown, ...] = ()
    timeline: tuple[Lane, ...] = ()


def view(words: Words, seen: Overview, language: Language, told: Sequence[Revision] = ()) -> View:
    """The page for one overview and the incidents told, in one language; `words` are its texts."""
    map_tiles = rows.tiles(words, seen, language)
    found = with_incidents(words, seen, language, answer(words, seen), told)
    return View(
        language=language,
        made_iso=seen.at,
        made=words("made-at", day=day(words, seen.at), moment=exact(words, seen.at, seen.at)),
        local=clock_of(seen.at),
        window=window(words, seen.window_s),
        answer=found,
        questions=questions(words, seen, found, language),
        tiles=map_tiles,
        regions=rows.worst_first(map_tiles),
        legend=tuple(place_chip(words, mark) for mark in MARKS),
        untold=_untold(words, seen),
        services=rows.services(words, seen),
        quiet=rows.quiet(words, seen),
        operators=rows.operators(words, seen),
        tallies=station_rows.tallies(words, seen),
        stations=station_rows.stations(words, seen, language),
        cameras=station_rows.cameras(words, seen, language),
        camera_tallies=station_rows.camera_tallies(words, seen),
        incidents=newest(words, told, language, seen.at),
        timeline=timeline(words, told, seen.at),
    )


def questions(words: Words, seen: Overview, found: Answer, language: Language) -> Questions:
    """Where, since when, how sure, what still works, last heard: all of what the answer tells of."""
    where, where_note = _where(words, seen, found, language)
    lasts = found.incident
    since, since_note = _began(words, seen, lasts) if lasts else _since(words, seen, found)
    last = seen.freshness.last_heard
    return Questions(
        where=where,
        where_note=where_note,
        since=since,
        since_note=since_note,
        sure=sure_of(words, lasts) if lasts else words(_SURE_WORDS[sureness(seen, found)]),
        sure_note=_sure_note(words, seen),
        home=figure(words, seen.domestic),
        abroad=figure(words, seen.foreign),
        heard=None if last is None else moment(words, last, seen.at),
    )


def sureness(seen: Overview, found: Answer) -> Sure:
    """How far to trust the answer; the page's footer states this rule in words."""
    probes, places, networks = seen.freshness.probes_reporting, len(reporting(seen)), _operators(seen)
    if found.blind or found.mark == "unknown":
        return "none"
    if thin(seen) and len(thin(seen)) == len(troubled(seen)):
        return "low"
    heard = (probes, places, networks)
    return next((sure for sure, least in _LEAST.items() if all(map(ge, heard, least))), "low")


def _where(words: Words, seen: Overview, found: Answer, language: Language) -> tuple[str, str]:
    if found.incident is not None:
        return place_of(words, found.incident, language), ""
    if found.blind or found.mark == "unknown":
        return words("where-unknown"), ""
    named = troubled(seen) or (silent(seen) if found.mark == "silent" else [])
    if named:
        return listed(words, rows.region_names(named, language)), words("where-rest")
    if not reporting(seen):
        return words("where-untold"), ""
    message = "where-nowhere" if found.mark == "ok" else "where-spread"
    return words(message), words("where-look", regions=len(reporting(seen)))


def _began(words: Words, seen: Overview, lasts: Incident) -> tuple[str, str]:
    when = moment(words, lasts.started_at, seen.at)
    return words("since-began", ago=when.ago), when.exact


def _since(words: Words, seen: Overview, found: Answer) -> tuple[str, str]:
    last = seen.freshness.last_heard
    if found.blind and last is not None:
        length = span(words, seen.freshness.age_s or 0.0)
        return words("since-blind", span=length), exact(words, last, seen.at)
    if found.mark == "unknown":
        return words("since-unknown"), ""
    if found.mark == "ok":
        return words("since-calm"), ""
    return words("since-window", window=window(words, seen.window_s)), words("since-note")


def _sure_note(words: Words, seen: Overview) -> str:
    fresh = seen.freshness
    return words(
        "sure-note",
        probes=fresh.probes_reporting,
        expected=max(fresh.probes_expected, fresh.probes_reporting),
        regions=len(reporting(seen)),
        operators=_operators(seen),
    )


def _operators(seen: Overview) -> int:
    return sum(one.probes > 0 and one.asn != "AS0" for one in seen.operators)


def _untold(words: Words, seen: Overview) -> str:
    count = seen.freshness.probes_reporting - sum(region.probes for region in seen.regions)
    return words("regions-untold", probes=count) if count > 0 else ""
