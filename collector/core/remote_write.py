"""Samples as the body of a remote-write request, version 1.0: a protobuf message in a Snappy block.

Three small messages and a block of literals need no library. The source is the specification,
https://prometheus.io/docs/specs/remote_write_spec, and Snappy's format_description.txt.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from collector.core.late import Labels, Sample

HEADERS: Final = {
    "Content-Encoding": "snappy",
    "Content-Type": "application/x-protobuf",
    "X-Prometheus-Remote-Write-Version": "0.1.0",
}
_LITERAL_BYTES: Final = 65_536
_LITERAL_OF_TWO: Final = bytes([61 << 2])  # a literal whose length less one follows in two bytes
_DELIMITED: Final = 2  # the wire types of protobuf
_FIXED64: Final = 1
_VARINT: Final = 0
_MORE: Final = 0x80


def bodies(samples: Iterable[Sample], most: int = 5_000) -> Iterable[tuple[int, bytes]]:
    """Requests of at most so many samples, in the order given; with each, how many it holds."""
    left = iter(samples)
    while lot := list(islice(left, most)):
        yield len(lot), snappy(write_request(lot))


def write_request(samples: Sequence[Sample]) -> bytes:
    """The message: labels sorted by name, one series once, its samples in the order of time."""
    series: dict[tuple[str, Labels], list[Sample]] = {}
    for sample in samples:
        series.setdefault((sample.name, sample.labels), []).append(sample)
    return b"".join(_field(1, _series(*key, values)) for key, values in sorted(series.items()))


def snappy(raw: bytes) -> bytes:
    """A Snappy block that holds the bytes as they are: larger, and read by everybody."""
    parts = [raw[start : start + _LITERAL_BYTES] for start in range(0, len(raw), _LITERAL_BYTES)]
    literals = (_LITERAL_OF_TWO + struct.pack("<H", len(part) - 1) + part for part in parts)
    return varint(len(raw)) + b"".join(literals)


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; not for negative numbers."""
    found = bytearray()
    while number >= _MORE:
        found.append(number % _MORE | _MORE)
        number //= _MORE
    found.append(number)
    return bytes(found)


def _series(name: str, labels: Labels, samples: Iterable[Sample]) -> bytes:
    pairs = sorted([("__name__", name), *labels])
    told = b"".join(_field(1, _field(1, key.encode()) + _field(2, value.encode())) for key, value in pairs)
    values = sorted((one.at_ms, one.value) for one in samples)
    return told + b"".join(_field(2, _sample(at_ms, value)) for at_ms, value in values)


def _sample(at_ms: int, value: float) -> bytes:
    return varint(1 << 3 | _FIXED64) + struct.pack("<d", value) + varint(2 << 3 | _VARINT) + varint(at_ms)


def _field(number: int, raw: bytes) -> bytes:
    return varint(number << 3 | _DELIMITED) + varint(len(raw)) + raw
