"""QUIC: a knock at every address of a host; and where nobody opens, what tells why.

A censor that drops UDP 443 leaves TCP alone; one that reads the name leaves other names alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from probes.core.http1 import is_literal
from probes.core.places import Place
from probes.core.quic import ENTROPY, Answer, Dial, Knock
from probes.observe.datagrams import correspond
from probes.observe.dns import resolve
from probes.observe.scene import Scene
from probes.observe.tcp import MAX_KNOWN, dial
from wire.judge.trail import AGAIN, BESIDE, KNOWN_ADDRESS, NAME_CONTROL, NO_NAME
from wire.records import Step

MAX_PER_FAMILY: Final = 2
KNOCK_BYTES: Final = (
    3_600  # an estimate: padded to 1,200 bytes (RFC 9000, 14.1), once or twice, and an answer
)
_NO_ANSWER: Final = Answer(kind="")


async def observe(scene: Scene) -> None:
    """`quic://host:port`: whether anybody answers by QUIC version 1."""
    place = scene.place
    addresses = await resolve(scene, place)
    tried = few(addresses, MAX_PER_FAMILY)
    async with asyncio.TaskGroup() as group:
        knocks = [group.create_task(_knock(scene, place, address)) for address in tried]
    if any(knock.result() for knock in knocks):
        return
    async with asyncio.TaskGroup() as group:
        if tried:
            group.create_task(_compare(scene, place, tried[0]))
        for address in _known(scene, place, addresses):
            group.create_task(_knock(scene, place, address, KNOWN_ADDRESS))


def few(addresses: Sequence[str], each: int) -> list[str]:
    """The first of each family, IPv4 first."""
    v6 = [one for one in addresses if ":" in one]
    v4 = [one for one in addresses if ":" not in one]
    return [*v4[:each], *v6[:each]]


def _known(scene: Scene, place: Place, tried: Sequence[str]) -> list[str]:
    return [one for one in scene.tools.known_addresses(place.host) if one not in tried][:MAX_KNOWN]


async def _compare(scene: Scene, place: Place, address: str) -> None:
    """On one address: TCP, a packet without a name, a harmless name; then the wanted one again."""
    async with asyncio.TaskGroup() as group:
        group.create_task(dial(scene, place, address, BESIDE))
        group.create_task(_knock(scene, place, address, NO_NAME))
        group.create_task(_knock(scene, place, address, NAME_CONTROL))
    await _knock(scene, place, address, AGAIN)


async def _knock(scene: Scene, place: Place, address: str, role: str = "") -> bool:
    """One knock, kept as a step; whether somebody answered."""
    if not scene.may_connect(place, address, role):
        return False
    name = _name(scene, place, role)
    knock = Knock(Dial.of(name, scene.tools.randomness.token(ENTROPY)), nameless=role == NO_NAME)
    t0 = scene.now()
    failure = await correspond((address, place.port), knock, scene.allowance(), scene.tools.clock)
    scene.tools.meter.datagrams(scene.target.url, KNOCK_BYTES, 3)
    answer = knock.answer or _NO_ANSWER
    scene.add(
        Step(
            step="quic",
            failure=failure,
            t0=t0,
            t=scene.now(),
            role=role,
            address=address,
            port=place.port,
            transport="udp",
            server_name=place.host if name == place.name else name,
            version="" if role == NO_NAME else "1",
            answered=knock.done,
            quic_answer=answer.kind,
            quic_versions=tuple(f"0x{number:08x}" for number in answer.versions),
            quic_error=answer.error,
        )
    )
    return failure is None


def _name(scene: Scene, place: Place, role: str) -> str:
    """The name that is sent: none to a literal address, none in a packet of an unknown version."""
    if role == NO_NAME or is_literal(place):
        return ""
    return scene.tools.control_name if role == NAME_CONTROL else place.name
