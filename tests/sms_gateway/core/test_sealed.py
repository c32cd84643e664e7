"""Sealed texts and digests as the gateway reads them, with everything that one slip can do to them, all tried."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from msgspec.structs import replace

from sms_gateway.core.book import Book
from sms_gateway.core.reading import Reading, Rejected
from sms_gateway.core.understanding import identity, understand
from wire import base62, digest
from wire.facts import regions
from wire.records import Measurement, Network, Target, Verdict
from wire.sealed import payload_of, seal_sheet, seal_status, write
from wire.signing import Purpose, SigningKey, to_text
from wire.stationkeys import StationKeys

STATION, OTHER = "KZ-71-0379", "KZ-71-0380"
KEY, OTHER_KEY, PROBE = (SigningKey(bytes([number]) * 32) for number in (1, 2, 3))
BOOK = Book(
    [
        StationKeys(station=STATION, keys=(to_text(KEY.public),)),
        StationKeys(station=OTHER, keys=(to_text(OTHER_KEY.public),)),
    ],
    probes=[PROBE.public],
)
NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
AT = int(NOW.timestamp()) - 600
NETWORK = Network(asn="AS9198", region="KZ-71")
SEEN = Measurement(
    id="m", probe="p", at="2026-11-22T19:50:00.000Z", network=NETWORK, verdict=Verdict(state="ok"),
    target=Target(id="egov.kz", url="https://egov.kz", category="egov", side="domestic"),
)  # fmt: skip
SHEET = seal_sheet(KEY, STATION, bytes(range(32)), AT)
TURNOUT = seal_status(KEY, STATION, ("turnout", ""), AT, ("12", 1250))
DIGEST = digest.seal(PROBE, [SEEN], NETWORK, AT)
TEXTS = {"sheet": SHEET, "turnout": TURNOUT, "digest": DIGEST}
every_text = pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)


def read(text: str, now: datetime = NOW) -> Reading | Rejected:
    return understand(text, regions(), BOOK, now)


def outcomes(changed: Iterator[str]) -> set[str]:
    """What becomes of all of these: errors, or the kind of what was taken."""
    return {found.error if isinstance(found, Rejected) else found.kind for found in map(read, changed)}


@every_text
def test_a_text_as_it_was_sealed_is_proven_by_its_seal(text: str) -> None:
    found = read(text)
    assert isinstance(found, Reading)
    assert found.proof == "seal"


@every_text
def test_every_character_changed_into_every_other_is_a_typing_error(text: str) -> None:
    places = range(0, len(text), 3) if text is TURNOUT else range(len(text))
    changed = (
        text[:place] + char + text[place + 1 :]
        for place in places
        for char in base62.ALPHABET + "@_оО."
        if char != text[place]
    )
    assert outcomes(changed) == {"typo"}


@every_text
def test_every_character_left_out_or_put_in_is_a_typing_error(text: str) -> None:
    left_out = (text[:place] + text[place + 1 :] for place in range(len(text)))
    assert outcomes(left_out) == {"typo"}
    # At the end, with every character: one of them may fit the check characters.
    put_in = (
        text[:place] + char + text[place:]
        for place in range(len(text) + 1)
        for char in (base62.ALPHABET if place >= len(text) - 4 else f"0Aaz9O{text[place - 1]}")
    )
    assert outcomes(put_in) == {"typo"}


@every_text
def test_any_two_characters_that_changed_places_are_a_typing_error(text: str) -> None:
    changed = (
        text[:one] + text[other] + text[one + 1 : other] + text[one] + text[other + 1 :]
        for one, other in combinations(range(len(text)), 2)
        if text[one] != text[other]
    )
    assert outcomes(changed) == {"typo"}


@every_text
def test_every_text_that_is_cut_is_no_report(text: str) -> None:
    ends_early = outcomes(text[:place] for place in range(1, len(text)))
    assert ends_early == {"typo"}
    # Of the end alone so little may be left that it looks like nothing that was sealed.
    assert outcomes(text[place:] for place in range(1, len(text))) <= {
        "typo", "unknown_word", "no_station", "bad_station", "no_region", "empty",
    }  # fmt: skip


@every_text
def test_a_phone_that_changes_case_is_told_so_and_one_that_adds_spaces_is_understood(text: str) -> None:
    cases = [
        text.upper(),
        text.lower(),
        text.swapcase(),
        text.capitalize(),
        text.title(),
        text[0].lower() + text[1:],
    ]
    assert outcomes(iter(cases)) == {"typo"}
    for size in (1, 4, 10, 40, 70):
        for gap in (" ", "\n", "\r\n", "\t", "\u00a0", "\u2028"):
            assert read(gap.join(text[at : at + size] for at in range(0, len(text), size))) == read(text)
    assert read(f"  {text}\n\n") == read(text)
    assert outcomes(iter([text + text, f"{text} {text}", text[::-1], f"{text}.", f"“{text}”"])) == {"typo"}


@pytest.mark.parametrize("text", [SHEET, TURNOUT], ids=["sheet", "turnout"])
@pytest.mark.parametrize("bit", [0, 7])
def test_whatever_a_forger_changes_and_mends_is_forged_or_nothing_of_ours(text: str, bit: int) -> None:
    payload = payload_of(text)
    assert payload is not None
    changed = (
        write(payload[:place] + bytes([payload[place] ^ 1 << bit]) + payload[place + 1 :])
        for place in range(len(payload))
    )
    assert outcomes(changed) <= {"forged", "unknown_version", "unknown_station", "unknown_region", "typo"}


def test_whatever_a_forger_changes_of_a_digest_is_forged_or_nothing_of_ours() -> None:
    payload = payload_of(DIGEST)
    assert payload is not None
    changed = (
        write(payload[:place] + bytes([payload[place] ^ 1]) + payload[place + 1 :])
        for place in range(len(payload))
    )
    assert outcomes(changed) <= {"forged", "unknown_version", "unknown_probe", "typo"}


def _signed_for(purpose: Purpose, text: str, key: SigningKey = KEY) -> str:
    payload = payload_of(text)
    assert payload is not None
    signed = payload[:-64]
    return write(signed + key.sign(purpose, signed))


@pytest.mark.parametrize("text", [SHEET, TURNOUT], ids=["sheet", "turnout"])
def test_another_stations_key_and_every_other_purpose_are_refused(text: str) -> None:
    purposes: list[Purpose] = [
        "dabyl/v1/batch", "dabyl/v1/report", "dabyl/v1/enrol", "dabyl/v1/beacon", "dabyl/v1/control", "dabyl/v1/digest",
        "dabyl/v1/deletion", "dabyl/v1/bundle", "dabyl/v1/invite", "dabyl/v1/status" if text is SHEET else "dabyl/v1/sheet",
    ]  # fmt: skip
    assert outcomes(_signed_for(purpose, text) for purpose in purposes) == {"forged"}
    own: Purpose = "dabyl/v1/sheet" if text is SHEET else "dabyl/v1/status"
    assert isinstance(read(_signed_for(own, text)), Reading)
    assert outcomes(iter([_signed_for(own, text, OTHER_KEY), _signed_for(own, text, PROBE)])) == {"forged"}


def test_a_probe_seals_nothing_for_a_station_and_a_station_no_digest() -> None:
    assert outcomes(iter([_signed_for("dabyl/v1/digest", DIGEST, KEY)])) == {"forged"}
    strange = digest.seal(KEY, [SEEN], NETWORK, AT)
    assert outcomes(iter([strange])) == {"unknown_probe"}
    assert outcomes(iter([seal_sheet(KEY, "KZ-75-0001", bytes(32), AT)])) == {"unknown_station"}


@pytest.mark.parametrize("text", [SHEET, TURNOUT], ids=["sheet", "turnout"])
def test_a_replay_has_the_name_of_the_first_whatever_a_phone_did_to_its_spaces(text: str) -> None:
    names = set()
    for changed in (text, f" {text}", "\n".join([text[:50], text[50:]])):
        found = read(changed)
        assert isinstance(found, Reading)
        names.add(identity(found))
    assert len(names) == 1
    other = read(seal_sheet(KEY, STATION, bytes(range(32)), AT + 1))
    assert isinstance(other, Reading)
    assert identity(other) not in names
    assert identity(replace(other, proof="none")) == ""


@every_text
def test_a_text_of_another_month_or_of_tomorrow_is_refused(text: str) -> None:
    for days, taken in ((-31, False), (-2, False), (29, True), (31, False)):
        found = read(text, NOW + timedelta(days=days))
        assert isinstance(found, Reading) is taken
