"""Texts as people type them, from a card and without one: texts.jsonl says what each of them means.

Written by hand and by the ways in which hands and phones change a text; ten are meant and not understood,
which is allowed, since they are rejected. What must never be is a text that is taken for another one.
"""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path

from sms_gateway.core.grammar import language_of
from sms_gateway.core.letters import has_cyrillic
from sms_gateway.core.reading import Reading
from sms_gateway.core.understanding import understand
from tests.fuzz.target import BOOK
from wire.facts import regions

TEXTS = [
    json.loads(line)
    for line in Path(__file__).with_name("texts.jsonl").read_text(encoding="utf-8").splitlines()
]
MEANT = [row for row in TEXTS if row["kind"] != "rejected"]
WRONG = [row for row in TEXTS if row["kind"] == "rejected"]
REGIONS = regions()


def _read(text: str) -> dict[str, str]:
    found = understand(text, REGIONS, BOOK)
    if not isinstance(found, Reading):
        return {"text": text, "kind": "rejected"}
    assert found.station == "KZ-71-0379"
    told = {"kind": found.kind, "value": found.value, "mark": found.mark, "proof": found.proof}
    return {"text": text, **told}


def test_the_corpus_is_large_and_holds_three_languages_both_scripts_and_every_kind() -> None:
    assert len(MEANT) >= 400
    assert len(WRONG) >= 150
    languages = Counter(language_of(row["text"]) for row in MEANT)
    assert all(languages[language] >= 100 for language in ("kk", "ru", "en"))
    scripts = Counter(has_cyrillic(row["text"]) for row in MEANT)
    assert all(count >= 150 for count in scripts.values())
    assert len({row["kind"] for row in MEANT}) == 15
    assert sum(row["proof"] == "code" for row in MEANT) >= 150


def test_of_what_is_meant_more_than_95_in_100_is_understood_and_nothing_misunderstood() -> None:
    read = [(row, _read(row["text"])) for row in MEANT]
    right = [row for row, found in read if found == row]
    assert len(right) >= 0.95 * len(MEANT)
    assert [found for row, found in read if found != row and found["kind"] != "rejected"] == []


def test_what_cannot_be_right_is_rejected() -> None:
    assert [found for found in (_read(row["text"]) for row in WRONG) if found["kind"] != "rejected"] == []


def test_no_wrong_digit_and_no_two_that_changed_places_make_another_report() -> None:
    for row in [row for row in MEANT if row["proof"] == "code"][::6]:
        text = row["text"]
        places = [place for place, char in enumerate(text) if char in "0123456789"]
        changed = [text[:place] + digit + text[place + 1 :] for place in places for digit in "0123456789"]
        for one, other in pairwise(places):
            changed.append(text[:one] + text[other] + text[one + 1 : other] + text[one] + text[other + 1 :])
        for found in (_read(one) for one in changed if one != text):
            assert found["kind"] == "rejected" or {**found, "text": text} == row


def test_a_text_from_the_card_has_at_most_40_characters() -> None:
    printed = [row["text"] for row in MEANT if row["proof"] == "code" and row["text"].startswith("71-0379 ")]
    assert printed
    assert max(len(text.strip()) for text in printed) <= 40
