"""The two check digits of a text that a person types, and the numbers that words stand for in it.

The sum is made so that a person can make it from the printed card: every digit, by its place, and the word
give a number; all are added, and the last two digits of the sum are the check. The weights of places that
can stand side by side in a text differ so that (a - b) times a weight, and (a - b) times the difference of
two such weights, is no multiple of 100 for any two digits: so every single wrong digit is caught, every two
neighbours that changed places, and every two that have one digit between them. tests/wire/test_typed.py
tries all of them.

Rules of this file: a weight or a number is never changed: cards are printed.
"""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from wire.errors import BadInput
from wire.names import StationKind

CODE_DIGITS: Final = 6
COUNT_DIGITS: Final = 4
MODULUS: Final = 100
QUERIES: Final = ("info", "tel", "my")
STATION_WEIGHTS: Final = (1, 3, 7, 9, 11, 13)
CODE_WEIGHTS: Final = (17, 19, 21, 23, 27, 29)
MARK_WEIGHTS: Final = (31, 33)
COUNT_WEIGHTS: Final = (37, 39, 41, 43)
MARKS: Final = tuple(f"{hour:02}" for hour in range(8, 25))
"""The hours at which the number of voters is told."""

_STATION: Final = re.compile(r"KZ-([0-9]{2})-([0-9]{4})")
_CODE: Final = re.compile(r"[0-9]{6}")
_COUNT: Final = re.compile(r"0|[1-9][0-9]{0,3}")

# A word, or a word with its value, and its number: 0 to 99, no two alike.
WORD_NUMBERS: Final[dict[tuple[str, str], int]] = {
    ("open", ""): 3, ("status", ""): 8, ("turnout", ""): 12, ("closed", ""): 17, ("count", ""): 21,
    ("sheet", ""): 26, ("copy", ""): 31, ("received", ""): 35, ("power", "off"): 39, ("power", "on"): 44,
    ("net", "off"): 48, ("net", "on"): 53, ("camera", "off"): 57, ("camera", "masked"): 62,
    ("camera", "on"): 66, ("observer", "out"): 71, ("observer", "back"): 75, ("seal", "broken"): 79,
    ("fault", ""): 84, ("urgent", ""): 88, ("info", ""): 91, ("tel", ""): 94, ("my", ""): 97,
}  # fmt: skip


class Typed(Struct, frozen=True, kw_only=True):
    """What the check digits cover: the station, the word with its value, the code.

    `count` and `mark` stand only with `turnout`: how many have voted (no leading zeros), and by which hour.
    """

    station: str
    kind: StationKind | str
    value: str = ""
    code: str
    count: str = ""
    mark: str = ""


def check_digits(typed: Typed) -> str:
    """The two digits; raises `BadInput` when the station, the code, the word or the count is none."""
    return f"{(_station_sum(typed.station) + word_sum(typed) + code_sum(typed.code)) % MODULUS:02}"


def card_number(station: str, code: str) -> int:
    """The number that a card prints beside a code: what the station and the code add to the sum."""
    return (_station_sum(station) + code_sum(code)) % MODULUS


def word_sum(typed: Typed) -> int:
    """What the word, the hour and the count add to the sum."""
    number = WORD_NUMBERS.get((typed.kind, typed.value))
    if number is None:
        raise BadInput(f"no such word: {typed.kind} {typed.value}".rstrip())
    return number + _turnout_sum(typed)


def code_sum(code: str) -> int:
    """What a code adds; raises `BadInput`."""
    if not _CODE.fullmatch(code):
        raise BadInput(f"a code has {CODE_DIGITS} digits")
    return _weighed(code, CODE_WEIGHTS)


def written(typed: Typed, word: str) -> str:
    """The text as a card prints it, with the word in the language of the reader."""
    region, number = typed.station[3:5], typed.station[6:]
    parts = [f"{region}-{number}", typed.code, word, typed.mark, typed.count, check_digits(typed)]
    return " ".join(part for part in parts if part)


def _station_sum(station: str) -> int:
    found = _STATION.fullmatch(station)
    if found is None:
        raise BadInput(f"not a station: {station[:20]!r}")
    return _weighed(found[1] + found[2], STATION_WEIGHTS)


def _turnout_sum(typed: Typed) -> int:
    if typed.kind != "turnout":
        if typed.count or typed.mark:
            raise BadInput("only turnout has a count")
        return 0
    if not _COUNT.fullmatch(typed.count):
        raise BadInput(f"a count has 1 to {COUNT_DIGITS} digits")
    if typed.mark and typed.mark not in MARKS:
        raise BadInput(f"an hour is one of {MARKS[0]} to {MARKS[-1]}")
    mark = _weighed(typed.mark, MARK_WEIGHTS) if typed.mark else 0
    return mark + _weighed(typed.count.zfill(COUNT_DIGITS), COUNT_WEIGHTS)


def _weighed(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
