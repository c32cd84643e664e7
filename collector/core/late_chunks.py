"""Samples on their way to Prometheus in chunks: packed for the queue, parted by what may still be taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Final

import msgspec

from collector.core.late import Labels, Sample
from wire.squeeze import expand, squeeze

CHUNK_SAMPLES: Final = 5_000
MAX_CHUNK_BYTES: Final = 64 * 1_048_576


class _Run(msgspec.Struct, frozen=True, array_like=True):
    """Samples of one series that follow each other."""

    name: str
    labels: Labels
    at_ms: list[int]
    values: list[float]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[_Run]).decode


def chunks(samples: Iterable[Sample], most: int = CHUNK_SAMPLES) -> Iterator[list[Sample]]:
    """At most so many at a time, in the order given."""
    left = iter(samples)
    while lot := list(islice(left, most)):
        yield lot


def pack(samples: Iterable[Sample]) -> bytes:
    """A chunk as bytes."""
    runs = (list(found) for _, found in groupby(samples, key=lambda one: (one.name, one.labels)))
    return squeeze(
        _encode(
            [_Run(run[0].name, run[0].labels, [s.at_ms for s in run], [s.value for s in run]) for run in runs]
        )
    )


def unpack(raw: bytes) -> list[Sample]:
    """The samples of a chunk that was packed by this program."""
    runs = _decode(expand(raw, "zstd", MAX_CHUNK_BYTES))
    return [
        Sample(run.name, run.labels, at_ms, value)
        for run in runs
        for at_ms, value in zip(run.at_ms, run.values, strict=True)
    ]


def parted(samples: Sequence[Sample], floor_ms: float) -> tuple[list[Sample], list[Sample]]:
    """Those at or after a time (Unix milliseconds), and those before it."""
    young = [one for one in samples if one.at_ms >= floor_ms]
    return young, [one for one in samples if one.at_ms < floor_ms]
