"""Detection over files: lines in, incidents out. The shell around `collector.core.detect`.

Rules of this file: a file is read once, in blocks, and may be a pipe; compression is told by
the first bytes, not by the name.
"""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from functools import partial
from itertools import chain
from typing import IO, Any, BinaryIO, Final

import zstandard

from collector.core.detect import BadLine, Block, Reader, detect, read_block
from collector.forked import can_fork, forked
from wire.errors import BadInput
from wire.incidents import Incident

_BLOCK_BYTES: Final = 4 << 20
_AHEAD: Final = 6  # blocks that are being read at once: memory stays bounded
_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"


def detect_streams(
    streams: Iterable[tuple[str, BinaryIO]], now: float | None, told: Callable[[int], None] = lambda _: None
) -> list[Incident]:
    """Incidents from some streams of measurements, by name; `told` hears how many lines were read.

    Raises `BadInput` with the stream's name and the line's number for a line that is no measurement.
    """
    reader = Reader()
    with _workers() as pool:
        for name, stream in streams:
            _read(reader, _blocks(name, stream), pool, told)
    columns = reader.columns()
    # The file ends where it ends: that nothing comes after it is nobody's silence.
    beyond = now is not None and (not len(columns) or now >= columns.arrival[-1])
    return detect(columns, None if beyond else now)


_Numbered = tuple[str, int, bytes]


def _blocks(name: str, stream: BinaryIO) -> Iterator[_Numbered]:
    """Blocks of whole lines, with the stream's name and the number of lines before."""
    before = 0
    try:
        with expanded(stream) as lines:
            while block := lines.read(_BLOCK_BYTES):
                block += lines.readline()
                yield name, before, block
                before += block.count(b"\n")
    except (zstandard.ZstdError, zlib.error, EOFError, gzip.BadGzipFile) as error:
        raise BadInput(f"{name}: after line {before}: {error}") from error


@contextmanager
def _workers() -> Iterator[Executor | None]:
    """Processes that read blocks side by side, one a core; None where one core or no fork is all there is."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if cores == 1 or not can_fork():
        yield None
        return
    with forked(cores) as pool:  # so that all share the seed of Python's hash
        yield pool


def _read(
    reader: Reader, blocks: Iterator[_Numbered], pool: Executor | None, told: Callable[[int], None]
) -> None:
    """All blocks in their order; the first and only block is not worth a worker."""
    first = next(blocks, None)
    second = next(blocks, None)
    if first is None:
        return
    if second is None or pool is None:
        for block in chain([first], [second] if second else [], blocks):
            _add(reader, block, partial(_understood, block[2]), told)
        return
    ahead: deque[tuple[_Numbered, Future[Block]]] = deque()
    for name, before, lines in chain([first, second], blocks):
        ahead.append(((name, before, b""), pool.submit(_understood, lines)))
        if len(ahead) > _AHEAD:
            where, future = ahead.popleft()
            _add(reader, where, future.result, told)
    for where, future in ahead:
        _add(reader, where, future.result, told)


def _understood(block: bytes) -> Block:
    """A block, told apart where it is read: one piece goes to a worker sooner than ten thousand."""
    lines = block.split(b"\n")
    return read_block(lines if lines[-1] else lines[:-1])


def _add(reader: Reader, block: _Numbered, read: Callable[[], Block], told: Callable[[int], None]) -> None:
    name, before, _ = block
    try:
        reader.add(read())
    except BadLine as error:
        raise BadInput(f"{name}: line {before + error.number}: {error.why}") from error
    told(reader.lines)


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
