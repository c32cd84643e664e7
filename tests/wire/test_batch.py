from __future__ import annotations

import zlib
from contextlib import suppress

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.wire.judge.scenes import SITE, WELL, measured
from wire import batch
from wire.columns import MAX_RECORDS, pack
from wire.errors import BadInput, BadRecord
from wire.records import StationReport
from wire.signing import Purpose, SigningKey, VerifyKey, to_text
from wire.squeeze import expand

KEY = SigningKey(bytes(range(32)))
BOOT = "00112233aabbccdd"
RECORDS = [replace(measured(SITE, WELL), probe=KEY.id)] * 3
RAW = batch.seal(KEY, "dabyl/v1/batch", BOOT, 7, RECORDS)


def by_hand(body: bytes, purpose: Purpose, form: str) -> batch.Envelope:
    """A signed batch whose body our own code would not make."""
    head = f"{purpose} {KEY.id} {BOOT} 1 {form}".encode()
    signature = KEY.sign(purpose, head + b"\n" + body)
    return batch.take_apart(head + b"\n" + to_text(signature).encode() + b"\n" + body)


def test_a_batch_comes_back_as_it_was() -> None:
    envelope = batch.take_apart(RAW)
    batch.verify(envelope, VerifyKey(KEY.public), "dabyl/v1/batch")
    assert (envelope.probe, envelope.boot, envelope.sequence) == (KEY.id, BOOT, 7)
    assert batch.measurements(envelope) == RECORDS


def test_an_empty_batch_fills_a_place() -> None:
    envelope = batch.take_apart(batch.seal(KEY, "dabyl/v1/batch", BOOT, 8, []))
    assert batch.measurements(envelope) == []


def test_a_report_is_no_batch() -> None:
    report = StationReport(id="r", station="KZ-71-0379", kind="open", at="2026-11-20T12:00:00.000Z")
    envelope = batch.take_apart(batch.seal(KEY, "dabyl/v1/report", BOOT, 1, [report]))
    assert batch.reports(envelope) == [report]
    with pytest.raises(BadRecord, match="not for"):
        batch.verify(envelope, VerifyKey(KEY.public), "dabyl/v1/batch")


@given(st.integers(0, len(RAW) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed_unseen(place: int, change: int) -> None:
    changed = bytearray(RAW)
    changed[place] ^= change
    with suppress(BadInput):
        envelope = batch.take_apart(bytes(changed))
        batch.verify(envelope, VerifyKey(KEY.public), "dabyl/v1/batch")
        # The last letter of the signature has four bits that mean nothing: the rest must be as it was.
        assert envelope == batch.take_apart(RAW)


@given(st.binary(max_size=400))
def test_any_bytes_give_an_envelope_or_a_clean_refusal(raw: bytes) -> None:
    with pytest.raises(BadInput):
        batch.take_apart(raw)


BOMB = zstandard.compress(bytes(batch.MAX_EXPANDED_BYTES + 1))
UNSIZED = zstandard.ZstdCompressor(write_content_size=False)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (BOMB, "expands past"),
        (UNSIZED.compress(bytes(batch.MAX_EXPANDED_BYTES + 1)), "expands past"),
        (b"no frame", "broken zstd"),
        (zstandard.compress(b"words")[:-2], "broken zstd"),
        (zstandard.compress(b"words") + b"behind", "broken zstd"),
        (zstandard.compress(b"words"), "Expected `array`"),
    ],
)
def test_bombs_and_broken_columns_are_refused(body: bytes, reason: str) -> None:
    with pytest.raises(BadRecord, match=reason):
        batch.measurements(by_hand(body, "dabyl/v1/batch", "columns"))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (BOMB, "expands past"),
        (zstandard.compress(b"{}"), "no end"),
        (zstandard.compress(b"{}\n" * (MAX_RECORDS + 1)), "records"),
        (zstandard.compress(b"{}\n"), "missing required field"),
    ],
)
def test_bombs_and_broken_lines_are_refused(body: bytes, reason: str) -> None:
    with pytest.raises(BadRecord, match=reason):
        batch.reports(by_hand(body, "dabyl/v1/report", "lines"))


@pytest.mark.parametrize(
    ("purpose", "form"),
    [("dabyl/v1/batch", "lines"), ("dabyl/v1/report", "columns"), ("dabyl/v1/batch", "zstd")],
)
def test_each_purpose_has_one_form(purpose: Purpose, form: str) -> None:
    with pytest.raises(BadRecord, match=f"in {form}|first lines are wrong"):
        by_hand(zstandard.compress(b""), purpose, form)


def test_a_frame_that_does_not_tell_its_size_is_taken_too() -> None:
    assert (
        batch.measurements(by_hand(UNSIZED.compress(pack(RECORDS)), "dabyl/v1/batch", "columns")) == RECORDS
    )


def test_nobody_signs_what_another_measured() -> None:
    with pytest.raises(BadRecord, match="the probe that signs it"):
        batch.seal(KEY, "dabyl/v1/batch", BOOT, 1, [measured(SITE, WELL)])
    with pytest.raises(BadRecord, match="the probe that signs it"):
        batch.seal(KEY, "dabyl/v1/batch", BOOT, 1, ["words"])


def test_expansion_stops_at_its_bound_not_after() -> None:
    assert expand(zlib_gzip(b"a" * 100), "gzip", 100) == b"a" * 100
    with pytest.raises(BadRecord):
        expand(zlib_gzip(b"a" * 101), "gzip", 100)


def zlib_gzip(raw: bytes) -> bytes:
    return zlib.compress(raw, wbits=31)


def test_a_batch_that_is_too_large_is_not_even_read() -> None:
    with pytest.raises(BadRecord, match="allowed"):
        batch.take_apart(bytes(batch.MAX_BATCH_BYTES + 1))
