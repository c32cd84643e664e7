"""The grammar of the texts that people type: a word, a station, for power and net also on or off.

In any order, any case, any punctuation, three languages. Nothing is guessed in silence: two
stations, two words that differ, an unknown word or region reject the text.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, cast

from msgspec import Struct

from sms_gateway.core.letters import chunks, digits, has_cyrillic, has_kazakh, is_country, pieces
from sms_gateway.core.reading import SWITCHED, Fault, Kind, Reading, Rejected, Value
from sms_gateway.core.station import COUNTRY, Named, named
from sms_gateway.core.words import Meaning, meaning
from wire.facts import Language

MAX_CHARS: Final = 1_000
_MAX_UNDERSTOOD: Final = 200
Token = Meaning | str
"""A known word, or a group of digits, or `KZ`."""


class _Found(Struct, frozen=True, kw_only=True):
    """A text taken apart. `unknown` when something in it was no token."""

    tokens: tuple[Token, ...]
    unknown: bool
    kinds: tuple[Kind, ...]
    values: tuple[Value, ...]
    named: Named


def read(text: str, regions: Collection[str]) -> Reading | Rejected:
    """The reading of a text, or its rejection; never raises. `regions`: the codes that exist."""
    if len(text) > MAX_CHARS:
        return Rejected(error="too_long")
    found = _take_apart(text, regions)
    fault = _fault(found)
    if fault is not None:
        return Rejected(error=fault, understood=_understood(found))
    return Reading(
        kind=found.kinds[0],
        station=found.named.stations[0],
        value=found.values[0] if found.values else "",
        language=_language(found.tokens, text),
    )


def language_of(text: str) -> Language:
    """The language of any text: by the words that are known, else by the letters."""
    return _language(_tokens(chunks(text[:MAX_CHARS]))[0], text[:MAX_CHARS])


def _take_apart(text: str, regions: Collection[str]) -> _Found:
    tokens, unknown = _tokens(chunks(text))
    return _Found(
        tokens=tuple(tokens),
        unknown=unknown,
        kinds=tuple(cast("Kind", name) for name in _names(tokens, "kind")),
        values=tuple(cast("Value", name) for name in _names(tokens, "value")),
        named=named(_runs(tokens), regions),
    )


def _tokens(parts: list[str]) -> tuple[list[Token], bool]:
    read_parts = [_tokens_of(part) for part in parts]
    return [token for tokens in read_parts for token in tokens], any(not tokens for tokens in read_parts)


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
    if is_country(piece):
        return COUNTRY
    return digits(piece) or meaning(piece)


def _names(tokens: list[Token], role: str) -> list[str]:
    """The different names of this role, in the order of the text."""
    said = (token.name for token in tokens if isinstance(token, Meaning) and token.role == role)
    return list(dict.fromkeys(said))


def _runs(tokens: list[Token]) -> list[list[str]]:
    """Digits and `KZ` that stand together; kinds and values part them, fillers do not."""
    runs: list[list[str]] = [[]]
    for token in tokens:
        if isinstance(token, str):
            runs[-1].append(token)
        elif token.role != "filler":
            runs.append([])
    return [run for run in runs if run]


def _fault(found: _Found) -> Fault | None:
    if found.unknown:
        return "unknown_word"
    if not found.tokens:
        return "empty"
    return found.named.fault or _fault_of_words(found.kinds, found.values)


def _fault_of_words(kinds: tuple[Kind, ...], values: tuple[Value, ...]) -> Fault | None:
    if len(kinds) != 1:
        return "two_words" if kinds else "no_word"
    if len(values) > 1:
        return "two_values"
    if kinds[0] in SWITCHED:
        return None if values else "no_value"
    return "stray_value" if values else None


def _understood(found: _Found) -> str:
    words = [*found.named.stations, *found.kinds, *found.values]
    return " ".join(words)[:_MAX_UNDERSTOOD]


def _language(tokens: Collection[Token], text: str) -> Language:
    votes = [token.languages for token in tokens if isinstance(token, Meaning)]
    certain = [next(iter(languages)) for languages in votes if len(languages) == 1]
    if certain:
        return max(certain, key=certain.count)  # the first in the text wins a tie
    if has_kazakh(text) or any("kk" in languages for languages in votes):
        return "kk"
    return "ru" if has_cyrillic(text) else "en"
