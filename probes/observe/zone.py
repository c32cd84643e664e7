"""A zone's name servers, the kind `zone`: each of them asked for the zone's serial, by UDP and by TCP.

Rules of this file: only an answer with authority counts; whoever answers for others has none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
from msgspec.structs import replace

from probes.core import failures
from probes.core.resolv_conf import Resolver
from probes.observe.dns import RESOLVER_NAME, resolve
from probes.observe.quic import few
from probes.observe.scene import Scene
from probes.observe.second_opinion import failure_of
from wire import names
from wire.judge.trail import NAME_SERVER
from wire.records import Step

MAX_NAME_SERVERS: Final = 8
NO_AUTHORITY: Final = failures.unknown("an answer without authority")
_BROKEN: Final = (OSError, EOFError, dns.exception.DNSException)
Message = dns.message.Message


async def observe(scene: Scene) -> None:
    """`zone://zone[:port]`: who its name servers are, by the own resolver, and what each says."""
    servers = await _name_servers(scene)
    async with asyncio.TaskGroup() as group:
        for server in servers[:MAX_NAME_SERVERS]:
            group.create_task(_look(scene, server))


async def _name_servers(scene: Scene) -> tuple[str, ...]:
    """The names in the zone's NS records; the step is kept."""
    zone, t0 = scene.place.name, scene.now()
    told = Step(step="dns", failure=names.TIMEOUT, t0=t0, t=t0, host=scene.place.host, qtype="NS")
    for resolver in scene.tools.resolvers:
        told = await _asked(scene, dns.message.make_query(zone, "NS"), resolver, told)
        if told.answers:
            break
    scene.add(replace(told, t=scene.now()))
    return told.answers


async def _asked(scene: Scene, query: Message, resolver: Resolver, bare: Step) -> Step:
    """The step of the question, as one resolver answers it."""
    bare = replace(bare, resolver=resolver.label, transport="udp")
    try:
        async with asyncio.timeout(scene.allowance()):
            answer, by_tcp = await dns.asyncquery.udp_with_fallback(
                query, resolver.address, port=resolver.port, ignore_unexpected=True
            )
    except _BROKEN as error:
        return replace(bare, failure=failure_of(error))
    rcode, found = dns.rcode.to_text(answer.rcode()), _targets(answer)
    failure = failures.of_rcode(rcode, found)
    return replace(bare, failure=failure, rcode=rcode, answers=found, transport="tcp" if by_tcp else "udp")


def _targets(answer: Message) -> tuple[str, ...]:
    sets = [one for one in answer.answer if one.rdtype == dns.rdatatype.NS]
    told = (str(record.target).removesuffix(".").lower() for one in sets for record in one)
    return tuple(sorted(name[:253] for name in told if name))


async def _look(scene: Scene, server: str) -> None:
    """One name server, at an address of each family."""
    place = replace(scene.place, host=server, name=server)
    addresses = await resolve(scene, place, RESOLVER_NAME)
    async with asyncio.TaskGroup() as group:
        for address in few(addresses, 1):
            for transport in _ASK:
                group.create_task(_serial(scene, server, address, transport))


async def _serial(scene: Scene, server: str, address: str, transport: str) -> None:
    t0 = scene.now()
    query = dns.message.make_query(scene.place.name, "SOA", flags=0)  # no recursion: it is its own zone
    rcode, serial = "", None
    try:
        async with asyncio.timeout(scene.allowance()):
            answer = await _ASK[transport](query, address, scene.place.port)
        rcode, serial = dns.rcode.to_text(answer.rcode()), _serial_of(answer)
        failure = _fault(answer, rcode, serial)
    except _BROKEN as error:
        failure = failure_of(error)
    scene.add(
        Step(
            step="dns",
            failure=failure,
            t0=t0,
            t=scene.now(),
            role=NAME_SERVER,
            address=address,
            port=scene.place.port,
            host=scene.place.host,
            resolver=server,
            transport=transport,
            qtype="SOA",
            rcode=rcode,
            serial=serial,
        )
    )


def _fault(answer: Message, rcode: str, serial: int | None) -> str | None:
    if not answer.flags & dns.flags.AA:
        return failures.of_rcode(rcode, ()) if rcode in {"REFUSED", "SERVFAIL"} else NO_AUTHORITY
    return failures.of_rcode(rcode, ("",) if serial is not None else ())


def _serial_of(answer: Message) -> int | None:
    sets = (one for one in answer.answer if one.rdtype == dns.rdatatype.SOA)
    return next((int(record.serial) for one in sets for record in one), None)


async def _udp(query: Message, address: str, port: int) -> Message:
    return await dns.asyncquery.udp(query, address, port=port, ignore_unexpected=True)


async def _tcp(query: Message, address: str, port: int) -> Message:
    return await dns.asyncquery.tcp(query, address, port=port)


_ASK: Final[dict[str, Callable[[Message, str, int], Awaitable[Message]]]] = {"udp": _udp, "tcp": _tcp}
