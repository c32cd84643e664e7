"""A server that answers any first message: with a few bytes; with a FIN; or with a reset, if told so."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys

PORT = 443


async def serve(manner: str) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            said = await reader.read(4096)
        except ConnectionResetError:  # a walk hangs up with a reset
            said = b""
        wanted = b"wanted.example" in said
        if said and not (wanted and manner in {"reset", "close"}):
            writer.write(b"\x15\x03\x03\x00\x02\x02\x28")
            await writer.drain()
            await asyncio.sleep(5)
        if wanted and manner == "reset":
            raw: socket.socket = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.close()

    server = await asyncio.start_server(answer, None, PORT)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await server.serve_forever()


asyncio.run(serve(sys.argv[1]))
