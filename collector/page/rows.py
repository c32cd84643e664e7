"""The lists below the answer: tiles, regions, services, operators, each as text. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from collector.core.overview import CategoryNow, OperatorNow, Overview, RegionNow
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

_RANK: Final[tuple[Mark, ...]] = ("cut", "warning", "degraded", "silent", "ok", "unknown")
SOFT_HYPHEN: Final = "\u00ad"  # long Russian names break before their ending


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
