"""The grammar of the texts that people type: a station, a word, a one-time code, check digits.

In any order that leaves the digits in theirs, any case, any punctuation, three languages. Nothing is guessed
in silence: two stations, two words that differ, an unknown word or region, a wrong check reject the text.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from msgspec import Struct

from sms_gateway.core.book import NO_BOOK, Book
from sms_gateway.core.combining import combined
from sms_gateway.core.figures import Figures, figures
from sms_gateway.core.letters import (
    CLOCK,
    chunks,
    digits,
    has_cyrillic,
    has_kazakh,
    is_country,
    is_doubted,
    pieces,
)
from sms_gateway.core.places import place, place_at
from sms_gateway.core.placing import Placed, Token, placed, runs
from sms_gateway.core.reading import QUERIES, Fault, Kind, Reading, Rejected, Value
from sms_gateway.core.station import COUNTRY, Named, named
from sms_gateway.core.words import AT, HOUR, LONGEST_PHRASE, SUFFIX, TIME, Meaning, meaning, phrase
from wire.facts import Language
from wire.typed import Typed, check_digits

MAX_CHARS: Final = 1_000
_MAX_UNDERSTOOD: Final = 200
_CLOCK: Final = Meaning(name="", languages=frozenset(), role=TIME)
_LAST_HOUR, _LAST_MINUTE = 24, 59


class _Found(Struct, frozen=True, kw_only=True):
    """A text taken apart. `unknown` when something in it was no token; `doubted` when it asks, or denies."""

    tokens: tuple[Token, ...]
    unknown: bool
    doubted: bool
    names: tuple[str, ...]
    said: tuple[Kind, Value] | Fault
    named: Named
    figures: Figures


def read(text: str, regions: Collection[str], book: Book = NO_BOOK) -> Reading | Rejected:
    """The reading of a text, or its rejection; never raises.

    `regions`: the codes that exist; `book`: the stations' codes, none when they are not known here.
    """
    if len(text) > MAX_CHARS:
        return Rejected(error="too_long")
    found = _take_apart(text, regions, book.stations)
    fault = _fault(found) or _fault_of_proof(found, book)
    if fault is not None or isinstance(found.said, str):
        return Rejected(error=fault or "no_word", understood=_understood(found))
    code = found.figures.code
    return Reading(
        kind=found.said[0],
        station=found.named.stations[0],
        value=found.figures.count or found.said[1],
        language=_language(found.tokens, text),
        proof=book.proof if code else "none",
        mark=found.figures.mark,
        code=code,
    )


def language_of(text: str) -> Language:
    """The language of any text: by the words that are known, else by the letters."""
    return _language(_tokens(chunks(text[:MAX_CHARS]))[0], text[:MAX_CHARS])


def _take_apart(text: str, regions: Collection[str], listed: Collection[str]) -> _Found:
    tokens, unknown = _tokens(chunks(text))
    names = tuple(dict.fromkeys(one.name for one in tokens if isinstance(one, Meaning) and one.name))
    said = combined(names)
    counted = isinstance(said, tuple) and said[0] == "turnout"
    station = _named(placed(tokens, regions, counted, listed), regions, counted)
    return _Found(
        tokens=tuple(tokens),
        unknown=unknown or any(_is_loose(tokens, place) for place in range(len(tokens))),
        doubted=is_doubted(text) and not (isinstance(said, tuple) and said[0] in QUERIES),
        names=names,
        said=said,
        named=station,
        # A share of the voters is no count of them.
        figures=Figures(fault="bad_count") if counted and "%" in text else figures(station.rest, counted),
    )


def _is_loose(tokens: list[Token], start: int) -> bool:
    """Whether an ending of an hour stands behind none."""
    token = tokens[start]
    behind_digits = start > 0 and isinstance(tokens[start - 1], str)
    return isinstance(token, Meaning) and token.role == SUFFIX and not behind_digits


def _named(found: Placed, regions: Collection[str], counted: bool) -> Named:
    """The station, by digits alone or by the region's name; a name without a number tells no station."""
    if found.fault is not None:
        return Named(stations=found.stations, fault=found.fault)
    return named(runs(found.tokens), regions, counted)


def _tokens(parts: list[str]) -> tuple[list[Token], bool]:
    """The tokens of all chunks, and whether there was something that is none."""
    tokens, unknown, start = list[Token](), False, 0
    while start < len(parts):
        found, taken = _tokens_at(parts, start)
        tokens += found
        unknown = unknown or not found
        start += taken
    return tokens, unknown


def _tokens_at(parts: list[str], start: int) -> tuple[list[Token], int]:
    """The tokens of the phrase, the region's name or the chunk that begins here; how many chunks it takes."""
    together, taken = _phrase_at(parts, start)
    if together:
        return list(together), taken
    region, size = place_at(parts, start)
    return ([region], size) if region is not None else (_tokens_of(parts[start]), 1)


def _phrase_at(parts: list[str], place: int) -> tuple[tuple[Meaning, ...], int]:
    """The longest phrase that begins here, and how many chunks it takes; none takes one."""
    for size in range(LONGEST_PHRASE, 1, -1):
        found = phrase(parts[place : place + size]) if place + size <= len(parts) else None
        if found is not None:
            return found, size
    return (), 1


def _tokens_of(chunk: str) -> list[Token]:
    """The tokens of one chunk; empty when any of it is unknown."""
    whole = _token(chunk)
    if whole is not None:
        return [whole]
    if is_country(chunk[:2]) and digits(chunk[2:]):
        return [COUNTRY, digits(chunk[2:])]
    parts = [_token(piece) for piece in pieces(chunk)]
    return [] if None in parts else [part for part in parts if part is not None]


def _token(piece: str) -> Token | None:
    if piece == CLOCK:
        return _CLOCK
    if is_country(piece):
        return COUNTRY
    return digits(piece) or meaning(piece) or place([piece])


def _fault(found: _Found) -> Fault | None:
    if found.unknown:
        return "unknown_word"
    if not found.tokens:
        return "empty"
    fault = found.said if isinstance(found.said, str) else found.figures.fault
    doubt: Fault | None = "unknown_word" if found.doubted else None
    return found.named.fault or fault or _fault_of_time(found.tokens) or doubt


def _fault_of_time(tokens: Sequence[Token]) -> Fault | None:
    """A time of day is nothing that is asked for; two groups behind `в` may be one, or a station."""
    if _CLOCK in tokens:
        return "extra_numbers"
    return "bad_station" if any(_may_be_time(tokens, place) for place in range(len(tokens))) else None


def _may_be_time(tokens: Sequence[Token], start: int) -> bool:
    before, *run = tokens[start : start + 4]
    if not isinstance(before, Meaning) or before.role not in {AT, HOUR}:
        return False
    groups = [token for token in run if isinstance(token, str) and token != COUNTRY]
    if len(groups) != 2 or groups != run[:2] or [len(group) for group in groups] != [2, 2]:  # noqa: PLR2004  # hour and minute
        return False
    hour, minute = map(int, groups)
    return hour <= _LAST_HOUR and 0 < minute <= _LAST_MINUTE


def _fault_of_proof(found: _Found, book: Book) -> Fault | None:
    """Why a text that could be read is not believed: its check digits, its code, or that it lacks one."""
    if isinstance(found.said, str):
        return None
    kind, value = found.said
    (station,), told = found.named.stations, found.figures
    if not told.code:
        return "unproven" if kind in QUERIES else None
    typed = Typed(station=station, kind=kind, value=value, code=told.code, count=told.count, mark=told.mark)
    if check_digits(typed) != told.check:
        return "bad_check"
    return book.fault(station, told.code)


def _understood(found: _Found) -> str:
    told = (found.figures.mark, found.figures.count)
    words = [*found.named.stations, *found.names, *(one for one in told if one)]
    return " ".join(words)[:_MAX_UNDERSTOOD]


def _language(tokens: Collection[Token], text: str) -> Language:
    votes = [token.languages for token in tokens if isinstance(token, Meaning)]
    certain = [next(iter(languages)) for languages in votes if len(languages) == 1]
    if certain:
        return max(certain, key=certain.count)  # the first in the text wins a tie
    if has_kazakh(text) or any("kk" in languages for languages in votes):
        return "kk"
    return "ru" if has_cyrillic(text) else "en"
