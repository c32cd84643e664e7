"""What stands between on loopback and lets a word's connections through slowly, or all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from tests.servers.deaf import talking

_TICK_S: Final = 0.05


@asynccontextmanager
async def throttle(backend: int, word: bytes, bytes_a_second: int) -> AsyncIterator[int]:
    """A port that leads to `backend`; connections whose first bytes hold `word` get so much, after the handshake."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.read(4096)
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", backend)
        far_writer.write(first)
        slow = bytes_a_second if word in first else 0
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_pump(reader, far_writer, 0, 0))
                group.create_task(_pump(far_reader, writer, slow, 4096))
        finally:
            far_writer.transport.abort()

    async with talking(talk) as port:
        yield port


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter, rate: int, free: int) -> None:
    """`rate`: bytes a second, 0 for all at once; the first `free` bytes are never held."""
    piece = int(rate * _TICK_S) or 65_536
    with suppress(ConnectionError):
        while data := await source.read(piece):
            sink.write(data)
            await sink.drain()
            free -= len(data)
            if rate and free < 0:
                await asyncio.sleep(_TICK_S)
    sink.close()
