"""Answers every DNS question at once with one address, or an error: liar.py PORT ADDRESS [RESOLVER].

SERVFAIL in place of the address is that error; CUT an answer that is too long for a datagram.

With a resolver, the true answer follows a moment later: on the wire, an injector that won the race. It
stands behind a rule that redirects, so that its answers carry the address that was asked.
"""

from __future__ import annotations

import asyncio
import sys
from typing import cast

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

_LATER_S = 0.03


class Liar(asyncio.DatagramProtocol):
    """Lies first; tells the truth a moment later where it knows whom to ask."""

    def __init__(self, answer: str, resolver: str, group: asyncio.TaskGroup) -> None:
        self._answer = answer
        self._resolver = resolver
        self._group = group

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Kept for the answers."""
        self._transport = cast("asyncio.DatagramTransport", transport)  # asyncio's own is no subclass of it

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """A question."""
        question = dns.message.from_wire(data)
        self._transport.sendto(forged(question, self._answer).to_wire(), addr)
        if self._resolver:
            self._group.create_task(self._truth(question, addr))

    async def _truth(self, question: dns.message.Message, addr: tuple[str, int]) -> None:
        await asyncio.sleep(_LATER_S)
        try:
            answer = await dns.asyncquery.udp(question, self._resolver, timeout=1)
        except (dns.exception.DNSException, OSError):
            return
        self._transport.sendto(answer.to_wire(), addr)


def forged(question: dns.message.Message, answer: str) -> dns.message.Message:
    """One A record for whatever was asked, or an error; no record of other types."""
    told = dns.message.make_response(question)
    told.flags |= dns.flags.RA
    if answer == "CUT":
        told.flags |= dns.flags.TC
        return told
    if answer == "SERVFAIL":
        told.set_rcode(dns.rcode.SERVFAIL)
        return told
    asked = question.question[0]
    if asked.rdtype == dns.rdatatype.A:
        told.answer.append(dns.rrset.from_text(asked.name, 300, "IN", "A", answer))
    return told


async def main(port: int, answer: str, resolver: str) -> None:
    """Lie until killed."""
    async with asyncio.TaskGroup() as group:
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(lambda: Liar(answer, resolver, group), ("0.0.0.0", port))  # noqa: S104  # inside a namespace
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], "".join(sys.argv[3:])))
