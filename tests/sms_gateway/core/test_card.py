from __future__ import annotations

import pytest

from sms_gateway.catalogue import say
from sms_gateway.core.book import Book
from sms_gateway.core.card import COUNT_NUMBERS, DAY, Card, card
from sms_gateway.core.grammar import read
from sms_gateway.core.reading import Reading
from wire.facts import regions
from wire.stationkeys import StationKeys

CODES = tuple(f"{number * 7919 % 1_000_000:06}" for number in range(1, 61))
LISTED = StationKeys(station="KZ-71-0379", codes=CODES)
BOOK = Book([LISTED])
REGIONS = regions()


@pytest.fixture(scope="module")
def shown() -> Card:
    return card(LISTED, say)


def _read(text: str) -> Reading:
    found = read(text, REGIONS, BOOK)
    assert isinstance(found, Reading), (text, found)
    return found


def test_every_text_on_the_card_is_read_as_it_is_meant_in_both_languages(shown: Card) -> None:
    assert len(shown.rows) == len(DAY)
    for (kind, mark), row in zip(DAY, shown.rows, strict=True):
        if kind != "turnout":
            for text in row.text:
                found = _read(text)
                assert (found.kind, found.mark, found.proof, len(text) <= 40) == (kind, mark, "code", True)


@pytest.mark.parametrize("count", ["0", "7", "45", "1250", "9999"])
def test_the_sum_for_a_count_is_made_with_the_card_alone(shown: Card, count: str) -> None:
    for row in shown.rows:
        if row.number is None:
            continue
        total = row.number + sum(
            numbers[int(digit)] for digit, numbers in zip(count.zfill(4), COUNT_NUMBERS, strict=True)
        )
        for text in row.text:
            filled = text.replace("____", count).replace("__", f"{total % 100:02}")
            found = _read(filled)
            assert (found.kind, found.value, found.proof) == ("turnout", count, "code")
            assert len(filled) <= 40


def test_a_spare_code_and_a_word_are_added_to_the_check(shown: Card) -> None:
    assert len(shown.spares) == len(CODES) - len(DAY)
    for (code, number), (kk, ru, word) in zip(shown.spares, shown.words * 3, strict=False):
        for said in (kk, ru):
            text = f"71-0379 {code} {said} {(number + word) % 100:02}"
            assert _read(text).proof == "code"
            assert len(text) <= 40


def test_a_card_with_few_codes_shows_what_they_last_for() -> None:
    few = card(StationKeys(station="KZ-71-0379", codes=CODES[:3]), say)
    assert (len(few.rows), few.spares) == (3, ())
