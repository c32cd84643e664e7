from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import base62, sealed
from wire.errors import BadInput
from wire.sealed import Sealed, is_signed_by, looks_sealed, seal_sheet, seal_status, take_apart, write
from wire.signing import SigningKey, VerifyKey
from wire.typed import MARKS, QUERIES, WORD_NUMBERS

KEY = SigningKey(bytes(range(32)))
OTHER = SigningKey(bytes(range(1, 33)))
STATION, AT = "KZ-71-0379", 1_795_320_000
HASH = hashlib.sha256(b"a sheet").digest()
SHEET = seal_sheet(KEY, STATION, HASH, AT)
OPEN = seal_status(KEY, STATION, ("open", ""), AT)
GSM7_UNTROUBLED = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def _taken(text: str) -> Sealed:
    found = take_apart(text)
    assert isinstance(found, Sealed), found
    return found


def test_a_sheet_takes_one_text_of_150_characters_that_no_network_changes() -> None:
    assert len(SHEET) == 150
    assert set(SHEET) <= GSM7_UNTROUBLED
    found = _taken(SHEET)
    assert (found.station, found.kind, found.value, found.mark) == (STATION, "sheet", HASH.hex(), "1")
    assert (found.at, found.purpose) == (AT, "dabyl/v1/sheet")
    assert found.time == "2026-11-22T04:00:00.000Z"
    assert len(found.signed) + len(found.signature) == 105


def test_a_status_takes_about_a_hundred_characters() -> None:
    assert len(OPEN) == 107
    assert len(seal_status(KEY, STATION, ("turnout", ""), AT, ("12", 1250))) == 111


@pytest.mark.parametrize("said", [said for said in WORD_NUMBERS if said[0] not in {*QUERIES, "turnout"}])
def test_every_word_can_be_sealed(said: tuple[str, str]) -> None:
    found = _taken(seal_status(KEY, STATION, said, AT))
    assert (found.kind, found.value, found.mark) == (*said, "")
    assert is_signed_by(found, [VerifyKey(OTHER.public), VerifyKey(KEY.public)])


@given(mark=st.sampled_from(["", *MARKS]), count=st.integers(0, 9_999))
def test_a_turnout_keeps_its_hour_and_count(mark: str, count: int) -> None:
    found = _taken(seal_status(KEY, STATION, ("turnout", ""), AT, (mark, count)))
    assert (found.kind, found.mark, found.value) == ("turnout", mark, str(count))


@given(
    station=st.from_regex(r"KZ-[0-9]{2}-[0-9]{4}", fullmatch=True),
    digest=st.binary(min_size=32, max_size=32),
    at=st.integers(0, 2**32 - 1),
    sheet=st.integers(1, 15),
)
def test_any_sheet_comes_back_as_it_was_sealed(station: str, digest: bytes, at: int, sheet: int) -> None:
    found = _taken(seal_sheet(KEY, station, digest, at, sheet))
    assert (found.station, found.value, found.at, found.mark) == (station, digest.hex(), at, str(sheet))


@pytest.mark.parametrize("text", [SHEET, OPEN], ids=["sheet", "status"])
def test_every_single_character_change_is_told_as_a_typing_error(text: str) -> None:
    for place in range(len(text)):
        for char in base62.ALPHABET + "@_ оО.":
            if char != text[place]:
                changed = text[:place] + char + text[place + 1 :]
                assert looks_sealed(changed)
                assert take_apart(changed) == "typo"


@pytest.mark.parametrize("text", [SHEET, OPEN], ids=["sheet", "status"])
def test_every_truncation_and_every_two_neighbours_that_changed_places_are_told(text: str) -> None:
    for place in range(1, len(text)):
        assert looks_sealed(text[:place])
        assert take_apart(text[:place]) == "typo"
        if text[place - 1] != text[place]:
            assert take_apart(text[: place - 1] + text[place] + text[place - 1] + text[place + 1 :]) == "typo"
        assert take_apart(text[:place] + text[place:].swapcase()) == "typo"


def test_line_breaks_and_spaces_change_nothing() -> None:
    assert take_apart(f" {SHEET[:70]}\n{SHEET[70:]}\u00a0") == take_apart(SHEET)


def test_a_forger_who_mends_the_check_characters_is_told_by_the_signature() -> None:
    keys = [VerifyKey(KEY.public)]
    payload = sealed.payload_of(SHEET)
    assert payload is not None
    assert is_signed_by(_taken(SHEET), keys)
    for place in range(2, len(payload)):
        changed = payload[:place] + bytes([payload[place] ^ 1]) + payload[place + 1 :]
        found = take_apart(write(changed))
        assert found in {"typo", "unknown_version"} or not is_signed_by(_taken(write(changed)), keys)


def test_the_key_of_another_station_and_another_purpose_are_refused() -> None:
    assert not is_signed_by(_taken(SHEET), [VerifyKey(OTHER.public)])
    found = _taken(SHEET)
    for purpose in ("dabyl/v1/status", "dabyl/v1/batch", "dabyl/v1/digest"):
        forged = write(found.signed + KEY.sign(purpose, found.signed))
        assert not is_signed_by(_taken(forged), [VerifyKey(KEY.public)])


def test_another_version_or_type_is_told_as_such() -> None:
    payload = sealed.payload_of(SHEET)
    assert payload is not None
    assert take_apart(write(b"\x02" + payload[1:])) == "unknown_version"
    for kind in (0, 16, 127, 128, 255):
        assert take_apart(write(bytes([1, kind]) + payload[2:])) == "unknown_version"


@pytest.mark.parametrize(
    "text", ["", "OPEN 71 379", "KZ-71-0379 482913 TURNOUT 12 1250 57", "ДБ", "x" * 39, "ж" * 60]
)
def test_a_typed_text_is_not_taken_for_a_sealed_one(text: str) -> None:
    assert not looks_sealed(text)


@given(text=st.one_of(st.text(), st.text(alphabet=base62.ALPHABET, max_size=180).map("DBY1".__add__)))
def test_any_text_gives_a_record_or_a_clean_error(text: str) -> None:
    found = take_apart(text)
    assert isinstance(found, Sealed) or found in {"typo", "unknown_version"}


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: seal_sheet(KEY, "KZ-71-379", HASH, AT),
        lambda: seal_sheet(KEY, STATION, HASH[:31], AT),
        lambda: seal_sheet(KEY, STATION, HASH, -1),
        lambda: seal_sheet(KEY, STATION, HASH, 2**32),
        lambda: seal_sheet(KEY, STATION, HASH, AT, 16),
        lambda: seal_status(KEY, STATION, ("tel", ""), AT),
        lambda: seal_status(KEY, STATION, ("power", ""), AT),
        lambda: seal_status(KEY, STATION, ("turnout", ""), AT),
        lambda: seal_status(KEY, STATION, ("open", ""), AT, ("", 1)),
        lambda: seal_status(KEY, STATION, ("turnout", ""), AT, ("7", 1)),
        lambda: seal_status(KEY, STATION, ("turnout", ""), AT, ("", 10_000)),
    ],
)
def test_what_cannot_be_sealed_is_refused(wrong: object) -> None:
    with pytest.raises(BadInput):
        wrong()  # type: ignore[operator]  # from the table


@given(st.binary(min_size=1, max_size=120))
def test_base62_gives_back_what_it_got(raw: bytes) -> None:
    text = base62.encode(raw)
    assert len(text) == base62.width(len(raw))
    assert base62.decode(text) == raw


def test_a_length_that_no_number_of_bytes_has_is_refused() -> None:
    widths = {base62.width(size) for size in range(1, 120)}
    for characters in range(1, max(widths)):
        assert (base62.size_of(characters) is not None) == (characters in widths)
    assert base62.decode("z" * base62.width(4)) is None
    assert base62.decode("-" * base62.width(4)) is None
