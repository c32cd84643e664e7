"""The wallboard: what the status page says, for a screen that many people see from afar. Pure.

Rules of this file: the same figures as the page's own view; nothing is counted anew. What does not fit is
counted, never dropped in silence. A square tells its state in a word and a shape before its colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final, Literal

from msgspec import Struct

from collector.core.book import Revision
from collector.core.overview import Overview
from collector.page.figures import TROUBLE
from collector.page.incidents import by_weight, title
from collector.page.moments import clock_of, day
from collector.page.rows import SOFT_HYPHEN, Service, Tile
from collector.page.view import View, view
from collector.page.words import Words
from wire.facts import Language
from wire.incidents import Incident

RELOAD_S: Final = 15
STALE_S: Final = 60  # wall.css waits as long before it says that the picture is old
WIDTH, HEIGHT, GAP = 200, 140, 10
MOST_SERVICES: Final = 8
LEAST_SERVICES: Final = 4  # each further line of what lasts, and a long headline, takes the room of two
MOST_LINES: Final = 3  # of incidents that last, under the headline
LINE: Final = 80  # letters of such a line
_LETTERS: Final = 15  # of a region's name on one line of its square
_SHORT: Final = 34  # letters of a sentence that may be written largest
_LONG: Final = 90  # from here on it is written smaller, lest it take half of the screen
_BREAKS: Final = (" ", "-", SOFT_HYPHEN)


class Square(Struct, frozen=True, kw_only=True):
    """A region's square; `x`, `y` in units of the drawing, `lines`: the name in one line or two."""

    tile: Tile
    x: int
    y: int
    lines: tuple[str, ...]


class Wall(Struct, frozen=True, kw_only=True):
    """Everything on the wall. `size`: of the headline. `more`, `more_services`: what does not fit, or ""."""

    language: Language
    page: View
    clock: str
    day: str
    size: Literal["short", "usual", "long"]
    squares: tuple[Square, ...]
    width: int
    height: int
    services: tuple[Service, ...]
    more_services: str
    lasting: tuple[str, ...]
    more: str


def wall(words: Words, seen: Overview, language: Language, told: Sequence[Revision] = ()) -> Wall:
    """The wall for one overview and the incidents told, in one language; `words` are its texts."""
    page = view(words, seen, language, told)
    squares = tuple(_square(one) for one in page.tiles)
    every = _lasting(words, language, told, page.answer.incident)
    lasting, lines = _with_room(every)
    size = _size(page.answer.headline)
    taken = 2 * max(0, lines - 1 + (size == "long"))
    services, left_out = _fitting(page.services, max(LEAST_SERVICES, MOST_SERVICES - taken))
    return Wall(
        language=language,
        page=page,
        clock=clock_of(seen.at)[-5:],
        day=day(words, seen.at),
        size=size,
        squares=squares,
        width=max((one.x for one in squares), default=0) + WIDTH,
        height=max((one.y for one in squares), default=0) + HEIGHT,
        services=services,
        more_services=_more(words, left_out),
        lasting=lasting,
        more=_more(words, len(every) - len(lasting)),
    )


def _size(headline: str) -> Literal["short", "usual", "long"]:
    if len(headline) <= _SHORT:
        return "short"
    return "long" if len(headline) >= _LONG else "usual"


def in_lines(name: str) -> tuple[str, ...]:
    """A name in one line or two; a hyphen stands where a word is broken."""
    if len(name.replace(SOFT_HYPHEN, "")) <= _LETTERS:
        return (name.replace(SOFT_HYPHEN, ""),)
    places = [at for at, letter in enumerate(name) if letter in _BREAKS]
    if not places:
        return (name,)
    at = min(places, key=lambda place: abs(place - len(name) / 2))
    first, last = name[: at + 1].replace(SOFT_HYPHEN, "-", name[at] == SOFT_HYPHEN), name[at + 1 :]
    return first.replace(SOFT_HYPHEN, "").strip(), last.replace(SOFT_HYPHEN, "")


def _square(tile: Tile) -> Square:
    x, y = tile.col * (WIDTH + GAP), tile.row * (HEIGHT + GAP)
    return Square(tile=tile, x=x, y=y, lines=in_lines(tile.short))


def _fitting(services: Sequence[Service], most: int) -> tuple[tuple[Service, ...], int]:
    """Those in trouble first, so that what is left out works if anything does; and how many that are.

    Where some are left out, the words that say so take the last place.
    """
    ranked = sorted(services, key=lambda one: one.chip.mark not in TROUBLE)
    room = most if len(ranked) <= most else most - 1
    return tuple(ranked[:room]), len(ranked) - len(ranked[:room])


def _with_room(titles: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """As many as there is room for, one at least; and the lines that they take."""
    lines = list(accumulate(-(-len(title) // LINE) for title in titles))
    shown = max(1, sum(one <= MOST_LINES for one in lines))
    return tuple(titles[:shown]), max(lines[:shown], default=0)


def _more(words: Words, count: int) -> str:
    return words("wall-more", count=count) if count > 0 else ""


def _lasting(
    words: Words, language: Language, told: Sequence[Revision], said: Incident | None
) -> tuple[str, ...]:
    """Those that last, in a few words each, but for the one that the headline says."""
    return tuple(title(words, one, language) for one in by_weight(told) if one != said)
