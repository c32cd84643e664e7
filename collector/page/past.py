"""The page of a past moment: the map as it was seen then, with what is known today of what lasted. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from collector.core.book import Revision
from collector.core.cells import Reach
from collector.core.overview import RegionNow
from collector.core.pictures import Picture, covered, lasting
from collector.page.figures import MARKS, Chip, place_chip
from collector.page.incidents import Shown, shown
from collector.page.moments import CLOCK, KAZAKHSTAN, clock_of, day, exact
from collector.page.rows import Tile, tile
from collector.page.words import Words
from wire.errors import BadInput
from wire.facts import Language, regions
from wire.times import epoch_seconds, format_time, parse_time

HOUR_S: Final = 3_600
STEPS_S: Final = (-24 * HOUR_S, -HOUR_S, HOUR_S, 24 * HOUR_S)
_STEP_WORDS: Final = ("past-day-before", "past-hour-before", "past-hour-after", "past-day-after")
_LONGEST: Final = 40
# Nothing is kept of older times, and a year needs four digits.
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_BARE: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_NO_SECONDS: Final = re.compile(r"(T\d\d:\d\d)(Z|[+-]\d\d:\d\d)$")


class Step(Struct, frozen=True, kw_only=True):
    """A link to a moment before or after."""

    at: str
    name: str


class PastView(Struct, frozen=True, kw_only=True):
    """Everything on the page. `local`: the moment in Kazakhstan's time, for the form. `blind`: or ""."""

    language: Language
    at: str
    local: str
    headline: str
    seen: str
    blind: str
    tiles: tuple[Tile, ...]
    legend: tuple[Chip, ...]
    incidents: tuple[Shown, ...]
    steps: tuple[Step, ...]
    untold: str = ""


def moment_of(text: str, now: datetime) -> str | None:
    """The moment that is asked for, as a wire time of a whole minute.

    None when it is none, lies ahead or in another century. Without a zone it is Kazakhstan's time, as the
    form sends it.
    """
    try:
        if _BARE.fullmatch(text):
            asked = datetime.strptime(text, CLOCK).replace(tzinfo=KAZAKHSTAN)
        else:
            asked = parse_time(_NO_SECONDS.sub(r"\1:00\2", text[:_LONGEST].replace(" ", "+")))
        whole = asked.astimezone(UTC).replace(second=0, microsecond=0)
    except (ValueError, OverflowError, BadInput):
        return None
    return format_time(whole) if _EARLIEST <= whole <= now else None


def past_view(
    words: Words, picture: Picture | None, told: Sequence[Revision], language: Language, at: tuple[str, str]
) -> PastView:
    """The page; `at`: the moment, and now (wire times)."""
    then, now = at
    found = lasting(told, epoch_seconds(then))
    return PastView(
        language=language,
        at=then,
        local=clock_of(then),
        headline=words("past-heading", day=day(words, then), moment=exact(words, then, then)),
        seen=_seen(words, picture),
        blind=_blind(words, picture),
        tiles=_tiles(words, picture, [covered(found, code) for code in regions()], language),
        legend=tuple(place_chip(words, mark) for mark in MARKS),
        incidents=tuple(shown(words, one, language, now) for one in found),
        steps=_steps(words, then, now),
    )


def _seen(words: Words, picture: Picture | None) -> str:
    if picture is None:
        return ""
    return words("probes-of", probes=picture.probes, expected=max(picture.expected, picture.probes))


def _blind(words: Words, picture: Picture | None) -> str:
    if picture is None:
        return words("past-none")
    return words("past-blind") if picture.blind else ""


def _tiles(
    words: Words, picture: Picture | None, covers: Sequence[str | None], language: Language
) -> tuple[Tile, ...]:
    known = {} if picture is None else {one.code: one for one in picture.regions}
    made = []
    for code, cover in zip(regions(), covers, strict=True):
        then = known.get(code)
        bare = RegionNow(
            code=code,
            level="unknown" if then is None else then.level,
            worst_state=None,
            probes=0 if then is None else then.probes,
            expected=0 if then is None else then.expected,
            last_heard=None,
            reach=Reach(probes=0 if then is None else then.probes),
            domestic=Reach(),
            foreign=Reach(),
        )
        one = tile(words, bare, "", language)
        if cover is not None:
            one = replace(one, place=replace(one.place, chip=place_chip(words, cover)))  # type: ignore[arg-type]  # a mark
        made.append(one)
    return tuple(sorted(made, key=lambda one: (one.row, one.col)))


def _steps(words: Words, then: str, now: str) -> tuple[Step, ...]:
    at, end = parse_time(then), parse_time(now)
    found = [(at + timedelta(seconds=step), name) for step, name in zip(STEPS_S, _STEP_WORDS, strict=True)]
    return tuple(Step(at=format_time(moment), name=words(name)) for moment, name in found if moment <= end)
