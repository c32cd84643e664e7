"""The two check digits: every wrong digit and every pair that changed places, tried one by one."""

from __future__ import annotations

from itertools import combinations, pairwise, product

import pytest

from wire.errors import BadInput
from wire.typed import (
    CODE_WEIGHTS,
    COUNT_WEIGHTS,
    MARK_WEIGHTS,
    MARKS,
    MODULUS,
    STATION_WEIGHTS,
    WORD_NUMBERS,
    Typed,
    card_number,
    check_digits,
    word_sum,
    written,
)  # fmt: skip

DIGITS = range(10)
# The check digits as two places more: the sum less ten times the first and once the second is 0.
CHECK_WEIGHTS = (-10, -1)
# Everything that may stand side by side: a number without its zeros, a turnout with or without an hour.
SEQUENCES = [
    (
        *STATION_WEIGHTS[:2],
        *STATION_WEIGHTS[first:],
        *CODE_WEIGHTS,
        *mark,
        *COUNT_WEIGHTS[count:],
        *CHECK_WEIGHTS,
    )
    for first in range(2, 6)
    for mark in ((), MARK_WEIGHTS)
    for count in range(4 if mark else 5)
]
OPEN = Typed(station="KZ-71-0379", kind="open", code="482913")
TURNOUT = Typed(station="KZ-71-0379", kind="turnout", code="482913", count="1250", mark="12")


def test_every_single_wrong_digit_changes_the_sum() -> None:
    for weight in {weight for sequence in SEQUENCES for weight in sequence}:
        for a, b in combinations(DIGITS, 2):
            assert (a - b) * weight % MODULUS


@pytest.mark.parametrize("apart", [1, 2])
def test_every_two_digits_that_changed_places_change_the_sum(apart: int) -> None:
    for sequence in SEQUENCES:
        for one, other in zip(sequence, sequence[apart:], strict=False):
            for a, b in combinations(DIGITS, 2):
                assert (a - b) * (one - other) % MODULUS, (one, other, a, b)


def _digits(typed: Typed) -> str:
    return (
        f"{typed.station[3:5]}{typed.station[6:]}{typed.code}{typed.mark}{typed.count}{check_digits(typed)}"
    )


def _fits(digits: str, like: Typed) -> bool:
    hour = len(like.mark)
    typed = Typed(
        station=f"KZ-{digits[:2]}-{digits[2:6]}", kind=like.kind, code=digits[6:12],
        mark=digits[12 : 12 + hour], count=digits[12 + hour : -2],
    )  # fmt: skip
    try:
        return check_digits(typed) == digits[-2:]
    except BadInput:
        return False


@pytest.mark.parametrize("typed", [OPEN, TURNOUT], ids=lambda typed: typed.kind)
def test_in_whole_texts_too(typed: Typed) -> None:
    right = _digits(typed)
    assert _fits(right, typed)
    for place, digit in product(range(len(right)), "0123456789"):
        if right[place] != digit:
            assert not _fits(right[:place] + digit + right[place + 1 :], typed)
    for place in range(len(right) - 1):
        a, b = right[place], right[place + 1]
        if a != b:
            assert not _fits(right[:place] + b + a + right[place + 2 :], typed)


def test_another_word_has_another_check() -> None:
    assert len(set(WORD_NUMBERS.values())) == len(WORD_NUMBERS)
    checks = {
        check_digits(Typed(station="KZ-71-0379", kind=kind, value=value, code="482913"))
        for kind, value in WORD_NUMBERS
        if kind != "turnout"
    }
    assert len(checks) == len(WORD_NUMBERS) - 1


def test_the_sum_can_be_made_from_a_card() -> None:
    for typed in (OPEN, TURNOUT):
        total = card_number(typed.station, typed.code) + word_sum(typed)
        assert check_digits(typed) == f"{total % 100:02}"


def test_a_text_is_written_as_the_card_prints_it() -> None:
    assert written(OPEN, "АШЫЛДЫ") == f"71-0379 482913 АШЫЛДЫ {check_digits(OPEN)}"
    assert written(TURNOUT, "ЯВКА") == f"71-0379 482913 ЯВКА 12 1250 {check_digits(TURNOUT)}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"station": "KZ-71-379"}, {"station": "71-0379"}, {"code": "48291"}, {"code": "4829131"},
        {"kind": "opened"}, {"value": "on"}, {"count": "5"}, {"mark": "12"},
        {"kind": "turnout"}, {"kind": "turnout", "count": "10000"}, {"kind": "turnout", "count": "01"},
        {"kind": "turnout", "count": "1", "mark": "07"}, {"kind": "turnout", "count": "1", "mark": "25"},
    ],
)  # fmt: skip
def test_what_no_card_allows_has_no_check(wrong: dict[str, str]) -> None:
    fields = {"station": "KZ-71-0379", "kind": "open", "code": "482913"} | wrong
    with pytest.raises(BadInput):
        check_digits(Typed(**fields))


def test_the_hours_are_two_digits_and_in_order() -> None:
    assert all(len(mark) == 2 for mark in MARKS)
    assert all(a < b for a, b in pairwise(MARKS))
