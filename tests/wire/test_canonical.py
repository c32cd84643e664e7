from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.judge.scenes import SITE, WELL, measured
from wire.canonical import MAX_DEPTH, MAX_LINE_BYTES, Decoder, check_shape, encode
from wire.errors import BadRecord
from wire.records import Measurement

decode = Decoder(Measurement)
LINE = encode(measured(SITE, WELL))


def test_a_record_comes_back_as_it_was() -> None:
    assert encode(decode(LINE)) == LINE


def test_a_key_from_a_newer_version_is_passed_over() -> None:
    assert decode(LINE.replace(b'{"v":1', b'{"v":1,"later":[1]')) == decode(LINE)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (LINE.replace(b'"v":1', b'"v":1,"v":1'), "twice"),
        (LINE.replace(b'"v":1', b'"v":2'), "Invalid enum value 2"),
        (LINE.replace(b'"t0":0', b'"t0":NaN', 1), "invalid"),
        (LINE.replace(b'"v":1', b'"v":1,"later":' + b"[" * 20 + b"]" * 20), "deeper"),
        (b"{" * 100_000, "JSON"),
        (b"", "truncated"),
        (b"[1]", "object"),
        (b"\xff\xfe", "malformed"),
        (b" " * (MAX_LINE_BYTES + 1), "allowed"),
    ],
)
def test_what_is_no_record_is_refused_with_a_reason(line: bytes, reason: str) -> None:
    with pytest.raises(BadRecord, match=reason):
        decode(line)


def test_nesting_is_counted_and_constants_are_refused() -> None:
    check_shape(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    for line in (b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2), b"[Infinity]", b'{"a":1,"a":2}'):
        with pytest.raises(BadRecord):
            check_shape(line)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_a_record_or_a_clean_refusal(line: bytes) -> None:
    with pytest.raises(BadRecord) as refusal:
        decode(line)
    assert "\n" not in str(refusal.value)
