"""Nobody is accused on one look: who is looked at again, how often, and what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from dabyl.system import SystemClock, SystemRandom
from probes.observe import Sighting, Tools, make_trust, observe, second_look
from tests.lab.authority import make_authority, self_signed
from tests.servers.censor import Conduct, censor
from tests.servers.deaf import saying
from tests.servers.tls import secure_server
from wire import names
from wire.judge.line import worked_later
from wire.records import Step, Target

NOW = SystemClock().now()
TRUSTED = make_authority("Trusted", NOW)
HELLO = saying(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
SITE = Target(id="it", url="https://site.test/", category="news")
WELL = Step(step="tcp", failure=None, t0=0.0, t=0.1, address="185.1.1.1", port=443)
SHAKEN = replace(WELL, step="tls", server_name="site.test", answered=True)
HARMLESS = replace(SHAKEN, role="name_control", server_name="example.com")


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tools:
    (tmp_path / "ca.pem").write_bytes(TRUSTED.root.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    monkeypatch.setattr(second_look, "PAUSE_S", 0.01)
    monkeypatch.setattr(second_look, "BETWEEN_S", 0.01)
    return Tools(
        clock=SystemClock(), randomness=SystemRandom(), trust=make_trust(), resolvers=(), timeout_s=1.0
    )


def seen(*steps: Step, url: str = SITE.url) -> Sighting:
    at = "2026-11-20T12:00:00.000Z"
    return Sighting(target=replace(SITE, url=url), at=at, began=0.0, steps=steps)


def failed(step: Step, failure: str, **more: object) -> Step:
    return replace(step, failure=failure, **more)


@pytest.mark.parametrize(
    ("steps", "again"),
    [
        ((), False),
        ((WELL, SHAKEN), False),
        ((failed(WELL, names.TIMEOUT),), True),
        ((replace(WELL, step="dns", failure=names.DNS_SERVFAIL),), True),
        ((WELL, failed(SHAKEN, names.SSL_AUTHORITY)), False),
        ((WELL, failed(SHAKEN, names.SSL_CERTIFICATE)), False),
        ((WELL, failed(SHAKEN, names.SSL_HOSTNAME)), True),
        ((WELL, failed(SHAKEN, names.SSL_HANDSHAKE)), True),
        ((WELL, failed(SHAKEN, names.TIMEOUT, answered=False)), False),
        ((WELL, failed(SHAKEN, names.TIMEOUT, answered=False), HARMLESS), True),
        ((WELL, SHAKEN, replace(WELL, step="http", failure=names.RESET)), True),
    ],
    ids=[
        "nothing", "well", "silent", "name server fails", "forged", "out of date", "another's", "declined",
        "silent to one name, not compared", "silent to one name", "page reset",
    ],
)  # fmt: skip
def test_only_what_may_be_otherwise_a_moment_later_is_looked_at_again(
    steps: Sequence[Step], again: bool
) -> None:
    assert second_look.may_pass(seen(*steps)) is again


def test_a_plain_page_is_looked_at_again_though_it_came() -> None:
    page = replace(WELL, step="http")
    assert second_look.may_pass(seen(WELL, page, url="http://site.test/"))
    assert not second_look.may_pass(seen(WELL, SHAKEN, page))


def test_the_steps_of_a_second_look_are_repeats_in_the_time_of_the_first() -> None:
    own, other = second_look.repeated(WELL, 5.5), second_look.repeated(HARMLESS, 5.5)
    assert (own.role, own.t0, own.t) == ("again", 5.5, 5.6)
    assert (other.role, other.t0) == ("name_control", 5.5)


async def tried(port: int, tools: Tools, *, in_doubt: bool = True) -> Sighting:
    first = await observe(Target(id="it", url=f"tls://localhost:{port}", category="news"), tools)
    (found,) = await second_look.second_look([first], lambda _: in_doubt, tools)
    return found


def ends(sighting: Sighting, role: str) -> list[str | None]:
    return [step.failure for step in sighting.steps if (step.step, step.role) == ("tls", role)]


async def test_what_is_not_in_doubt_is_left_as_it_is(tools: Tools, tmp_path: Path) -> None:
    async with (
        secure_server(HELLO, TRUSTED.leaf("localhost"), tmp_path) as backend,
        censor(backend, b"localhost", "alert") as port,
    ):
        found = await tried(port, tools, in_doubt=False)
    assert ends(found, "again") == [names.SSL_HANDSHAKE]


async def test_a_name_that_is_declined_is_asked_for_until_the_looks_are_over(
    tools: Tools, tmp_path: Path
) -> None:
    async with (
        secure_server(HELLO, TRUSTED.leaf("localhost"), tmp_path) as backend,
        censor(backend, b"localhost", "alert") as port,
    ):
        found = await tried(port, tools)
    assert ends(found, "again") == [names.SSL_HANDSHAKE] * (1 + second_look.LOOKS)
    assert len(ends(found, "name_control")) == 1 + second_look.LOOKS
    assert not worked_later(found.target, found.steps)


@pytest.mark.parametrize(("conduct", "times"), [("alert", 2), ("alert", 3), ("close", 3), ("reset", 3)])
async def test_a_server_that_declined_for_a_moment_is_seen_to_work(
    tools: Tools, tmp_path: Path, conduct: Conduct, times: int
) -> None:
    async with (
        secure_server(HELLO, TRUSTED.leaf("localhost"), tmp_path) as backend,
        censor(backend, b"localhost", conduct, times=times) as port,
    ):
        found = await tried(port, tools)
    assert ends(found, "")[0] is not None
    assert ends(found, "again")[-1] is None
    assert worked_later(found.target, found.steps)


async def test_another_names_certificate_is_looked_at_again(tools: Tools, tmp_path: Path) -> None:
    async with secure_server(HELLO, TRUSTED.leaf("other.test"), tmp_path) as port:
        found = await tried(port, tools)
    assert ends(found, "again") == [names.SSL_HOSTNAME] * second_look.LOOKS


async def test_a_forged_certificate_is_not_asked_for_again(tools: Tools, tmp_path: Path) -> None:
    async with secure_server(HELLO, self_signed("localhost", NOW), tmp_path) as port:
        found = await tried(port, tools)
    assert ends(found, "") == [names.SSL_AUTHORITY]
    assert ends(found, "again") == []


async def test_no_more_than_so_many_are_looked_at_again(
    tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_look, "MAX_LOOKS", 2)
    silent = [seen(failed(WELL, names.REFUSED), url=f"tcp://127.0.0.1:{port}") for port in (1, 2, 3)]
    found = await second_look.second_look(silent, lambda _: True, tools)
    assert [len(one.steps) > 1 for one in found] == [True, True, False]
