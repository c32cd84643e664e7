"""A TLS server of loopback that treats everybody in one way."""

from __future__ import annotations

import itertools
import ssl
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from tests.servers.deaf import Talk, talking

_NUMBERS = itertools.count()


def secure_server(
    talk: Talk, pem: bytes, folder: Path, host: str = "127.0.0.1", port: int = 0
) -> AbstractAsyncContextManager[int]:
    """Its port; `pem` holds key and chain."""
    path = folder / f"server-{next(_NUMBERS)}.pem"
    path.write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return talking(talk, port, host, context)
