"""One POST, one answer: however the answer comes, and whatever stands in its way."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from probes.post import JSON_TYPE, MAX_ANSWER_BYTES, Posted, new_session, post, proxy_for
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


async def test_what_the_owner_s_netrc_says_is_sent_to_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("default login owner password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    heard: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(4096))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    assert (await answered(talk)).status == 200
    assert b"User-Agent: Dabyl/0.1" in heard[0]
    assert b"Authorization" not in heard[0]


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("http://collector.test/v1/enrol", "http://user:word@127.0.0.1:3128"),
        ("https://collector.test/", None),
        ("http://here.test/", None),
        ("http://[::1", None),
    ],
)
def test_a_proxy_is_taken_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, url: str, proxy: str | None
) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://user:word@127.0.0.1:3128")
    monkeypatch.setenv("no_proxy", "here.test")
    assert proxy_for(url) == proxy


async def test_a_post_goes_through_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(4096))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")

    async with talking(talk) as port:
        monkeypatch.setenv("http_proxy", f"http://user:word@127.0.0.1:{port}")
        monkeypatch.setenv("no_proxy", "")
        assert (await posted("http://collector.test/v1/enrol")).body == b"hi"
    assert heard[0].startswith(b"POST http://collector.test/v1/enrol HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic dXNlcjp3b3Jk\r\n" in heard[0]


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
