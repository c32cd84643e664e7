"""One POST, one answer: however the answer comes, and whatever stands in its way."""

from __future__ import annotations

import asyncio

import pytest

from probes.post import JSON_TYPE, MAX_ANSWER_BYTES, Posted, new_session, post
from tests.servers.deaf import Talk, saying, talking
from tests.servers.processes import free_ports


async def posted(url: str) -> Posted:
    async with new_session() as session:
        return await post(session, url, b"{}", JSON_TYPE)


async def answered(talk: Talk) -> Posted:
    async with talking(talk) as port:
        return await posted(f"http://127.0.0.1:{port}/")


async def test_an_answer_in_pieces_is_read_to_its_end() -> None:
    seen = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst")
        await asyncio.sleep(0.05)  # so that it is a piece of its own
        seen.set()
        writer.write(b" then")

    assert await answered(talk) == Posted(status=200, body=b"first then")
    assert seen.is_set()


async def test_of_an_answer_that_is_too_long_the_beginning_is_read() -> None:
    long = MAX_ANSWER_BYTES + 1
    found = await answered(saying(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (long, b"x" * long)))
    assert found.body == b"x" * MAX_ANSWER_BYTES


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    found = await answered(saying(b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"))
    assert (found.status, found.body) == (302, b"")


@pytest.mark.parametrize(
    ("talk", "why"),
    [
        (saying(b""), "ServerDisconnectedError"),
        (saying(b"SSH-2.0-nobody\r\n"), "ClientResponseError"),
        (saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), "ClientPayloadError"),
    ],
)
async def test_what_is_no_answer_is_told_not_raised(talk: Talk, why: str) -> None:
    assert await answered(talk) == Posted(why=why)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://a..b/", "its address cannot be used"),
        ("http://[::1", "its address cannot be used"),
        ("http://127.0.0.1:99999/", "its address cannot be used"),
    ],
)
async def test_an_address_that_is_none_is_told_not_raised(url: str, why: str) -> None:
    assert await posted(url) == Posted(why=why)


async def test_a_closed_door_is_told_in_the_words_of_failures() -> None:
    (closed,) = free_ports(1)
    assert await posted(f"http://127.0.0.1:{closed}/") == Posted(why="connection_refused")
