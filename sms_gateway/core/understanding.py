"""What a text says, whoever wrote it: a person's by the grammar, a machine's by its seal."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sms_gateway.core.book import NO_BOOK, Book
from sms_gateway.core.grammar import MAX_CHARS, read
from sms_gateway.core.reading import Fault, Reading, Rejected
from wire import digest
from wire.sealed import Sealed, is_signed_by, looks_sealed, take_apart
from wire.times import EPOCH, parse_time

_ID_BYTES: Final = 16
# A phone without a network may have a wrong clock; but a time far ahead would hide all later texts.
_AHEAD: Final = timedelta(days=1)
SEALED_AGE: Final = timedelta(days=30)
"""What was sealed earlier is not taken: so long we know that we had it already."""


def understand(
    text: str, regions: Collection[str], book: Book = NO_BOOK, now: datetime | None = None
) -> Reading | Rejected:
    """The reading of any text, or its rejection; never raises. `now`: when it arrived, None when not told."""
    if len(text) > MAX_CHARS or not looks_sealed(text):
        return read(text, regions, book)
    if digest.is_digest(text):
        return _digest(text, book, now)
    sealed = take_apart(text)
    if isinstance(sealed, str):
        return Rejected(error=sealed)
    fault = _fault(sealed, regions, book, now)
    if fault is not None:
        return Rejected(error=fault, understood=f"{sealed.station} {sealed.kind}")
    return Reading(
        kind=sealed.kind,
        station=sealed.station,
        value=sealed.value,
        language="kk",
        proof="seal" if book.known else "unchecked",
        mark=sealed.mark,
        at=sealed.time,
    )


def _digest(text: str, book: Book, now: datetime | None) -> Reading | Rejected:
    found = digest.read(text)
    if found is None:
        return Rejected(error="unknown_version")
    told, payload = found
    key = book.probes.get(told.probe)
    if book.probes and key is None:
        return Rejected(error="unknown_probe", understood=told.probe)
    if key is not None and not digest.is_signed_by(payload, key):
        return Rejected(error="forged", understood=told.probe)
    if not _in_time(parse_time(told.at), now):
        return Rejected(error="bad_time", understood=told.probe)
    return Reading(
        kind="digest", station="", value=told.probe, language="en", mark=told.line, at=told.at,
        proof="unchecked" if key is None else "seal",
    )  # fmt: skip


def identity(reading: Reading) -> str:
    """The name of a report that is proven, made from what it says; empty for what is not.

    The same report over two links, from two phones, or brought again by an operator has the same name.
    """
    if reading.proof == "none":
        return ""
    told = (reading.station, reading.kind, reading.value, reading.mark, reading.code, reading.at)
    return name_of("\0".join(told))


def name_of(content: str) -> str:
    """26 letters and digits made from some content."""
    digest = hashlib.sha256(content.encode("utf-8", "surrogatepass")).digest()[:_ID_BYTES]
    return base64.b32encode(digest).decode().rstrip("=").lower()


def _fault(sealed: Sealed, regions: Collection[str], book: Book, now: datetime | None) -> Fault | None:
    if book.known:
        keys = book.keys(sealed.station)
        if isinstance(keys, str):
            return keys
        if not is_signed_by(sealed, keys):
            return "forged"
    if sealed.station[:5] not in regions:
        return "unknown_region"
    at = EPOCH + timedelta(seconds=sealed.at)
    return None if _in_time(at, now) else "bad_time"


def _in_time(at: datetime, now: datetime | None) -> bool:
    return now is None or now - SEALED_AGE <= at <= now + _AHEAD
