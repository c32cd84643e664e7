"""Pages of small servers, good and strange, and where they send us."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.probes.observe.looking import look
from tests.servers.censor import Conduct, censor
from tests.servers.deaf import Talk, say_nothing, saying, talking
from wire import canonical, names
from wire.records import Measurement, Network, Step, Target, Verdict

PAGE = b"HTTP/1.1 200 OK\r\nServer: small\r\nSet-Cookie: a=1\r\nContent-Length: 26\r\n\r\n<title>You are 1.2.3.4</t>"


def pages(steps: Sequence[Step], role: str = "") -> list[Step]:
    return [step for step in steps if step.step == "http" and step.role == role]


async def page_of(talk: Talk, timeout_s: float = 2.0) -> Step:
    async with talking(talk) as port:
        (page,) = pages(await look(f"http://127.0.0.1:{port}/x?y=z", timeout_s=timeout_s))
    return page


async def test_a_page_is_read_and_only_what_tells_is_kept() -> None:
    page = await page_of(saying(PAGE))
    assert (page.failure, page.status, page.body_bytes) == (None, 200, 26)
    assert page.headers == {"server": "small"}
    assert page.url.endswith("/x?y=z")
    assert len(page.body_sha256) == 64


@pytest.mark.parametrize(
    ("talk", "failure"),
    [
        (say_nothing, names.TIMEOUT),
        (saying(b""), names.EOF),
        (saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"), names.EOF),
        (saying(b"220 mail.example ESMTP\r\n"), "unknown_failure: not HTTP"),
        (saying(b"HTTP/1.1 200 OK\r\n" + b"X: " + b"a" * 70_000), "unknown_failure: "),
    ],
    ids=["silent", "closes", "short", "mail", "endless head"],
)
async def test_a_page_that_does_not_come_is_named(talk: Talk, failure: str) -> None:
    page = await page_of(talk, timeout_s=0.3)
    assert (page.failure or "").startswith(failure)


async def test_a_page_that_drips_ends_with_the_step() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(100):
            writer.write(b".")
            await writer.drain()
            await asyncio.sleep(0.05)

    page = await page_of(drip, timeout_s=0.4)
    assert (page.failure, page.status) == (names.TIMEOUT, 200)
    assert page.t < 1


async def test_a_large_page_is_cut() -> None:
    page = await page_of(saying(b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * 700_000))
    assert (page.failure, page.truncated, page.body_bytes) == (None, True, 524_288)


async def test_redirects_are_followed_and_written_down() -> None:
    async with talking(saying(PAGE)) as last:
        target = f"http://127.0.0.1:{last}/end?client=203.0.113.7#part"
        moved = b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % target.encode()
        async with talking(saying(moved)) as first:
            steps = await look(f"http://127.0.0.1:{first}/")
    one, two = pages(steps)
    assert (one.hop, one.status, one.location) == (0, 302, f"http://127.0.0.1:{last}/end")
    assert (two.hop, two.status, two.url) == (1, 200, f"http://127.0.0.1:{last}/end")
    assert [step.hop for step in steps if step.step == "tcp"] == [0, 1]


async def test_a_circle_of_redirects_ends_after_ten() -> None:
    async def circle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1].decode()
        writer.write(f"HTTP/1.1 302 Found\r\nLocation: {path}x\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()

    async with talking(circle) as port:
        steps = await look(f"http://127.0.0.1:{port}/")
    assert [page.hop for page in pages(steps)] == list(range(11))


@pytest.mark.parametrize("location", ["intent://x", "/", "http://[", "//", "http://" + "a" * 70 + ".kz/"])
async def test_a_redirect_to_nowhere_is_the_end(location: str) -> None:
    moved = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
    async with talking(saying(moved)) as port:
        (page,) = pages(await look(f"http://127.0.0.1:{port}/"))
    assert page.status == 302


@pytest.mark.parametrize(("conduct", "failure"), [("reset", names.RESET), ("silence", names.TIMEOUT)])
async def test_a_host_name_that_breaks_the_request_off_is_compared(conduct: Conduct, failure: str) -> None:
    async with talking(saying(PAGE)) as backend, censor(backend, b"Host: 127.0.0.1", conduct) as port:
        steps = await look(f"http://127.0.0.1:{port}/", timeout_s=0.4)
    (first,), (harmless,), (again,) = pages(steps), pages(steps, "name_control"), pages(steps, "again")
    assert (first.failure, harmless.failure, again.failure) == (failure, None, failure)
    assert harmless.title == harmless.body_sha256 == ""


def record(steps: Sequence[Step]) -> Measurement:
    target = Target(id="it", url="http://site.test/", category="kz")
    return Measurement(
        id="x-1", probe="local", at="2026-11-20T12:00:00.000Z", network=Network(), target=target,
        steps=tuple(steps), verdict=Verdict(state="insufficient"),
    )  # fmt: skip


@settings(max_examples=25)
@given(
    st.binary(max_size=300),
    st.sampled_from(
        [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\nLocation: ", b"HTTP/1.1 200 OK\r\n\r\n<title>"]
    ),
)
async def test_whatever_a_server_sends_is_a_record(noise: bytes, head: bytes) -> None:
    async with talking(saying(head + noise)) as port:
        steps = await look(f"http://127.0.0.1:{port}/", timeout_s=1)
    raw = canonical.encode(record(steps))
    assert canonical.Decoder(Measurement)(raw).steps == steps
