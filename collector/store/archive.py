"""The evidence: daily files of exact signed bytes, `archive/batches-2026-11-20.jsonl.zst`.

Each line is `{"received_at": ..., "raw": <the batch as it was signed, base64>}`. A file is a
row of zstd frames, each with whole lines and a checksum; `zstd -d` reads it as one stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Final

import msgspec
import zstandard

from collector.core.times import stamp
from collector.store.rows import Found
from wire.errors import BadRecord

# What is kept is compressed already: all that can be gained is what base64 adds, and the first level gains
# that at a third of the price of the third.
LEVEL: Final = 1
_CHUNK_BYTES: Final = 1_048_576
_encoder = msgspec.json.Encoder()


class KeptLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the archive."""

    received_at: str
    raw: bytes


_decoder = msgspec.json.Decoder(KeptLine)


def archive_path(folder: Path, day: str) -> Path:
    """The file of a day (`2026-11-20`, UTC, by arrival)."""
    return folder / "archive" / f"batches-{day}.jsonl.zst"


def day_of(found: Found) -> str:
    """The day to whose file a batch belongs."""
    return stamp(found.received_ms / 1000)[:10]


def frame(batches: Sequence[Found]) -> bytes:
    """Batches as one zstd frame of lines."""
    packer = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compressobj()
    packed = [packer.compress(_line(one)) for one in batches]  # a line at a time: it is still in the cache
    return b"".join([*packed, packer.flush()])


def _line(found: Found) -> bytes:
    return _encoder.encode(KeptLine(received_at=stamp(found.received_ms / 1000), raw=found.raw)) + b"\n"


def read_archive(path: Path, size_bytes: int | None = None) -> Iterator[KeptLine]:
    """The lines of a file, of its first `size_bytes` when given; raises `BadRecord` for a broken one.

    Reads as a stream: a day may be larger than memory.
    """
    size = path.stat().st_size
    if size_bytes is not None and size < size_bytes:
        raise BadRecord(f"{path}: {size} bytes, {size_bytes} were durable")
    try:
        with path.open("rb") as file:
            chunks = _expanded(file, size if size_bytes is None else size_bytes)
            yield from (_decoder.decode(line) for line in _lines(chunks))
    except (zstandard.ZstdError, msgspec.MsgspecError) as error:
        raise BadRecord(f"{path}: {error}") from error


def _expanded(file: BinaryIO, left_bytes: int) -> Iterator[bytes]:
    """Frame after frame; raises `ZstdError` when the last one is not whole."""
    expander, started = zstandard.ZstdDecompressor().decompressobj(), False
    while left_bytes > 0:
        packed = file.read(min(_CHUNK_BYTES, left_bytes))
        left_bytes -= len(packed)
        while packed:
            yield expander.decompress(packed)
            packed, started = expander.unused_data, not expander.eof
            if expander.eof:
                expander = zstandard.ZstdDecompressor().decompressobj()
    if started:
        raise zstandard.ZstdError("the last frame is not whole")


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
    if rest:
        raise zstandard.ZstdError("the last line has no end")
