"""Control records from a file or from a collector."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import zstandard

from probes.core.signed_table import Signature
from wire import canonical
from wire.errors import BadInput, BadRecord
from wire.records import Measurement
from wire.signing import CONTROL_KEY, CONTROL_SIGNATURE
from wire.squeeze import expand
from wire.times import parse_time

MAX_CONTROL_BYTES: Final = 64 * 1_048_576
FETCH_S: Final = 30.0
CONNECT_S: Final = 10.0
_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_decode = canonical.Decoder(Measurement)


async def read_source(source: str) -> list[Measurement]:
    """The control records of a file or of a collector; raises `BadInput`."""
    if source.startswith(("http://", "https://")):
        return await fetch_controls(source)
    return read_controls(Path(source))


def read_controls(path: Path) -> list[Measurement]:
    """The control records of a file, JSON lines, plain or gzip or zstd; raises `BadInput`."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_CONTROL_BYTES + 1)
    except OSError as error:
        raise BadInput(f"--control {path}: {error.strerror}") from error
    return parse_controls(raw, str(path))


def parse_controls(raw: bytes, source: str) -> list[Measurement]:
    """The records in bytes; a broken line is named; raises `BadInput`."""
    if len(raw) > MAX_CONTROL_BYTES:
        raise BadInput(f"{source}: more than {MAX_CONTROL_BYTES} bytes")
    return list(_records(_expanded(raw, source), source))


def _records(raw: bytes, source: str) -> Iterator[Measurement]:
    for number, line in enumerate(raw.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            found = _decode(line)
            parse_time(found.at)  # how old it is would be asked in the middle of a round
            yield found
        except BadRecord as error:
            raise BadInput(f"{source}:{number}: {error}") from error


def _expanded(raw: bytes, source: str) -> bytes:
    try:
        if raw.startswith(_GZIP):
            return expand(raw, "gzip", MAX_CONTROL_BYTES)
        if raw.startswith(_ZSTD):
            return _whole(expand(raw, "zstd", MAX_CONTROL_BYTES), raw)
    except BadRecord as error:
        raise BadInput(f"{source}: {error}") from error
    return raw


def _whole(expanded: bytes, packed: bytes) -> bytes:
    """Refuse a zstd frame that was cut: its reader ends without a word. -1 is a frame that tells no size."""
    try:
        size = zstandard.frame_content_size(packed)
    except zstandard.ZstdError as error:
        raise BadRecord("broken zstd: it ends within its head") from error
    if size not in {-1, len(expanded)}:
        raise BadRecord("broken zstd: it ends too early")
    return expanded


async def fetch_controls(url: str) -> list[Measurement]:
    """The control records that a collector gives away at `/v1/control`; raises `BadInput`."""
    return parse_controls((await fetch_table(url))[0], url[:120])


async def fetch_table(url: str) -> tuple[bytes, Signature]:
    """The bytes of such a table and what it is signed with; raises `BadInput`. Nothing is checked yet."""
    from aiohttp import ClientTimeout  # noqa: PLC0415  # a third of a second that only this needs

    from probes.post import UNREACHED, in_words, new_session, proxy_for, read_body  # noqa: PLC0415  # as above

    limit, proxy = ClientTimeout(total=FETCH_S, connect=CONNECT_S), proxy_for(url)
    try:
        async with new_session() as session, session.get(url, timeout=limit, proxy=proxy) as answer:
            if answer.status != 200:  # noqa: PLR2004  # OK
                raise BadInput(f"--control {url[:120]}: HTTP {answer.status}")
            # one byte too many is enough for the parser to say why
            raw, headers = await read_body(answer.content, MAX_CONTROL_BYTES + 1), answer.headers
    except UNREACHED as error:
        raise BadInput(f"--control {url[:120]}: {in_words(error)}") from error
    return raw, Signature(key=headers.get(CONTROL_KEY, ""), signature=headers.get(CONTROL_SIGNATURE, ""))
