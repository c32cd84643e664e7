"""One HTTP/1.1 request and its answer, as bytes; httptools parses.

Rules of this file: nothing that a server sends raises, and nothing it sends is kept without a limit.
"""

from __future__ import annotations

import hashlib
from typing import Final

import httptools

from probes.core import failures
from probes.core.hosts import literal
from probes.core.places import Place
from wire import names

USER_AGENT: Final = "Dabyl/0.1 (+https://github.com/dabyl/dabyl; measures reachability)"
MAX_BODY_BYTES: Final = 524_288
MAX_HEAD_BYTES: Final = 65_536
_NO_BODY: Final = frozenset({204, 304})
_FIRST_FINAL: Final = 200
_SWITCHING: Final = 101
_DEFAULT_PORTS: Final = {"http": 80, "https": 443, "doh": 443}
_ACCEPTED: Final = {"doh": "application/dns-message"}


def request(place: Place) -> bytes:
    """A GET, or an empty POST, that closes afterwards."""
    lines = (
        f"{place.method} {place.path} HTTP/1.1",
        f"Host: {authority(place)}",
        f"User-Agent: {USER_AGENT}",
        f"Accept: {accepted(place)}",
        "Accept-Encoding: identity",
        "Connection: close",
        *(("Content-Length: 0",) if place.method == "POST" else ()),
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii", "replace")


def authority(place: Place) -> str:
    """Host, and the port where it is not the usual one (RFC 9110, 7.2)."""
    host = f"[{place.name}]" if ":" in place.name else place.name
    return host if place.port == _DEFAULT_PORTS.get(place.scheme) else f"{host}:{place.port}"


def accepted(place: Place) -> str:
    """What a server should answer with."""
    return _ACCEPTED.get(place.scheme, "*/*")


class Exchange:
    """A machine: `start` gives the request, `feed` takes what came back, `end` says that no more will."""

    def __init__(self, place: Place, max_body_bytes: int = MAX_BODY_BYTES) -> None:
        self._request = request(place)
        self._parser = httptools.HttpResponseParser(self)
        self._hash = hashlib.sha256()
        self._head_bytes = 0
        self._framed = False
        self._in_body = False
        self._max_body_bytes = max_body_bytes
        self.done = False
        self.failure: str | None = None
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.body = bytearray()
        self.truncated = False

    def start(self) -> bytes:
        """The bytes to send first."""
        return self._request

    def feed(self, data: bytes) -> bytes:
        """Take bytes of the answer; there is never anything to send back."""
        if self.done:
            return b""
        if not self._in_body:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.done = True
        except httptools.HttpParserError as error:
            self.fail(failures.unknown(f"not HTTP ({type(error).__name__})"))
        if not self._in_body and self._head_bytes > MAX_HEAD_BYTES:
            self.fail(failures.unknown("endless HTTP headers"))
        return b""

    def end(self) -> None:
        """The other side has closed: the end of a body without a length, a fault anywhere else."""
        if self._in_body and not self._framed:
            self.done = True
        self.fail(names.EOF)

    def fail(self, failure: str) -> None:
        """It ends here, unless it was at its end already."""
        if not self.done:
            self.failure = failure
            self.done = True

    @property
    def answered(self) -> bool:
        """Whether a whole head came."""
        return self._in_body

    @property
    def body_sha256(self) -> str:
        """Of what was read of the body."""
        return self._hash.hexdigest()

    def header(self, name: str) -> str:
        """The first value of a header, "" when there is none."""
        return next((value for key, value in self.headers if key == name), "")

    # What httptools calls.

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or a trailer, which nobody asked for."""
        if not self._in_body:
            self.headers.append((name.decode("latin-1").lower(), value.decode("latin-1").strip()))

    def on_headers_complete(self) -> None:
        """The head is whole; an interim one (1xx) is passed over."""
        self.status = self._parser.get_status_code()
        if self.status < _FIRST_FINAL and self.status != _SWITCHING:
            self.headers.clear()
            return
        self._in_body = True
        lengths = bool(self.header("content-length")) or "chunked" in self.header("transfer-encoding").lower()
        self._framed = lengths or self.status in _NO_BODY

    def on_body(self, data: bytes) -> None:
        """A piece of the body; past the limit the rest is left."""
        piece = data[: self._max_body_bytes - len(self.body)]
        self.body += piece
        self._hash.update(piece)
        if len(piece) < len(data):
            self.truncated = True
            self.done = True

    def on_message_complete(self) -> None:
        """The answer is whole."""
        if self._in_body:
            self.done = True


def is_literal(place: Place) -> bool:
    """Whether the place is an address, which has no name to resolve or to send."""
    return literal(place.name) is not None
