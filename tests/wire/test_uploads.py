"""What a phone signs is what the collector checks; anything else gives one clear line."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from wire import canonical, uploads
from wire.errors import BadInput, BadRecord, BadSignature
from wire.sheets import Sheet, sheet_bytes
from wire.signing import SigningKey, VerifyKey, from_text
from wire.uploads import Upload, Void

AT = "2026-11-22T15:30:00.000Z"
KEY = SigningKey(bytes(range(32)))
STATION = "KZ-71-0379"
SHEET = Sheet(
    election="e1", station=STATION, counts={"voters_on_list": 10, "against_all": 1}, votes={"Ә «Б»": 3}
)
TEXT = sheet_bytes(SHEET).decode()


def upload(**other: Any) -> Upload:
    fields: dict[str, Any] = {"by": "station", "signer": STATION, "at": AT, "sheet": TEXT}
    return Upload(**(fields | other))


def test_an_upload_is_signed_over_its_purpose_and_its_canonical_json() -> None:
    done = uploads.signed(KEY, upload())
    plain = (
        '{"at":"2026-11-22T15:30:00.000Z","by":"station","scan":"","sheet":'
        + msgspec.json.encode(TEXT).decode()
        + ',"signer":"KZ-71-0379","v":1}'
    )
    VerifyKey(KEY.public).verify("dabyl/v1/upload", plain.encode(), from_text(done.signature))
    assert uploads.message(done) == plain.encode()


def test_its_own_key_is_found_among_several() -> None:
    done = uploads.signed(KEY, upload(scan=f"{7:064x}"))
    uploads.verify(done, [VerifyKey(SigningKey(bytes(32)).public), VerifyKey(KEY.public)])


CHANGED: list[dict[str, Any]] = [
    {"by": "observer"},
    {"signer": "KZ-71-0380"},
    {"at": "2026-11-22T15:30:00.001Z"},
    {"sheet": TEXT.replace("10", "11")},
    {"scan": f"{1:064x}"},
    {"signature": ""},
    {"signature": "%%%"},
]


@pytest.mark.parametrize("other", CHANGED, ids="".join)
def test_a_changed_upload_does_not_verify(other: dict[str, Any]) -> None:
    with pytest.raises(BadSignature):
        uploads.verify(replace(uploads.signed(KEY, upload()), **other), [VerifyKey(KEY.public)])


def test_a_void_cannot_pass_for_an_upload() -> None:
    void = uploads.signed(KEY, Void(by="station", signer=STATION, at=AT, of=(1,), note="a slip"))
    uploads.verify(void, [VerifyKey(KEY.public)])
    with pytest.raises(BadSignature):
        VerifyKey(KEY.public).verify(uploads.UPLOAD, uploads.message(void), from_text(void.signature))


def test_the_sheet_inside_is_the_published_bytes() -> None:
    sheet, raw = uploads.sheet_of(upload())
    assert (sheet, raw) == (SHEET, TEXT.encode())
    assert uploads.sheet_hash(raw) == hashlib.sha256(TEXT.encode()).hexdigest()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (TEXT.replace(":", ": ", 1), "canonical form"),
        (TEXT + "\n", "canonical form"),
        (TEXT.replace('"schema":"kz-count-1",', ""), "canonical form"),
        (TEXT.replace("0379", "0380"), "a sheet of KZ-71-0380, signed by KZ-71-0379"),
        (TEXT.replace("kz-count-1", "kz-count-0"), "no form is called"),
        ("", "truncated"),
    ],
)
def test_any_other_text_is_refused_in_one_line(text: str, why: str) -> None:
    with pytest.raises(BadRecord, match=why):
        uploads.sheet_of(upload(sheet=text))


def test_an_observer_may_send_any_stations_sheet() -> None:
    assert uploads.sheet_of(upload(by="observer", signer=KEY.id))[0].station == STATION


def test_records_survive_the_wire() -> None:
    done = uploads.signed(KEY, upload())
    assert uploads.parse_upload(canonical.encode(done)) == done
    void = uploads.signed(KEY, Void(by="observer", signer=KEY.id, at=AT, of=(3, 4), note="a slip"))
    assert uploads.parse_void(canonical.encode(void)) == void


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        canonical.encode(upload()).replace(b'"v":1', b'"v":2'),
        canonical.encode(upload()).replace(b'"v":1', b'"v":1,"more":1'),
        canonical.encode(upload(scan="0")),
        canonical.encode(upload(signer="somebody")),
        b" " * (uploads.MAX_UPLOAD_BYTES + 1),
    ],
)
def test_what_is_no_upload_is_refused(raw: bytes) -> None:
    with pytest.raises(BadRecord):
        uploads.parse_upload(raw)


@given(st.binary(max_size=200))
def test_any_bytes_give_a_record_or_a_clean_error(raw: bytes) -> None:
    for parse in (uploads.parse_upload, uploads.parse_void):
        with pytest.raises(BadInput):
            parse(raw)


@pytest.mark.parametrize(
    ("raw", "media"),
    [
        (b"\xff\xd8\xff\xe0..", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n..", "image/png"),
        (b"%PDF-1.7", "application/pdf"),
    ],
)
def test_a_scan_is_told_by_its_first_bytes(raw: bytes, media: str) -> None:
    assert uploads.scan_type(raw) == media


@pytest.mark.parametrize("raw", [b"", b"<svg>", b"\x89PN", b"GIF89a"])
def test_other_files_are_no_scans(raw: bytes) -> None:
    with pytest.raises(BadRecord):
        uploads.scan_type(raw)
