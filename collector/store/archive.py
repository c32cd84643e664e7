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

LEVEL: Final = 3
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
    lines = [KeptLine(received_at=stamp(one.received_ms / 1000), raw=one.raw) for one in batches]
    return zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(_encoder.encode_lines(lines))


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
