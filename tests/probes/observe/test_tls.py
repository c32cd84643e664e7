"""Handshakes on loopback: valid ones, forged ones, and those that somebody breaks off."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from dabyl.system import SystemClock
from probes.core.resolv_conf import Resolver
from tests.lab.authority import lapsed, make_authority, self_signed
from tests.probes.observe.looking import look
from tests.servers.censor import Conduct, censor
from tests.servers.deaf import saying, talking
from tests.servers.names import Zone, name_server
from tests.servers.tls import secure_server
from wire import names
from wire.records import Step

NOW = SystemClock().now()
TRUSTED, STRANGER = make_authority("Trusted", NOW), make_authority("Stranger", NOW)
HELLO = saying(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
HOST = "site.test"


@pytest.fixture(autouse=True)
def _trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ca.pem"
    path.write_bytes(TRUSTED.root.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


async def visit(
    port: int, scheme: str = "tls", timeout_s: float = 2.0, v4: Sequence[str] = ("127.0.0.1",), **more: object
) -> tuple[Step, ...]:
    async with name_server({HOST: Zone(v4=tuple(v4))}) as server:
        resolver = Resolver(address="127.0.0.1", port=server.port, label="127.0.0.1")
        return await look(f"{scheme}://{HOST}:{port}/", timeout_s=timeout_s, resolvers=(resolver,), **more)  # type: ignore[arg-type]  # look's own options


def tls(steps: Sequence[Step], role: str = "") -> list[Step]:
    return [step for step in steps if step.step == "tls" and step.role == role]


async def test_a_valid_handshake_is_kept_with_its_chain(tmp_path: Path) -> None:
    async with secure_server(HELLO, TRUSTED.leaf(HOST), tmp_path) as port:
        (step,) = tls(await visit(port))
    assert (step.failure, step.server_name, step.version) == (None, HOST, "TLSv1.3")
    assert [one.issuer for one in step.chain] == ["CN=Trusted Issuing CA", "CN=Trusted Root"]
    assert step.answered
    assert step.verify_errors == ()


@pytest.mark.parametrize(
    ("pem", "failure"),
    [
        (STRANGER.leaf(HOST), names.SSL_AUTHORITY),
        (self_signed(HOST, NOW), names.SSL_AUTHORITY),
        (TRUSTED.leaf("other.test"), names.SSL_HOSTNAME),
        (TRUSTED.leaf(HOST, lapsed(NOW)), names.SSL_CERTIFICATE),
    ],
    ids=["stranger", "self-signed", "other name", "expired"],
)
async def test_nothing_is_asked_of_a_server_that_nobody_vouches_for(
    tmp_path: Path, pem: bytes, failure: str
) -> None:
    heard: list[bytes] = []

    async def listen(reader: object, _: object) -> None:
        heard.append(await reader.read(4096))  # type: ignore[attr-defined]  # a stream reader

    async with secure_server(listen, pem, tmp_path) as port:
        steps = await visit(port, "https")
    (step,) = tls(steps)
    assert step.failure == failure
    assert step.chain
    assert step.verify_errors
    assert not [one for one in steps if one.step == "http"]
    assert all(data == b"" for data in heard)


@pytest.mark.parametrize(
    ("conduct", "failure"), [("reset", names.RESET), ("silence", names.TIMEOUT), ("close", names.EOF)]
)
async def test_a_name_that_breaks_the_handshake_off_is_compared(
    tmp_path: Path, conduct: Conduct, failure: str
) -> None:
    async with (
        secure_server(HELLO, TRUSTED.leaf(HOST), tmp_path) as backend,
        censor(backend, HOST.encode(), conduct) as port,
    ):
        steps = await visit(port, timeout_s=0.4)
    (first,), (harmless,), (again,) = tls(steps), tls(steps, "name_control"), tls(steps, "again")
    assert (first.failure, first.answered, again.failure) == (failure, False, failure)
    assert (harmless.server_name, harmless.answered) == ("example.com", True)
    assert first.t <= harmless.t0
    assert harmless.t <= again.t0


async def test_a_name_that_is_declined_in_words_is_compared_too(tmp_path: Path) -> None:
    async with (
        secure_server(HELLO, TRUSTED.leaf(HOST), tmp_path) as backend,
        censor(backend, HOST.encode(), "alert") as port,
    ):
        steps = await visit(port)
    (first,), (harmless,), (again,) = tls(steps), tls(steps, "name_control"), tls(steps, "again")
    assert (first.failure, first.peer_said) == (names.SSL_HANDSHAKE, "alert 49")
    assert (again.failure, again.peer_said) == (names.SSL_HANDSHAKE, "alert 49")
    assert (bool(harmless.chain), harmless.peer_said) == (True, "")


async def test_a_handshake_that_works_again_is_seen_to_work(tmp_path: Path) -> None:
    async with (
        secure_server(HELLO, TRUSTED.leaf(HOST), tmp_path) as backend,
        censor(backend, HOST.encode(), "reset", times=1) as port,
    ):
        steps = await visit(port)
    assert tls(steps, "again")[0].failure is None


async def test_another_address_is_tried_and_its_page_is_read(tmp_path: Path) -> None:
    async with (
        secure_server(HELLO, TRUSTED.leaf(HOST), tmp_path, "127.0.0.2") as port,
        secure_server(HELLO, STRANGER.leaf(HOST), tmp_path, "127.0.0.1", port),
    ):
        steps = await visit(port, "https", v4=("127.0.0.1", "127.0.0.2"))
    assert [step.failure for step in tls(steps)] == [names.SSL_AUTHORITY, None]
    assert [step.status for step in steps if step.step == "http"] == [200]


async def test_addresses_of_the_controls_are_tried_when_the_own_one_is_forged(tmp_path: Path) -> None:
    async with (
        secure_server(HELLO, TRUSTED.leaf(HOST), tmp_path, "127.0.0.2") as port,
        secure_server(HELLO, STRANGER.leaf(HOST), tmp_path, "127.0.0.1", port),
    ):
        steps = await visit(port, known=lambda _: ("127.0.0.2",))
    (known,) = tls(steps, "known_address")
    assert (known.address, known.failure) == ("127.0.0.2", None)


async def test_a_server_that_speaks_something_else_has_answered() -> None:
    async with talking(saying(b"SSH-2.0-OpenSSH_9.2\r\n")) as port:
        (step,) = tls(await visit(port))
    assert (step.failure, step.answered) == (names.SSL_HANDSHAKE, True)


async def test_a_page_comes_over_the_handshake(tmp_path: Path) -> None:
    async with secure_server(HELLO, TRUSTED.leaf(HOST), tmp_path) as port:
        steps = await visit(port, "https")
    (page,) = [step for step in steps if step.step == "http"]
    assert (page.status, page.body_bytes, page.failure) == (200, 5, None)
    assert tls(steps)[0].address == page.address == "127.0.0.1"
