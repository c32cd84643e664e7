"""Sockets that hear and never answer, and servers that say one thing to everybody."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from ssl import SSLContext
from typing import cast

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextmanager
def deaf_datagrams() -> Iterator[int]:
    """A UDP port of loopback that swallows everything."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


@asynccontextmanager
async def talking(
    talk: Talk, port: int = 0, host: str = "127.0.0.1", ssl: SSLContext | None = None
) -> AsyncIterator[int]:
    """A TCP server of loopback that treats every connection in one way; in the end none is left open."""
    under_way: set[asyncio.Task[None]] = set()
    writers: list[asyncio.StreamWriter] = []

    async def closing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        under_way.add(task)
        writers.append(writer)
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the prober has seen enough, or the test is over
        finally:
            writer.close()
            under_way.discard(task)

    server = await asyncio.start_server(closing, host, port, ssl=ssl)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tuple(under_way):
            task.cancel()
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0.01)  # for the transports to close


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
