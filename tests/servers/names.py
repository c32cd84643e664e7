"""A name server of loopback, by UDP and TCP, that treats each name as a table says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from tests.servers.processes import free_ports


@dataclass
class Zone:
    """How questions about one name are treated.

    `silent_for`: so many questions stay without an answer. `junk`: datagrams sent before the answer.
    `long`: the answer by UDP is truncated, so that the asker comes by TCP.
    """

    v4: tuple[str, ...] = ()
    v6: tuple[str, ...] = ()
    rcode: str = "NOERROR"
    silent_for: int = 0
    junk: tuple[bytes, ...] = ()
    long: bool = False


@dataclass
class NameServer:
    """The server: its port, and the questions it has heard, as (name, type, transport)."""

    zones: Mapping[str, Zone]
    port: int = 0
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def answers(self, raw: bytes, transport: str) -> list[bytes]:
        """Every message that goes back for one that came."""
        question = dns.message.from_wire(raw)
        name = question.question[0].name.to_text(omit_final_dot=True)
        kind = dns.rdatatype.to_text(question.question[0].rdtype)
        self.asked.append((name, kind, transport))
        zone = self.zones.get(name, Zone(rcode="NXDOMAIN"))
        if zone.silent_for:
            zone.silent_for -= 1
            return []
        return [*self._junk(zone, raw), self._answer(zone, question, kind, transport)]

    def _junk(self, zone: Zone, raw: bytes) -> list[bytes]:
        return [piece.replace(b"ID", raw[:2]) for piece in zone.junk]

    def _answer(self, zone: Zone, question: dns.message.Message, kind: str, transport: str) -> bytes:
        made = dns.message.make_response(question)
        made.set_rcode(dns.rcode.from_text(zone.rcode))
        if zone.long and transport == "udp":
            made.flags |= dns.flags.TC
            return made.to_wire()
        for address in {"A": zone.v4, "AAAA": zone.v6}.get(kind, ()):
            made.answer.append(dns.rrset.from_text(question.question[0].name, 60, "IN", kind, address))
        return made.to_wire()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: NameServer) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        for answer in self._server.answers(data, "udp"):
            self._transport.sendto(answer, addr)


@asynccontextmanager
async def name_server(zones: Mapping[str, Zone], *, tcp: bool = True) -> AsyncIterator[NameServer]:
    """A name server that is gone in the end."""
    server = NameServer(zones, free_ports(1)[0])
    loop = asyncio.get_running_loop()
    datagrams, _ = await loop.create_datagram_endpoint(
        lambda: _Datagrams(server), local_addr=("127.0.0.1", server.port)
    )

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        size = int.from_bytes(await reader.readexactly(2), "big")
        for answer in server.answers(await reader.readexactly(size), "tcp"):
            writer.write(len(answer).to_bytes(2, "big") + answer)
        await writer.drain()
        writer.close()

    listener = await asyncio.start_server(talk, "127.0.0.1", server.port) if tcp else None
    try:
        yield server
    finally:
        datagrams.close()
        if listener is not None:
            listener.close()
