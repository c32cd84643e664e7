"""Reads a request of remote write 1.0 again, written from the specifications and not from our encoder."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from collector.core.late import Sample


def written(body: bytes) -> list[Sample]:
    """The samples of a request."""
    return [one for number, series in fields(unsnapped(body)) if number == 1 for one in series_of(series)]


def unsnapped(body: bytes) -> bytes:
    """A Snappy block; only literals, which is all that may be there when nothing was compressed."""
    size, at = varint(body, 0)
    found = b""
    while at < len(body):
        tag = body[at]
        assert tag & 3 == 0, "a literal"
        length, at = tag >> 2, at + 1
        if length >= 60:
            extra = length - 59
            length, at = int.from_bytes(body[at : at + extra], "little"), at + extra
        found += body[at : at + length + 1]
        at += length + 1
    assert len(found) == size
    return found


def varint(raw: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        number |= (raw[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if raw[at - 1] < 0x80:
            return number, at


def fields(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Field number and bytes; of a varint, its value as 8 bytes, little end first."""
    at = 0
    while at < len(raw):
        key, at = varint(raw, at)
        if key & 7 == 2:
            size, at = varint(raw, at)
        elif key & 7 == 1:
            size = 8
        else:
            value, at = varint(raw, at)
            yield key >> 3, value.to_bytes(8, "little")
            continue
        yield key >> 3, raw[at : at + size]
        at += size


def series_of(raw: bytes) -> Iterator[Sample]:
    found = list(fields(raw))
    pairs = [dict(fields(label)) for number, label in found if number == 1]
    labels = {pair[1].decode(): pair[2].decode() for pair in pairs}
    assert list(labels) == sorted(labels)
    name = labels.pop("__name__")
    for number, sample in found:
        if number == 2:
            values = dict(fields(sample))
            at_ms = int.from_bytes(values[2], "little")
            yield Sample(name, tuple(labels.items()), at_ms, struct.unpack("<d", values[1])[0])
