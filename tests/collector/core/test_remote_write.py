"""The bytes of a remote-write request, as the specification's other implementations read them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collector.core.late import Sample
from collector.core.remote_write import bodies, snappy, varint, write_request


def unpacked(block: bytes) -> bytes:
    """A Snappy block of literals, read by its format's description."""
    size, at = number(block, 0)
    out = b""
    while at < len(block):
        assert block[at] == 0xF4, "a literal whose length stands in two bytes"
        length = int.from_bytes(block[at + 1 : at + 3], "little") + 1
        out += block[at + 3 : at + 3 + length]
        at += 3 + length
    assert len(out) == size
    return out


def number(raw: bytes, at: int) -> tuple[int, int]:
    found = shift = 0
    while True:
        found |= (raw[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if raw[at - 1] < 0x80:
            return found, at


@given(st.integers(0, 2**63 - 1))
def test_a_number_is_read_as_it_was_written(value: int) -> None:
    assert number(varint(value), 0) == (value, len(varint(value)))


@given(st.binary(max_size=300), st.integers(0, 700))
def test_a_block_holds_the_bytes(part: bytes, times: int) -> None:
    assert unpacked(snappy(part * times)) == part * times


def test_a_request_is_these_bytes() -> None:
    labels = (("region", "KZ-71"),)
    found = write_request([Sample("m", labels, 300, 1.0), Sample("m", labels, 1, 0.5)])
    assert found.hex(" ") == (
        "0a 3b 0a 0d 0a 08 5f 5f 6e 61 6d 65 5f 5f 12 01 6d 0a 0f 0a 06 72 65 67 69 6f 6e 12 05 4b 5a 2d 37 31"
        " 12 0b 09 00 00 00 00 00 00 e0 3f 10 01 12 0c 09 00 00 00 00 00 00 f0 3f 10 ac 02"
    )


def test_many_samples_are_many_requests() -> None:
    samples = [Sample("m", (), at, 1.0) for at in range(25)]
    assert [count for count, _ in bodies(samples, 10)] == [10, 10, 5]
