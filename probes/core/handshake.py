"""A TLS client on memory buffers: one handshake gives the whole chain and the verdict on it.

Rules of this file: the handshake always goes on, whatever the certificate; what is wrong with it is
written down (docs/design/002). Nothing a server sends raises.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from OpenSSL import SSL, crypto

from probes.core import verification
from probes.core.certificates import describe, is_for
from probes.core.hosts import literal
from wire import names
from wire.records import Certificate

_READ_BYTES: Final = 16_384  # a TLS record holds no more (RFC 8446, 5.1)
_ALERT: Final = 21  # a record's first byte; the seventh tells which alert (RFC 8446, 5.1 and 6)
_ALERT_BYTES: Final = 7
MAX_CHAIN: Final = 8  # what a record holds, times every redirect, must fit into one line


def collect_error(connection: SSL.Connection, _: crypto.X509, code: int, _depth: int, _ok: int) -> bool:
    """The verify callback of every context: write the error down and let the handshake go on."""
    if code:
        connection.get_app_data().append(code)
    return True


class Handshake:
    """A machine: `start` gives the ClientHello, `feed` takes and gives bytes until `done`.

    Afterwards `encrypt` and `decrypt` carry data. `answered`: whether anything came back at all; `peer_said`:
    `alert 40` where the first that came was an alert, else "";
    `complete`: whether the handshake came to its end, whatever the certificate.
    """

    def __init__(self, context: SSL.Context, name: str, *, alpn: Sequence[bytes] = ()) -> None:
        """For a name (A-label), which is sent along unless it is a literal address (RFC 6066, 3)."""
        self._name = name
        self._codes: list[int] = []
        self._tls = SSL.Connection(context, None)
        self._tls.set_app_data(self._codes)
        if literal(name) is None:
            self._tls.set_tlsext_host_name(name.encode("ascii"))
        if alpn:
            self._tls.set_alpn_protos(list(alpn))
        self._tls.set_connect_state()
        self.done = False
        self.complete = False
        self.over = False
        self.broken = False
        self.answered = False
        self.peer_said = ""
        self.failure: str | None = None
        self.verify_errors: tuple[str, ...] = ()
        self.chain: tuple[Certificate, ...] = ()

    def start(self) -> bytes:
        """The ClientHello."""
        self._advance()
        return self.outgoing()

    def feed(self, data: bytes) -> bytes:
        """Take bytes from the server; gives those to send."""
        if data and not self.answered:
            self.answered, self.peer_said = True, _alert(data)
        self._tls.bio_write(data)
        self._advance()
        return self.outgoing()

    def end(self) -> None:
        """The other side has closed before the end."""
        if not self.done:
            self.failure = names.EOF
            self.done = True

    @property
    def version(self) -> str:
        """As OpenSSL writes it: `TLSv1.3`; "" when the handshake did not end."""
        return self._tls.get_protocol_version_name() if self.complete else ""

    @property
    def cipher(self) -> str:
        """The cipher suite, "" when the handshake did not end."""
        return (self._tls.get_cipher_name() or "") if self.complete else ""

    @property
    def alpn(self) -> str:
        """The application protocol that the server chose, "" for none."""
        return self._tls.get_alpn_proto_negotiated().decode("ascii", "replace") if self.complete else ""

    @property
    def name(self) -> str:
        """The name that the certificate must be good for."""
        return self._name

    def encrypt(self, data: bytes) -> bytes:
        """Application data as bytes to send."""
        try:
            self._tls.send(data)
        except SSL.Error:  # the connection was ended by the other side meanwhile
            return b""
        return self.outgoing()

    def decrypt(self, data: bytes) -> bytes:
        """The application data in the bytes; `over` and `broken` then tell whether more can come."""
        self._tls.bio_write(data)
        parts: list[bytes] = []
        try:
            while True:
                parts.append(self._tls.recv(_READ_BYTES))
        except SSL.WantReadError:
            pass
        except SSL.ZeroReturnError:  # close_notify
            self.over = True
        except SSL.Error:  # an alert, or a record that is not as the keys say
            self.over = self.broken = True
        return b"".join(parts)

    def _advance(self) -> None:
        try:
            self._tls.do_handshake()
        except SSL.WantReadError:
            return
        except SSL.Error:
            self._see_chain()
            self._finish(names.SSL_HANDSHAKE)
            return
        self.complete = True
        self.verify_errors = self._see_chain()
        self._finish(verification.failure_of(self.verify_errors))

    def _finish(self, failure: str | None) -> None:
        self.failure = failure
        self.done = True

    def _see_chain(self) -> tuple[str, ...]:
        """Keep what was shown; the names of everything that is wrong with it."""
        shown = self._tls.get_peer_cert_chain() or []
        ders = [crypto.dump_certificate(crypto.FILETYPE_ASN1, one) for one in shown[:MAX_CHAIN]]
        self.chain = tuple(describe(der) for der in ders)
        errors = verification.short_names(self._codes)
        if ders and is_for(ders[0], self._name):
            return errors
        return tuple(sorted({*errors, verification.HOSTNAME}))

    def outgoing(self) -> bytes:
        """What waits to be sent."""
        try:
            return self._tls.bio_read(_READ_BYTES)
        except SSL.WantReadError:
            return b""


def _alert(data: bytes) -> str:
    """What an alert in clear says, "" for any other record."""
    return f"alert {data[_ALERT_BYTES - 1]}" if len(data) >= _ALERT_BYTES and data[0] == _ALERT else ""


class Inner(Protocol):
    """What may speak inside a handshake."""

    @property
    def done(self) -> bool:
        """Whether there is nothing more to hear."""
        ...

    @property
    def failure(self) -> str | None:
        """How it ended."""
        ...

    def start(self) -> bytes:
        """The bytes to send first."""
        ...

    def feed(self, data: bytes) -> bytes:
        """Bytes that came; gives those to send."""
        ...

    def fail(self, failure: str) -> None:
        """It was broken off."""
        ...

    def end(self) -> None:
        """No more will come."""
        ...


class Secured:
    """A machine inside a finished handshake: what it says and hears is encrypted."""

    def __init__(self, handshake: Handshake, inner: Inner) -> None:
        self._handshake = handshake
        self._inner = inner

    @property
    def done(self) -> bool:
        """Whether the inner machine is at its end."""
        return self._inner.done

    @property
    def failure(self) -> str | None:
        """The inner machine's failure."""
        return self._inner.failure

    def start(self) -> bytes:
        """The inner machine's first bytes, encrypted."""
        return self._handshake.encrypt(self._inner.start())

    def feed(self, data: bytes) -> bytes:
        """Take encrypted bytes; gives the inner machine's, and those of TLS itself (a change of keys)."""
        plain = self._handshake.decrypt(data)
        said = self._inner.feed(plain) if plain else b""
        if self._handshake.broken:
            self._inner.fail(names.SSL_HANDSHAKE)
        elif self._handshake.over:
            self._inner.end()
        return self._handshake.encrypt(said) if said else self._handshake.outgoing()

    def end(self) -> None:
        """The connection is closed."""
        self._inner.end()
