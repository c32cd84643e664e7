"""Posting many bodies over a few connections that stay open: the same hand for every server."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from http import HTTPStatus

_NO_HEADERS: Mapping[str, str] = {}


def post_all(
    port: int, path: str, lots: Sequence[Sequence[bytes]], headers: Mapping[str, str] = _NO_HEADERS
) -> None:
    """Each body once, lot by lot, those of a lot at once; every answer must be a success."""
    asyncio.run(_post_all(port, [[_request(port, path, body, headers) for body in lot] for lot in lots]))


def _request(port: int, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _post_all(port: int, lots: Sequence[Sequence[bytes]]) -> None:
    lines = [await asyncio.open_connection("127.0.0.1", port) for _ in range(max(map(len, lots)))]
    for lot in lots:
        async with asyncio.TaskGroup() as group:
            for (reader, writer), request in zip(lines, lot, strict=False):
                writer.write(request)
                group.create_task(_answered(reader))
    for _, writer in lines:
        writer.close()
        await writer.wait_closed()


async def _answered(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    told = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    body = await reader.readexactly(int(told[0].partition(b":")[2]) if told else 0)
    status = int(head.split()[1])
    assert status in {HTTPStatus.OK, HTTPStatus.NO_CONTENT}, body
