"""Reading an archive that may be damaged: every line that can be read, and each fault by file and line.

Rules of this file: a broken frame ends nothing; the next one is looked for by its magic number.
What was read of a broken frame is given too: a signature says whether a line is whole.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import zstandard

from collector.store.archive import KeptLine

MAGIC: Final = b"\x28\xb5\x2f\xfd"
MAX_FRAME_BYTES: Final = 256 * 1_048_576  # ours hold 23 MiB
_CHUNK_BYTES: Final = 1_048_576
_SMALL_BYTES: Final = 256
_decoder = msgspec.json.Decoder(KeptLine)


class Line(NamedTuple):
    """One line of an archive, not yet verified."""

    file: str
    number: int
    kept: KeptLine


class Fault(NamedTuple):
    """What is wrong, and where. Line 0: the file as a whole."""

    file: str
    number: int
    why: str

    def __str__(self) -> str:
        """One line for a person."""
        return f"{self.file}: line {self.number}: {self.why}" if self.number else f"{self.file}: {self.why}"


class _Frame(NamedTuple):
    text: bytes
    end: int  # -1 when it is broken
    why: str


def read_lines(path: Path, name: str, size_bytes: int | None = None) -> Iterator[Line | Fault]:
    """The lines and faults of a file's first bytes (None: all of them), in their order."""
    if not path.exists():
        yield Fault(name, 0, "the file is gone")
        return
    size = path.stat().st_size
    if size_bytes is not None and size < size_bytes:
        yield Fault(name, 0, f"{size} bytes, {size_bytes} were durable")
    if size == 0:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield from _lines(name, data, size if size_bytes is None else min(size, size_bytes))


def _lines(name: str, data: mmap.mmap, size: int) -> Iterator[Line | Fault]:
    number = offset = 0
    searching = False
    while 0 <= offset < size:
        frame = _frame(data, offset, size)
        broken = frame.end < 0
        if not (broken and searching):  # while a whole frame is looked for, a magic number may be chance
            for found in _of_text(name, number, frame.text):
                number += 1
                yield found
            if broken:
                yield Fault(name, number + 1, f"from here the frame at byte {offset} is broken: {frame.why}")
        searching = broken
        offset = data.find(MAGIC, offset + 1, size) if broken else frame.end


def _of_text(name: str, number: int, text: bytes) -> Iterator[Line | Fault]:
    for line in text.split(b"\n")[:-1]:
        number += 1
        try:
            yield Line(name, number, _decoder.decode(line))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            yield Fault(name, number, str(error))


def _frame(data: mmap.mmap, offset: int, size: int) -> _Frame:
    whole = _expanded(data, offset, size, _CHUNK_BYTES)
    # In small steps more is saved of a broken one.
    return whole if whole.end >= 0 else _expanded(data, offset, size, _SMALL_BYTES)


def _expanded(data: mmap.mmap, offset: int, size: int, step: int) -> _Frame:
    expander, parts, held, at = zstandard.ZstdDecompressor().decompressobj(), [b""], 0, offset
    try:
        while not expander.eof:
            if at >= size or held > MAX_FRAME_BYTES:
                return _Frame(b"".join(parts), -1, "it is not whole" if at >= size else "it is too large")
            packed = data[at : min(at + step, size)]
            at += len(packed)
            parts.append(expander.decompress(packed))
            held += len(parts[-1])
    except zstandard.ZstdError as error:
        return _Frame(b"".join(parts), -1, str(error))
    return _Frame(b"".join(parts), at - len(expander.unused_data), "")
