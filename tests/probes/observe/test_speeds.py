"""Pages that come slowly, by real sockets: which of name, address and line is slow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dabyl.system import SystemClock, SystemRandom
from probes.observe import Sighting, Tools, make_trust, observe
from probes.observe.speeds import compare_speeds
from tests.lab.authority import make_authority
from tests.servers.deaf import saying, talking
from tests.servers.throttle import throttle
from tests.servers.tls import secure_server
from wire.judge import NO_SIGNATURES, judge, read_line
from wire.records import Target, Verdict

TRUSTED = make_authority("Trusted", SystemClock().now())
SIZE = 26_000
SLOWLY = 32_000  # bytes a second: a page then takes longer than the half second that makes it slow
PAGE = saying(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % SIZE + b"x" * SIZE)
AT = "2026-11-20T12:00:00.000Z"


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tools:
    (tmp_path / "ca.pem").write_bytes(TRUSTED.root.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return Tools(
        clock=SystemClock(), randomness=SystemRandom(), trust=make_trust(), resolvers=(), timeout_s=5.0
    )


@pytest.fixture
async def secure(tmp_path: Path) -> AsyncIterator[int]:
    async with secure_server(PAGE, TRUSTED.leaf("localhost"), tmp_path) as port:
        yield port


@pytest.fixture
async def bare() -> AsyncIterator[int]:
    async with talking(PAGE) as port:
        yield port


async def look(tools: Tools, url: str, *quick: str) -> tuple[Sighting, Verdict]:
    """A round of a page that may be slow, and of quick ones."""
    targets = [Target(id=one, url=one, category="news", side="foreign") for one in (url, *quick)]
    seen = [await observe(target, tools) for target in targets]
    line = read_line([(one.target, one.steps) for one in seen], "yes", 0, 0)
    first = (await compare_speeds(seen, line.goodput_bps, tools))[0]
    return first, judge(first.target, (*first.steps, line), (), NO_SIGNATURES, AT)


async def test_a_name_that_is_slow_after_the_handshake_is_told_by_pairs(tools: Tools, secure: int) -> None:
    async with throttle(secure, b"localhost", SLOWLY) as port:
        seen, verdict = await look(tools, f"https://localhost:{port}/", f"https://localhost:{secure}/")
    assert (verdict.state, verdict.mechanism, verdict.rule) == (
        "impaired",
        "tls.throttle.sni",
        "throttled_page",
    )
    harmless = [step for step in seen.steps if (step.step, step.role) == ("http", "name_control")]
    assert [step.body_bytes for step in harmless] == [SIZE] * 4
    assert not any(step.title or step.headers for step in harmless)


async def test_an_address_that_is_slow_for_every_name_is_no_slow_name(tools: Tools, secure: int) -> None:
    async with throttle(secure, b"", SLOWLY) as port:
        _, verdict = await look(tools, f"https://localhost:{port}/", f"https://localhost:{secure}/")
    assert (verdict.state, verdict.rule) == ("ok", "works_authenticated")


async def test_a_plain_name_that_is_slow_is_told_by_another_host(tools: Tools, bare: int) -> None:
    async with throttle(bare, b"Host: localhost", SLOWLY) as port:
        _, verdict = await look(tools, f"http://localhost:{port}/", f"http://localhost:{bare}/")
    assert (verdict.state, verdict.mechanism) == ("impaired", "http.throttle.host")


async def test_quick_pages_are_not_visited_again(tools: Tools, secure: int, bare: int) -> None:
    seen, _ = await look(tools, f"https://localhost:{secure}/", f"http://localhost:{bare}/")
    assert not [step for step in seen.steps if step.role]


async def test_a_line_on_which_all_is_slow_is_left_in_peace(tools: Tools, bare: int) -> None:
    async with throttle(bare, b"", SLOWLY) as port:
        seen, _ = await look(tools, f"http://localhost:{port}/a", f"http://localhost:{port}/b")
    assert not [step for step in seen.steps if step.role]
