"""A QUIC server in a process of its own: quic_main.py PEM PORT ADDRESS... It says "ready" and goes on."""

from __future__ import annotations

import asyncio
import sys

from aioquic.asyncio.server import serve
from aioquic.quic.configuration import QuicConfiguration


async def main(pem: str, port: int, addresses: list[str]) -> None:
    """Serve at every address until killed."""
    configuration = QuicConfiguration(is_client=False, alpn_protocols=["h3"])
    configuration.load_cert_chain(pem, pem)
    for address in addresses:
        await serve(address, port, configuration=configuration)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3:]))
