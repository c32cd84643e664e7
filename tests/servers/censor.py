"""What stands between on loopback: lets connections through unless their first bytes hold a word."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Literal

from tests.servers.deaf import talking

Conduct = Literal["silence", "reset", "close", "alert"]
_ALERT = b"\x15\x03\x03\x00\x02\x02\x31"  # fatal, access denied (RFC 8446, 6.2)
_LINGER_NOT = struct.pack("ii", 1, 0)  # close() then sends a RST


@asynccontextmanager
async def censor(backend: int, word: bytes, conduct: Conduct, *, times: int = 1_000) -> AsyncIterator[int]:
    """A port that leads to `backend`, but not for the word, so many times."""
    left = times

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal left
        first = await reader.read(4096)
        if word in first and left:
            left -= 1
            await _react(conduct, reader, writer)
            return
        await _let_through(first, reader, writer, backend)

    async with talking(talk) as port:
        yield port


async def _react(conduct: Conduct, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    if conduct == "silence":
        with suppress(ConnectionError):
            while await reader.read(4096):
                pass
    if conduct == "alert":
        writer.write(_ALERT)
    if conduct == "reset":
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
    writer.close()


async def _let_through(
    first: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, backend: int
) -> None:
    far_reader, far_writer = await asyncio.open_connection("127.0.0.1", backend)
    far_writer.write(first)
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_pump(reader, far_writer))
            group.create_task(_pump(far_reader, writer))
    finally:
        far_writer.transport.abort()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65_536):
            sink.write(data)
    sink.close()
