"""A station told by its region's name: where its number stands, and what may not be taken for one.

Rules of this file: a number is the station's when it stands behind the region's name, or beside a word that
numbers stations (`участок 379`, `379 учаске`). An hour, a count, a region's own code are not taken for one:
where that could be, the text is rejected.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from msgspec import Struct

from sms_gateway.core.figures import unglued
from sms_gateway.core.places import Place
from sms_gateway.core.reading import Fault
from sms_gateway.core.station import COUNTRY
from sms_gateway.core.words import COUNTING, HOUR, NUMBERING, SUFFIX, Meaning
from wire.typed import CODE_DIGITS

Token = Meaning | Place | str
"""A known word, a region's name, a group of digits, or `KZ`."""
_CODE: Final = 2
_NUMBER_DIGITS: Final = 4
_NO_HOUR_DIGITS: Final = 3
_LAST_HOUR: Final = 24
_WITH_HOUR: Final = 2


class Placed(Struct, frozen=True, kw_only=True):
    """Tokens with the region's digits before the number; or why not, and what stations it may be."""

    tokens: tuple[Token, ...]
    fault: Fault | None = None
    stations: tuple[str, ...] = ()


def placed(
    tokens: Sequence[Token], regions: Collection[str], counted: bool, listed: Collection[str]
) -> Placed:
    """The tokens with the region's name as digits. `listed`: the stations that are known to exist."""
    names = [token for token in tokens if isinstance(token, Place)]
    if not names:
        return Placed(tokens=tuple(tokens))
    region = Place(
        codes=frozenset.intersection(*(one.codes for one in names)), sure=all(one.sure for one in names)
    )
    bare = tuple(token for token in tokens if not isinstance(token, Place))
    told = _told(bare, regions, counted)
    if not region.codes or not told <= region.codes:
        return Placed(tokens=bare, fault="ambiguous_region")
    if told:
        return Placed(tokens=bare)
    place = _place_of_number(tokens, counted)
    if isinstance(place, str):
        return Placed(tokens=bare, fault=place)
    return _written(tokens, place, region, listed)


def runs(tokens: Sequence[Token]) -> list[list[str]]:
    """Digits and `KZ` that stand together; words that say something and names part them, fillers do not."""
    found: list[list[str]] = [[]]
    for token in tokens:
        if isinstance(token, str):
            found[-1] += unglued(token)
        elif isinstance(token, Place) or token.name:
            found.append([])
    return [run for run in found if run]


def _told(tokens: Sequence[Token], regions: Collection[str], counted: bool) -> frozenset[str]:
    """The regions whose digits stand in the text itself, as in `Астана 71-0379`."""
    return frozenset(code for run in runs(tokens) if (code := _region_in(run, regions, counted)))


def _region_in(run: Sequence[str], regions: Collection[str], counted: bool) -> str:
    groups = [group for group in run if group != COUNTRY]
    code = groups[0][:_CODE] if groups else ""
    if len(groups) < len(run):
        return code
    whole = len(groups[:1]) == 1 and len(groups[0]) == CODE_DIGITS
    parted = len(groups) > 1 and len(groups[0]) == _CODE and len(groups[1]) <= _NUMBER_DIGITS
    if not (whole or parted) or f"{COUNTRY}-{code}" not in regions:
        return ""
    return "" if parted and counted and int(code) <= _LAST_HOUR else code


def _place_of_number(tokens: Sequence[Token], counted: bool) -> int | Fault:
    """Where the station's number stands, or why none can be told."""
    numbered = [place for place in _digits(tokens) if _is_numbered(tokens, place)]
    if len({tokens[place] for place in numbered}) > 1:
        return "two_stations"
    behind = [place for place in _digits(tokens) if _is_behind_name(tokens, place)]
    before = [] if counted else [place for place in _digits(tokens) if _is_before_name(tokens, place)]
    chosen = next(iter([*numbered, *behind, *before]), None)
    if chosen is None:
        return "no_station"
    in_doubt = (
        _is_hour(tokens, chosen)
        or (counted and not numbered and _may_be_hour(tokens, chosen))
        or _may_count_stations(tokens, chosen)
    )
    return "bad_station" if in_doubt else chosen


def _digits(tokens: Sequence[Token]) -> list[int]:
    return [place for place, token in enumerate(tokens) if isinstance(token, str) and token != COUNTRY]


def _role(tokens: Sequence[Token], place: int) -> str:
    token = tokens[place] if 0 <= place < len(tokens) else ""
    return token.role if isinstance(token, Meaning) else ""


def _is_numbered(tokens: Sequence[Token], place: int) -> bool:
    return _role(tokens, place - 1) in {NUMBERING, COUNTING} or _role(tokens, place + 1) == NUMBERING


def _is_behind_name(tokens: Sequence[Token], place: int) -> bool:
    return place > 0 and isinstance(tokens[place - 1], Place)


def _is_before_name(tokens: Sequence[Token], place: int) -> bool:
    """Only a number that is no hour: `ашылды 8 Астана`."""
    follows = place + 1 < len(tokens) and isinstance(tokens[place + 1], Place)
    return follows and len(str(tokens[place])) >= _NO_HOUR_DIGITS


def _is_hour(tokens: Sequence[Token], place: int) -> bool:
    return _role(tokens, place + 1) in {HOUR, SUFFIX}


def _may_be_hour(tokens: Sequence[Token], place: int) -> bool:
    """Whether what stands behind the name may be the hour of a turnout whose station was left out."""
    others = [token for token in _digits(tokens) if token != place]
    if any(len(str(tokens[one])) >= CODE_DIGITS for one in (*others, place)):
        return False
    return int(str(tokens[place])) <= _LAST_HOUR and len(others) < _WITH_HOUR


def _may_count_stations(tokens: Sequence[Token], place: int) -> bool:
    """How many, or which one: `в Астане 3 участка`, `Астанада 3 учаске`."""
    behind, before = _role(tokens, place + 1), tokens[place - 1] if place else ""
    inside = isinstance(before, Place) and before.inside
    few = len(str(tokens[place]).lstrip("0")) < _NO_HOUR_DIGITS
    return behind == COUNTING or (behind == NUMBERING and inside and few)


def _written(tokens: Sequence[Token], place: int, region: Place, listed: Collection[str]) -> Placed:
    """The tokens with the region's digits before the number, where one region is left."""
    bare = tuple(token for token in tokens if not isinstance(token, Place))
    number, *glued = unglued(str(tokens[place]))
    if len(number) > _NUMBER_DIGITS or not int(number) or _is_own_code(tokens, number, region):
        return Placed(tokens=bare, fault="bad_station")
    stations = {code: f"{COUNTRY}-{code}-{int(number):04}" for code in sorted(region.codes)}
    codes = [code for code, name in stations.items() if name in listed]
    if region.sure and len(stations) == 1:
        codes = list(stations)
    if len(codes) != 1:
        return Placed(tokens=bare, fault="ambiguous_region", stations=tuple(stations.values()))
    told: tuple[Token, ...] = (region, codes[0], number, *glued)
    before, behind = (_without_names(part) for part in (tokens[:place], tokens[place + 1 :]))
    # The station first, and parted from what stood before it: an hour and a count may look like another one.
    return Placed(tokens=(*told, *behind, region, *before))


def _without_names(tokens: Sequence[Token]) -> tuple[Token, ...]:
    return tuple(token for token in tokens if not isinstance(token, Place))


def _is_own_code(tokens: Sequence[Token], number: str, region: Place) -> bool:
    """`Астана 71 открыт`: the code of Astana, or its station 71? A code of the card would tell."""
    coded = any(len(str(tokens[place])) >= CODE_DIGITS for place in _digits(tokens))
    return number in region.codes and not coded
