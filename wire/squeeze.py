"""Compression with a bound: input from outside is expanded in steps and stopped at the limit."""

from __future__ import annotations

import zlib
from typing import Final, Literal

import zstandard

from wire.errors import BadRecord, TooMuch

Encoding = Literal["zstd", "gzip"]
_STEP_BYTES: Final = 65_536
_WINDOW_LOG: Final = 23  # 8 MiB: what RFC 8878 asks every decoder to take, and no more
_GZIP: Final = 16 + zlib.MAX_WBITS

# Those that nobody uses now: to make one costs as much as what it does, and no two threads may share one.
_idle: list[zstandard.ZstdDecompressor] = []
_resting: list[zstandard.ZstdCompressor] = []


def squeeze(raw: bytes) -> bytes:
    """`raw` as one zstd frame."""
    try:
        compressor = _resting.pop()
    except IndexError:
        compressor = zstandard.ZstdCompressor(level=3, write_checksum=True)
    try:
        return compressor.compress(raw)
    finally:
        _resting.append(compressor)


def expand(packed: bytes, encoding: Encoding, limit: int) -> bytes:
    """The bytes inside `packed`, at most `limit`; raises `TooMuch` past it, `BadRecord` when broken."""
    return _EXPANDERS[encoding](packed, limit)


def _expand_zstd(packed: bytes, limit: int) -> bytes:
    try:
        expander = _idle.pop()
    except IndexError:
        expander = zstandard.ZstdDecompressor(max_window_size=1 << _WINDOW_LOG)
    try:
        # A frame that tells its size is expanded in one go, and never past what it told.
        if 0 < zstandard.frame_content_size(packed) <= limit:
            return expander.decompress(packed, allow_extra_data=False)
        with expander.stream_reader(packed, read_across_frames=False) as reader:
            return _collect(reader.read, limit)
    except zstandard.ZstdError as error:
        raise BadRecord(f"broken zstd: {error}") from error
    finally:
        _idle.append(expander)


def _expand_gzip(packed: bytes, limit: int) -> bytes:
    expander = zlib.decompressobj(_GZIP)
    try:
        raw = expander.decompress(packed, limit + 1)
    except zlib.error as error:
        raise BadRecord(f"broken gzip: {error}") from error
    if len(raw) > limit:
        raise TooMuch(f"expands past {limit} bytes")
    if not expander.eof:
        raise BadRecord("broken gzip: it ends too early")
    return raw


def _collect(read: object, limit: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := read(_STEP_BYTES):  # type: ignore[operator]  # zstandard has no types for its reader
        size += len(part)
        if size > limit:
            raise TooMuch(f"expands past {limit} bytes")
        parts.append(part)
    return b"".join(parts)


_EXPANDERS: Final = {"zstd": _expand_zstd, "gzip": _expand_gzip}
