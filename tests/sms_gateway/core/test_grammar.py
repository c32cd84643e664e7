from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.core.combining import PAIRS
from sms_gateway.core.grammar import MAX_CHARS, language_of, read
from sms_gateway.core.reading import FAULTS, SWITCHED, Fault, Reading, Rejected
from sms_gateway.core.words import MEANINGS, meaning
from tests.sms_gateway.core.corpus import ASTANA, REJECTED, UNDERSTOOD
from wire.facts import regions

REGIONS = regions()
DASHES = " -‐‑‒–—―−.,:;/\\_|\t\n\u00a0\u2009\u202f\u3000"
words = st.sampled_from(sorted(MEANINGS))
groups = st.from_regex(r"[0-9OoОо]{1,6}", fullmatch=True)
pieces = st.one_of(words, groups, st.sampled_from(["KZ", "КЗ", "№", "?", "71", "0379"]), st.text(max_size=5))
likely = st.builds("".join, st.lists(st.one_of(pieces, st.sampled_from(DASHES)), max_size=20))


@pytest.mark.parametrize(("text", "kind", "value", "language"), UNDERSTOOD)
def test_a_text_as_people_type_it_is_understood(text: str, kind: str, value: str, language: str) -> None:
    found = read(text, REGIONS)
    assert isinstance(found, Reading), found
    assert (found.kind, found.station, found.value, found.language) == (kind, ASTANA, value, language)


@pytest.mark.parametrize(("text", "error", "understood"), REJECTED)
def test_a_text_that_could_be_misread_is_rejected_with_what_was_understood(
    text: str, error: Fault, understood: str
) -> None:
    assert read(text, REGIONS) == Rejected(error=error, understood=understood)


def test_the_corpus_is_large_and_shows_every_language_kind_and_fault() -> None:
    assert len(UNDERSTOOD) >= 60
    assert {row[3] for row in UNDERSTOOD} == {"kk", "ru", "en"}
    assert {(row[1], row[3]) for row in UNDERSTOOD} == {
        (kind, one) for kind in ("open", "closed", "status", *SWITCHED) for one in ("kk", "ru", "en")
    }
    assert {row[1] for row in REJECTED} < set(FAULTS)


@pytest.mark.parametrize(
    "written", ["11-20", "11 20", "11 0020", "KZ 11.0020", "участок 11-20", "в 11-0020", "at kz 11 20"]
)
def test_a_short_number_of_a_region_that_could_be_an_hour_is_still_a_station(written: str) -> None:
    found = read(f"power off {written}", REGIONS)
    assert isinstance(found, Reading), found
    assert found.station == "KZ-11-0020"


@pytest.mark.parametrize("dash", DASHES)
@pytest.mark.parametrize("region", sorted(REGIONS))
def test_every_region_is_known_with_any_space_or_dash(region: str, dash: str) -> None:
    text = f"{region.replace('-', dash)}{dash}0042{dash}OPEN"
    assert read(text, REGIONS) == Reading(kind="open", station=f"{region}-0042", value="", language="en")


@given(text=st.one_of(st.text(), likely))
def test_any_text_gives_a_reading_or_a_rejection(text: str) -> None:
    found = read(text, REGIONS)
    assert language_of(text) in {"kk", "ru", "en"}
    if isinstance(found, Reading):
        assert found.station[:5] in REGIONS
        said = "" if found.kind in {"turnout", "sheet"} else found.value
        assert (found.kind, said) in PAIRS
    else:
        assert found.error in FAULTS
        assert len(found.understood) <= 200


@given(text=likely, noise=st.text(alphabet="абвгxyz", min_size=1, max_size=6))
def test_a_strange_word_never_leaves_a_text_understood(text: str, noise: str) -> None:
    if meaning(noise) is None:
        assert isinstance(read(f"{text} {noise}w", REGIONS), Rejected)


@given(
    kind=st.sampled_from(["open", "closed", "status"]),
    number=st.integers(1, 9999),
    region=st.sampled_from(sorted(REGIONS)),
    upper=st.booleans(),
    first=st.booleans(),
)
def test_a_station_is_read_back_as_it_was_written(
    kind: str, number: int, region: str, upper: bool, first: bool
) -> None:
    spoken = kind.upper() if upper else kind
    for station in (f"{region}-{number:04}", f"{region[3:]} {number}", f"кз{region[3:]}{number:04}"):
        found = read(f"{spoken} {station}" if first else f"{station} {spoken}", REGIONS)
        assert isinstance(found, Reading), (station, found)
        assert (found.kind, found.station) == (kind, f"{region}-{number:04}")


@given(digit=st.integers(0, 5), data=st.data())
def test_a_lost_digit_of_a_whole_number_is_noticed(digit: int, data: st.DataObject) -> None:
    whole = data.draw(st.from_regex(r"(71|75)[0-9]{4}", fullmatch=True))
    assert isinstance(read(f"open {whole[:digit]}{whole[digit + 1 :]}", REGIONS), Rejected)


def test_a_thousand_characters_are_read_and_one_more_is_not() -> None:
    text = "open 71 379" + " " * (MAX_CHARS - 11)
    assert isinstance(read(text, REGIONS), Reading)
    assert read(text + " ", REGIONS) == Rejected(error="too_long")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Сәлем", "kk"),
        ("Здравствуйте", "ru"),
        ("hello", "en"),
        ("", "en"),
        ("света жок 71", "ru"),
        ("ток 71", "kk"),
    ],
)
def test_the_language_of_a_text_that_says_nothing_is_told_by_its_letters(text: str, language: str) -> None:
    assert language_of(text) == language


def test_no_spelling_says_two_things() -> None:
    assert all(meaning(word) is not None for word in MEANINGS)
