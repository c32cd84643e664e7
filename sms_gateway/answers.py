"""The body of a request or an answer, whole and bounded."""

from __future__ import annotations

from aiohttp import StreamReader


async def whole(content: StreamReader, most: int) -> bytes | None:
    """All bytes of a body; None when there are more than `most`.

    `StreamReader.read(n)` gives what has come so far, which of a long body is only its beginning.
    """
    found = bytearray()
    async for chunk in content.iter_any():
        found += chunk
        if len(found) > most:
            return None
    return bytes(found)
