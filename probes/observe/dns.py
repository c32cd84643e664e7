"""Names to addresses: A and AAAA, by UDP, by TCP when the answer is too long.

Rules of this file: each question has a socket, a source port and an id of its own; only bytes from the
server that was asked, with the id and the question that were sent, are an answer.
"""

from __future__ import annotations

import asyncio
from typing import Final

from probes.core import failures
from probes.core.dns_message import Answer, ask
from probes.core.hosts import spoken
from probes.core.http1 import is_literal
from probes.core.places import Place, asked_name
from probes.core.resolv_conf import Resolver
from probes.observe.lookup import Lookup, Reply
from probes.observe.raw import look_at_answers
from probes.observe.scene import Scene
from probes.observe.second_opinion import is_doubtful, second_opinion
from wire.records import Step

RESOLVER_NAME: Final = "resolver"  # the role of the steps that find the address of a named resolver
_LOCAL: Final = ("127.0.0.1", "::1")  # what `localhost` is, without asking (RFC 6761, 6.3)


async def ask_target(scene: Scene) -> tuple[str, ...]:
    """`dns://resolver[:port]/name`: ask that resolver alone; the addresses that it gives."""
    for address in (await resolve(scene, scene.place, RESOLVER_NAME))[:1]:
        resolver = Resolver(address=address, port=scene.place.port, label=address)
        return await _ask_both(scene, asked_name(scene.target.url), (resolver,))
    return ()


async def resolve(scene: Scene, place: Place, role: str = "") -> tuple[str, ...]:
    """The addresses of a place, IPv4 first; a literal one and `localhost` are not asked for."""
    if is_literal(place):
        return (place.name,)
    if place.name == "localhost" or place.name.endswith(".localhost"):
        return _LOCAL
    given = await _ask_both(scene, place.host, scene.tools.resolvers, place.hop, role)
    if not role and is_doubtful(given, scene.tools.known_addresses(place.host)):
        await second_opinion(scene, place, given)
        await look_at_answers(scene, place)
    return given


async def _ask_both(
    scene: Scene, host: str, resolvers: tuple[Resolver, ...], hop: int = 0, role: str = ""
) -> tuple[str, ...]:
    asking = _Asking(scene, host, resolvers, hop, role)
    async with asyncio.TaskGroup() as group:
        v6 = group.create_task(asking.one("AAAA"))
        v4 = await asking.one("A")
    return v4 + v6.result()


class _Asking:
    """A host on its way to its addresses."""

    def __init__(self, scene: Scene, host: str, resolvers: tuple[Resolver, ...], hop: int, role: str) -> None:
        self._scene = scene
        self._host = host
        self._resolvers = resolvers
        self._hop = hop
        self._role = role

    async def one(self, qtype: str) -> tuple[str, ...]:
        """Ask for one type; keep the step; give the addresses."""
        t0 = self._scene.now()
        try:
            number = int.from_bytes(self._scene.tools.randomness.token(2))
            question = ask(spoken(self._host), qtype, number)
        except ValueError:
            self._add(t0, qtype, Reply(failure=failures.unknown("a name that the DNS cannot hold")))
            return ()
        reply = await Lookup(question, self._resolvers, self._scene.allowance()).run()
        carried = 2 * len(question.raw) + 28 * len(reply.answer.addresses if reply.answer else ())
        self._scene.tools.meter.datagrams(self._scene.target.url, carried)
        self._add(t0, qtype, reply)
        return reply.answer.addresses if reply.answer else ()

    def _add(self, t0: float, qtype: str, reply: Reply) -> None:
        answer = reply.answer or Answer(rcode="")
        self._scene.add(
            Step(
                step="dns",
                failure=failures.of_rcode(answer.rcode, answer.addresses) if reply.answer else reply.failure,
                t0=t0,
                t=self._scene.now(),
                hop=self._hop,
                role=self._role,
                host=self._host[:253],
                resolver=reply.resolver,
                transport=reply.transport,
                qtype=qtype,
                rcode=answer.rcode,
                answers=answer.addresses,
                cname=answer.cname[:253],
            )
        )
