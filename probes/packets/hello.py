"""A ClientHello as bytes, made by the machine's own TLS library."""

from __future__ import annotations

import ssl
from functools import cache


@cache
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def client_hello(name: str) -> bytes:
    """The first message of a handshake for a name; an empty name or an address sends no server name."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    handshake = _context().wrap_bio(incoming, outgoing, server_hostname=name)
    try:
        handshake.do_handshake()
    except ssl.SSLWantReadError:  # it waits for an answer that nobody will give it
        return outgoing.read()
    raise AssertionError("a handshake cannot end alone")
