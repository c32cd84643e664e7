"""Sockets that hear and never answer, and servers that say one thing to everybody."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextmanager
def deaf_datagrams() -> Iterator[int]:
    """A UDP port of loopback that swallows everything."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


@asynccontextmanager
async def talking(talk: Talk, port: int = 0) -> AsyncIterator[int]:
    """A TCP server of loopback that treats every connection in one way."""

    async def closing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the prober has seen enough
        finally:
            writer.close()

    server = await asyncio.start_server(closing, "127.0.0.1", port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def say_nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    """Hear until the other side closes."""
    while await reader.read(4096):
        pass


def saying(data: bytes) -> Talk:
    """Send the same bytes to everybody who says something, then close."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(data)
        await writer.drain()

    return talk
