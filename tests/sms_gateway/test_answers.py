"""A body that comes in pieces is read to its end, and no further than its limit."""

from __future__ import annotations

import asyncio
from unittest.mock import create_autospec

import aiohttp
import pytest
from aiohttp.base_protocol import BaseProtocol

from sms_gateway.answers import whole


@pytest.mark.parametrize(
    ("pieces", "wanted"),
    [
        ([], b""),
        ([b"whole"], b"whole"),
        ([b"in ", b"two"], b"in two"),
        ([b"x" * 10], b"x" * 10),
        ([b"x" * 11], None),
        ([b"x" * 6, b"x" * 5], None),
    ],
)
async def test_a_body_is_whole_or_it_is_too_long(pieces: list[bytes], wanted: bytes | None) -> None:
    content = aiohttp.StreamReader(create_autospec(BaseProtocol, instance=True), 2**16)
    async with asyncio.TaskGroup() as group:
        found = group.create_task(whole(content, 10))
        for piece in pieces:
            await asyncio.sleep(0)  # the reader waits already
            content.feed_data(piece)
        await asyncio.sleep(0)
        content.feed_eof()
    assert found.result() == wanted
