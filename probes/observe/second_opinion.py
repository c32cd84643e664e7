"""A name in doubt: public resolvers are asked by every transport, and an address where no resolver is.

Rules of this file: only a name whose own answer is missing or strange is asked about elsewhere, so
that on a calm day nobody else learns what is measured. dnspython speaks here, for all transports.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import dns.asyncquery
import dns.exception
import dns.message
import dns.rcode
import dns.rdatatype

from probes.core import failures
from probes.core.places import Place
from probes.core.resolv_conf import Resolver
from probes.observe.scene import Scene
from wire import names
from wire.judge.addresses import strangers
from wire.judge.trail import NO_RESOLVER, PUBLIC
from wire.records import Step

# Whoever is asked in doubt has less time than the own resolver: silence is an answer here.
WITHIN_S: Final = 2.0
_DOT_PORT: Final = 853
# What a question and its answer take by each transport: estimates, the handshake of TLS included.
_BYTES: Final = {"udp": 150, "tcp": 600, "dot": 6_000}
Ask = Callable[[dns.message.Message, Resolver], Awaitable[dns.message.Message]]


def is_doubtful(given: Sequence[str], known: Sequence[str]) -> bool:
    """Whether an own answer asks for a second opinion: none, or none in the neighbourhood of the known."""
    return not given or strangers(given, known)


async def second_opinion(scene: Scene, place: Place, given: Sequence[str]) -> None:
    """Ask others about a name; what they say is kept in steps, and the scene learns their addresses."""
    known = scene.tools.known_addresses(place.host)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_asked(scene, place, *one, PUBLIC)) for one in _opinions(scene)]
        for address in [one for one in known if ":" not in one][:1]:
            nobody = Resolver(address=address, label=address)
            group.create_task(_asked(scene, place, nobody, "udp", NO_RESOLVER))
    found = dict.fromkeys(address for task in tasks for address in task.result())
    scene.learn(place.host, [address for address in found if address not in given])


def _opinions(scene: Scene) -> list[tuple[Resolver, str]]:
    """Every public resolver by UDP; the first one also by TCP and TLS, which are harder to forge."""
    public = scene.tools.public_resolvers
    return [*((one, "udp") for one in public), *((one, by) for one in public[:1] for by in ("tcp", "dot"))]


async def _asked(
    scene: Scene, place: Place, resolver: Resolver, transport: str, role: str
) -> tuple[str, ...]:
    t0 = scene.now()
    scene.tools.meter.datagrams(scene.target.url, _BYTES[transport])
    try:
        async with asyncio.timeout(min(WITHIN_S, scene.allowance())):
            answer = await _ASK[transport](dns.message.make_query(place.name, "A"), resolver)
        rcode, addresses = dns.rcode.to_text(answer.rcode()), _addresses(answer)
        failure = failures.of_rcode(rcode, addresses)
    except (OSError, EOFError, dns.exception.DNSException) as error:
        rcode, addresses, failure = "", (), failure_of(error)
    scene.add(
        Step(
            step="dns",
            failure=failure,
            t0=t0,
            t=scene.now(),
            hop=place.hop,
            role=role,
            host=place.host[:253],
            resolver=resolver.label,
            transport=transport,
            qtype="A",
            rcode=rcode,
            answers=addresses,
        )
    )
    return addresses


async def _udp(query: dns.message.Message, resolver: Resolver) -> dns.message.Message:
    return await dns.asyncquery.udp(query, resolver.address, port=resolver.port, ignore_unexpected=True)


async def _tcp(query: dns.message.Message, resolver: Resolver) -> dns.message.Message:
    return await dns.asyncquery.tcp(query, resolver.address, port=resolver.port)


async def _dot(query: dns.message.Message, resolver: Resolver) -> dns.message.Message:
    return await dns.asyncquery.tls(query, resolver.address, port=_DOT_PORT, server_hostname=resolver.address)


_ASK: Final[dict[str, Ask]] = {"udp": _udp, "tcp": _tcp, "dot": _dot}


def _addresses(answer: dns.message.Message) -> tuple[str, ...]:
    wanted = [rrset for rrset in answer.answer if rrset.rdtype == dns.rdatatype.A]
    return tuple(str(record) for rrset in wanted for record in rrset)[:16]


def failure_of(error: OSError | EOFError | dns.exception.DNSException) -> str:
    """What went wrong with a question that dnspython asked."""
    match error:
        case TimeoutError() | dns.exception.Timeout():
            return names.TIMEOUT
        case ssl.SSLCertVerificationError():
            return names.SSL_AUTHORITY
        case ssl.SSLError():
            return names.SSL_HANDSHAKE
        case OSError():
            return failures.of_os_error(error)
        case EOFError():
            return names.EOF
        case _:
            return failures.unknown("not a DNS answer")
