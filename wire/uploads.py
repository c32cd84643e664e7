"""What is sent to the collector about result sheets: an upload with the sheet inside, or a void.

Rules of this file: a signature covers the purpose line and the record's RFC 8785 bytes without `signature`;
it is checked before the sheet inside is looked at. The sheet stands in the upload as text, exactly as it is
published.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated, Final, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from wire import canonical, jcs
from wire.errors import BadInput, BadRecord, BadSignature
from wire.names import SheetSender
from wire.records import TimeText
from wire.sheets import MAX_SHEET_BYTES, Sheet, parse_sheet, sheet_bytes
from wire.signing import Purpose, SigningKey, VerifyKey, from_text, to_text

UPLOAD: Final[Purpose] = "dabyl/v1/upload"
VOID: Final[Purpose] = "dabyl/v1/void"
MAX_UPLOAD_BYTES: Final = 2 * MAX_SHEET_BYTES + 4_096  # a quote in the sheet is two bytes in the upload
MAX_VOID_BYTES: Final = 4_096
MAX_SCAN_BYTES: Final = 8 * 1_048_576
SCAN_TYPES: Final = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": "application/pdf",
}
"""What a scan begins with, and what it then is."""
_Signer = Annotated[str, Meta(pattern=r"^(KZ-[0-9]{2}-[0-9]{4}|[a-z2-7]{26})$(?!\n)")]
_Signature = Annotated[str, Meta(max_length=86)]


class Upload(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sheet as it is sent. `signer`: the station, or the name of a commission's or observer's key.

    `at`: when it was signed. `sheet`: its published text. `scan`: SHA-256 of the photograph's bytes, or "".
    """

    v: Literal[1] = 1
    by: SheetSender
    signer: _Signer
    at: TimeText
    sheet: Annotated[str, Meta(max_length=MAX_SHEET_BYTES)]
    scan: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$(?!\n)")] = ""
    signature: _Signature = ""


class Void(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Its signer's own entries that do not count any more; they stay in the ledger. `note`: why."""

    v: Literal[1] = 1
    by: SheetSender
    signer: _Signer
    at: TimeText
    of: Annotated[tuple[Annotated[int, Meta(ge=0)], ...], Meta(min_length=1, max_length=8)]
    note: Annotated[str, Meta(min_length=1, max_length=128)]
    signature: _Signature = ""


Signed = TypeVar("Signed", Upload, Void)
_upload = canonical.Decoder(Upload)
_void = canonical.Decoder(Void)


def parse_upload(raw: bytes) -> Upload:
    """An upload from JSON; raises `BadRecord`. Nothing is verified yet."""
    if len(raw) > MAX_UPLOAD_BYTES:
        raise BadRecord(f"an upload of {len(raw)} bytes; {MAX_UPLOAD_BYTES} are allowed")
    return _upload(raw)


def parse_void(raw: bytes) -> Void:
    """A void from JSON; raises `BadRecord`. Nothing is verified yet."""
    return _void(raw)


def message(record: Upload | Void) -> bytes:
    """What is signed after the purpose line: RFC 8785 bytes of the record without `signature`."""
    plain = msgspec.to_builtins(record)
    del plain["signature"]
    return jcs.canonical_bytes(canonical.encode(plain))


def signed(key: SigningKey, record: Signed) -> Signed:
    """The record with its signature."""
    return replace(record, signature=to_text(key.sign(_purpose(record), message(record))))


def verify(record: Upload | Void, keys: Sequence[VerifyKey]) -> None:
    """Nothing when one of the keys signed it; raises `BadSignature`."""
    said, signature = message(record), _signature(record)
    for key in keys:
        try:
            key.verify(_purpose(record), said, signature)
        except BadSignature:
            continue
        return
    raise BadSignature("the signature is of none of the keys that are known")


def _signature(record: Upload | Void) -> bytes:
    try:
        return from_text(record.signature)
    except BadInput as error:
        raise BadSignature("the signature is not base64") from error


def _purpose(record: Upload | Void) -> Purpose:
    return UPLOAD if isinstance(record, Upload) else VOID


def sheet_of(upload: Upload) -> tuple[Sheet, bytes]:
    """The sheet and the bytes that are published; raises `BadRecord`.

    The text must be the sheet's canonical one, and a station sends its own sheets only.
    """
    raw = upload.sheet.encode()
    sheet = parse_sheet(raw)
    if sheet_bytes(sheet) != raw:
        raise BadRecord("the sheet's text is not its canonical form (RFC 8785)")
    if upload.by == "station" and sheet.station != upload.signer:
        raise BadRecord(f"this is a sheet of {sheet.station}, signed by {upload.signer}")
    return sheet, raw


def sheet_hash(raw: bytes) -> str:
    """SHA-256 of published bytes, in hex."""
    return hashlib.sha256(raw).hexdigest()


def scan_type(raw: bytes) -> str:
    """The media type of a scan by its first bytes; raises `BadRecord` for what is none of the three."""
    for magic, media in SCAN_TYPES.items():
        if raw.startswith(magic):
            return media
    raise BadRecord("a scan is a JPEG, a PNG or a PDF")
