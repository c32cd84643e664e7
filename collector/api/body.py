"""Reading a body from somebody who may be slow, endless or one of too many."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from aiohttp import web

from collector.core.refusals import Refused

_NO_ENCODING: Final = frozenset({"", "identity"})


class Gate:
    """How many may be inside at once; who comes when it is full is sent away, not queued."""

    def __init__(self, places: int) -> None:
        """With so many places."""
        self._free = places

    @contextmanager
    def place(self) -> Iterator[None]:
        """One place while the block runs; raises `Refused` ("busy")."""
        if self._free == 0:
            raise Refused("busy")
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


async def read_body(request: web.Request, max_bytes: int, timeout_s: float) -> bytes:
    """The whole body as it was sent; raises `Refused` ("encoding", "too_large", "slow")."""
    if request.headers.get("Content-Encoding", "").strip().lower() not in _NO_ENCODING:
        raise Refused("encoding")
    if (request.content_length or 0) > max_bytes:
        raise Refused("too_large", f"{request.content_length} bytes; {max_bytes} are allowed")
    try:
        async with asyncio.timeout(timeout_s):
            return await _read(request, max_bytes)
    except TimeoutError as error:
        raise Refused("slow", f"the body did not arrive within {timeout_s:g} s") from error


async def _read(request: web.Request, max_bytes: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := await request.content.readany():
        size += len(part)
        if size > max_bytes:
            raise Refused("too_large", f"more than {max_bytes} bytes")
        parts.append(part)
    return b"".join(parts)
