"""The digits of a text: the station, then what follows it: a code and check digits, an hour, a count.

Where a number ends is told by how the digits are grouped and never by what would fit: a reading that is
found by trying would take some wrong texts for right ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from sms_gateway.core.reading import Fault
from wire.typed import CODE_DIGITS, COUNT_DIGITS, MARKS

_CHECK_DIGITS: Final = 2
_HALF: Final = 3
_NEARLY_CODE: Final = range(4, 9)
_MARKED: Final = 2
_HUNDREDS: Final = 3


class Figures(Struct, frozen=True, kw_only=True):
    """What follows the station. `code` and `check` are both empty, or neither is, unless `fault` says why."""

    code: str = ""
    mark: str = ""
    count: str = ""
    check: str = ""
    fault: Fault | None = None


# Without the spaces: number and code, station and code, and these with the check digits.
_GLUED: Final = {10: (4, 6), 12: (6, 6), 14: (6, 6, 2)}


def unglued(group: str) -> list[str]:
    """A group of digits whose spaces were left out, as it is on the card; any other as it is."""
    found, start = list[str](), 0
    for size in _GLUED.get(len(group), (len(group),)):
        found.append(group[start : start + size])
        start += size
    return found


def figures(groups: Sequence[str], counted: bool) -> Figures:
    """The groups of digits behind the station; `counted`: whether the word is one that takes a count."""
    code, rest = _code(groups)
    check = ""
    if code:
        rest, check = _check(rest, counted)
        if not check:
            return Figures(code=code, fault="no_check")
    if counted:
        return _turnout(rest, code, check)
    if rest:
        return Figures(code=code, check=check, fault=_fault(rest, code))
    return Figures(code=code, check=check)


def _code(groups: Sequence[str]) -> tuple[str, list[str]]:
    """The code at the beginning, in one piece or in two, and what is behind it."""
    sizes = [len(group) for group in groups[:2]]
    if sizes == [_HALF, _HALF]:
        return "".join(groups[:2]), list(groups[2:])
    if sizes[:1] == [CODE_DIGITS]:
        return groups[0], list(groups[1:])
    if len(groups) == 1 and sizes == [CODE_DIGITS + _CHECK_DIGITS]:
        return groups[0][:CODE_DIGITS], [groups[0][CODE_DIGITS:]]
    return "", list(groups)


def _check(rest: list[str], counted: bool) -> tuple[list[str], str]:
    """The two digits at the end, in a group of their own; with a count that must stand before them."""
    least = 2 if counted else 1
    if len(rest) < least or len(rest[-1]) != _CHECK_DIGITS:
        return rest, ""
    return rest[:-1], rest[-1]


def _turnout(rest: list[str], code: str, check: str) -> Figures:
    """An hour (`12`, `12 00`) and a count, or a count alone."""
    match rest:
        case [count] if code or count not in MARKS:  # alone and without a code it may be the hour
            mark = ""
        case [mark, "00"] if mark in MARKS and not code:  # 12:00
            return Figures(fault="no_count")
        case [mark, count] if mark in MARKS:
            pass
        case [mark, "00", count] if mark in MARKS:
            pass
        case [mark, thousand, rest_] if mark in MARKS and _is_parted(thousand, rest_):
            count = thousand + rest_
        case [mark, "00", thousand, rest_] if mark in MARKS and _is_parted(thousand, rest_):
            count = thousand + rest_
        case []:
            return Figures(code=code, check=check, fault="no_count")
        case _:
            return Figures(code=code, check=check, fault="bad_count")
    plain = count.lstrip("0") or "0"
    fault: Fault | None = "bad_count" if len(count) > COUNT_DIGITS else None
    return Figures(code=code, mark=mark, count=plain, check=check, fault=fault)


def _is_parted(thousand: str, hundreds: str) -> bool:
    """Whether a count was typed as `1 250`."""
    return len(thousand) == 1 and len(hundreds) == _HUNDREDS


def _fault(rest: list[str], code: str) -> Fault:
    """Why digits are left over: a code that is not whole, or digits that belong nowhere."""
    nearly = len(rest) == _MARKED and len(rest[0]) in _NEARLY_CODE and len(rest[1]) == _CHECK_DIGITS
    return "bad_code" if nearly and not code else "extra_numbers"
