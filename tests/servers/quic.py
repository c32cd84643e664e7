"""A real QUIC server (aioquic) on a free port of loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from aioquic.asyncio.server import serve
from aioquic.quic.configuration import QuicConfiguration

from tests.lab.authority import self_signed


@asynccontextmanager
async def quic_server(folder: Path, *, retry: bool = False, protocol: str = "h3") -> AsyncIterator[int]:
    """The port of a server that speaks one application protocol; `retry`: it wants addresses proven first."""
    pem = folder / "quic.pem"
    pem.write_bytes(self_signed("localhost", datetime.now(UTC)))  # noqa: TID251  # a certificate of today
    configuration = QuicConfiguration(is_client=False, alpn_protocols=[protocol])
    configuration.load_cert_chain(pem, pem)
    server = await serve("127.0.0.1", 0, configuration=configuration, retry=retry)
    try:
        transport = server._transport  # aioquic has no public way to its port
        assert transport is not None
        yield transport.get_extra_info("sockname")[1]
    finally:
        server.close()
