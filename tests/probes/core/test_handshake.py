"""Handshakes with the standard library's server, in memory: the chain is kept whatever is wrong with it."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from OpenSSL import SSL

from dabyl.system import SystemClock
from probes.core.handshake import Handshake, Secured, collect_error
from probes.core.http1 import Exchange
from probes.core.places import place_of
from probes.observe import make_trust
from tests.lab.authority import Authority, Span, lapsed, make_authority, self_signed
from wire import names

NOW = SystemClock().now()
TRUSTED = make_authority("Trusted", NOW)
STRANGER = make_authority("Stranger", NOW)
HOST = "site.kz"
Make = Callable[[bytes], "Server"]


class Server:
    """A TLS server on memory buffers."""

    def __init__(self, pem: bytes, folder: Path, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> None:
        path = folder / "server.pem"
        path.write_bytes(pem)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        context.minimum_version = context.maximum_version = version
        context.set_alpn_protocols(["http/1.1"])
        self.heard: str | None = None
        self.tickets = b""
        context.sni_callback = self._hear
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_side=True)

    def _hear(self, _socket: object, name: str | None, _context: object) -> None:
        self.heard = name

    def answer(self, data: bytes) -> bytes:
        """Take what the client sent; what goes back."""
        self._in.write(data)
        with suppress(ssl.SSLError):  # it wants more, or has said in an alert what it does not like
            self._tls.do_handshake()
        return self._out.read()

    def say(self, data: bytes) -> bytes:
        """Application data for the client."""
        self._tls.write(data)
        return self._out.read()

    def close(self) -> bytes:
        """The alert that says the end."""
        with suppress(ssl.SSLError):  # it wants the other's as well
            self._tls.unwrap()
        return self._out.read()


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> SSL.Context:
    path = tmp_path_factory.mktemp("trust") / "ca.pem"
    path.write_bytes(TRUSTED.root.pem)
    made = SSL.Context(SSL.TLS_CLIENT_METHOD)
    made.load_verify_locations(str(path))
    made.set_verify(SSL.VERIFY_PEER, collect_error)
    return made


def shake(context: SSL.Context, server: Server, name: str = HOST) -> Handshake:
    """A handshake until the client is done."""
    client = Handshake(context, name, alpn=(b"http/1.1",))
    data = client.start()
    for _ in range(5):
        if client.done:
            break
        data = client.feed(server.answer(data))
    server.tickets = server.answer(data)
    return client


def leaf(authority: Authority, host: str = HOST, span: Span | None = None) -> bytes:
    return authority.leaf(host, span)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_valid_handshake_keeps_its_chain(
    context: SSL.Context, tmp_path: Path, version: ssl.TLSVersion
) -> None:
    server = Server(leaf(TRUSTED), tmp_path, version)
    client = shake(context, server)
    assert client.failure is None
    assert client.answered
    assert client.complete
    assert client.version == version.name.replace("_", ".").replace("TLSv1", "TLSv1", 1)
    assert client.cipher
    assert client.alpn == "http/1.1"
    assert [one.issuer for one in client.chain] == ["CN=Trusted Issuing CA", "CN=Trusted Root"]
    assert client.verify_errors == ()
    assert server.heard == HOST


@pytest.mark.parametrize(
    ("pem", "failure", "errors"),
    [
        (leaf(TRUSTED, span=lapsed(NOW)), names.SSL_CERTIFICATE, ("expired",)),
        (leaf(TRUSTED, host="other.kz"), names.SSL_HOSTNAME, ("hostname",)),
        (leaf(STRANGER), names.SSL_AUTHORITY, ("authority",)),
        (leaf(STRANGER, span=lapsed(NOW)), names.SSL_AUTHORITY, ("authority", "expired")),
        (leaf(STRANGER, host="other.kz"), names.SSL_AUTHORITY, ("authority", "hostname")),
        (self_signed(HOST, NOW), names.SSL_AUTHORITY, ("self_signed_leaf",)),
    ],
    ids=["expired", "other name", "stranger", "stranger, expired", "stranger, other name", "self-signed"],
)
def test_what_is_wrong_is_named_and_the_chain_is_kept(
    context: SSL.Context, tmp_path: Path, pem: bytes, failure: str, errors: tuple[str, ...]
) -> None:
    client = shake(context, Server(pem, tmp_path))
    assert client.failure == failure
    assert set(errors) <= set(client.verify_errors)
    assert client.chain
    assert client.chain[0].sha256
    assert client.complete


def test_a_literal_address_is_not_sent_as_a_name(context: SSL.Context, tmp_path: Path) -> None:
    server = Server(leaf(TRUSTED), tmp_path)
    client = shake(context, server, "127.0.0.1")
    assert server.heard is None
    assert client.failure == names.SSL_HOSTNAME


def test_an_alert_is_a_failed_handshake_and_an_answer(context: SSL.Context) -> None:
    client = Handshake(context, HOST)
    client.start()
    client.feed(b"\x15\x03\x03\x00\x02\x02\x28")  # fatal, handshake_failure
    assert client.peer_said == "alert 40"
    assert (client.done, client.failure, client.answered) == (True, names.SSL_HANDSHAKE, True)
    assert (client.version, client.cipher, client.alpn) == ("", "", "")


def test_an_end_in_the_middle_is_an_eof_and_no_answer(context: SSL.Context) -> None:
    client = Handshake(context, HOST)
    client.start()
    client.end()
    assert (client.done, client.failure, client.answered) == (True, names.EOF, False)


def test_the_hello_fits_into_one_packet() -> None:
    assert len(Handshake(make_trust(), "a" * 60 + ".example", alpn=(b"http/1.1",)).start()) < 1_200


def test_pages_come_through_the_handshake(context: SSL.Context, tmp_path: Path) -> None:
    server = Server(leaf(TRUSTED), tmp_path)
    client = shake(context, server)
    exchange = Exchange(place_of("https://site.kz/"))
    secured = Secured(client, exchange)
    server.answer(secured.start())
    secured.feed(server.tickets)
    secured.feed(server.say(b"HTTP/1.1 200 OK\r\n\r\nhello"))
    assert not secured.done
    secured.feed(server.close())
    assert secured.done
    assert secured.failure is None
    assert bytes(exchange.body) == b"hello"


def test_a_page_whose_records_were_tampered_with_is_no_page(context: SSL.Context, tmp_path: Path) -> None:
    server = Server(leaf(TRUSTED), tmp_path)
    exchange = Exchange(place_of("https://site.kz/"))
    secured = Secured(shake(context, server), exchange)
    server.answer(secured.start())
    secured.feed(server.tickets + server.say(b"HTTP/1.1 200 OK\r\n\r\nhello"))
    secured.feed(server.say(b"more")[:-1] + b"\0")
    assert (secured.done, secured.failure) == (True, names.SSL_HANDSHAKE)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=200))
def test_any_bytes_are_heard_without_complaint(context: SSL.Context, data: bytes) -> None:
    client = Handshake(context, HOST)
    client.start()
    client.feed(data)
    client.end()
    assert client.done


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 5_000), st.integers(0, 255))
def test_a_damaged_handshake_ends_with_a_name(
    context: SSL.Context, tmp_path: Path, at: int, byte: int
) -> None:
    client, server = Handshake(context, HOST), Server(leaf(TRUSTED), tmp_path)
    answer = bytearray(server.answer(client.start()))
    answer[at % len(answer)] = byte
    client.feed(bytes(answer))
    client.end()
    assert client.failure is None or client.failure in names.FAILURES
