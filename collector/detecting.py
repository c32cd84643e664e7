"""Detection over files: lines in, incidents out. The shell around `collector.core.detect`.

Rules of this file: a file is read once, in blocks, and may be a pipe; compression is told by
the first bytes, not by the name.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterable
from typing import IO, Any, BinaryIO, Final

import zstandard

from collector.core.detect import Reader, detect
from wire.errors import BadInput, BadRecord
from wire.incidents import Incident

_BLOCK_BYTES: Final = 4 << 20
_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"


def detect_streams(
    streams: Iterable[tuple[str, BinaryIO]], now: float | None, told: Callable[[int], None] = lambda _: None
) -> list[Incident]:
    """Incidents from some streams of measurements, by name; `told` hears how many lines were read.

    Raises `BadInput` with the stream's name and the line's number for a line that is no measurement.
    """
    reader = Reader()
    for name, stream in streams:
        _read(reader, name, stream, told)
    return detect(reader.columns(), now)


def _read(reader: Reader, name: str, stream: BinaryIO, told: Callable[[int], None]) -> None:
    before = reader.lines
    try:
        with expanded(stream) as lines:
            while block := lines.readlines(_BLOCK_BYTES):
                reader.take(block)
                told(reader.lines)
    except BadRecord as error:
        number = getattr(error, "number", 0) - before
        raise BadInput(f"{name}: line {number}: {getattr(error, 'why', error)}") from error
    except (zstandard.ZstdError, zlib.error, EOFError, gzip.BadGzipFile) as error:
        raise BadInput(f"{name}: after line {reader.lines - before}: {error}") from error


def expanded(stream: BinaryIO) -> IO[bytes]:
    """The stream without its compression."""
    buffered = io.BufferedReader(_Raw(stream), _BLOCK_BYTES)
    head = buffered.peek(4)[:4]
    if head.startswith(_ZSTD):
        reader = zstandard.ZstdDecompressor().stream_reader(buffered, read_across_frames=True)
        return io.BufferedReader(_Raw(reader), _BLOCK_BYTES)
    if head.startswith(_GZIP):
        return io.BufferedReader(_Raw(gzip.GzipFile(fileobj=buffered)), _BLOCK_BYTES)
    return buffered


class _Raw(io.RawIOBase):
    """Anything that reads bytes, as the ground that a buffer stands on."""

    def __init__(self, source: Any) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._source.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)
