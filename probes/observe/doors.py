"""One more try at a door: an address and a port where a handshake was broken off."""

from __future__ import annotations

from asyncio import TaskGroup
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from typing import Final

from msgspec.structs import replace

from probes.core.places import Place, place_of
from probes.observe.http import fetch
from probes.observe.scene import MAX_STEPS, Scene
from probes.observe.shaking import shake
from probes.observe.sighting import Sighting
from probes.observe.tcp import dial
from probes.observe.tools import Tools
from wire.judge.trail import AGAIN, NAME_CONTROL, last_hop, pick
from wire.records import Step

# A name that is let through answers soon.
QUICK_S: Final = 3.0
Door = tuple[str, int]
Tries = Callable[[Scene], Awaitable[None]]


def failed_for_all(steps: Sequence[Step]) -> Door | None:
    """Address and port where neither the wanted nor a harmless name was answered; None when one was."""
    tried = _harmless(steps)
    if not tried or any(step.answered for step in tried):
        return None
    return tried[0].address, tried[0].port


def closed_to_a_name(steps: Sequence[Step]) -> Door | None:
    """Address and port where a harmless name was answered, and the wanted one was never."""
    heard = [step for step in _harmless(steps) if step.answered]
    hop = last_hop(steps)
    again = [step for step in pick(steps, "tls", hop, AGAIN) if step.answered]
    return (heard[0].address, heard[0].port) if heard and not again else None


def _harmless(steps: Sequence[Step]) -> list[Step]:
    tried = [step for step in steps if step.role == NAME_CONTROL and step.step in {"tcp", "tls"}]
    return [step for step in tried if step.step == "tls" or step.failure is not None]


async def continued(seen: Sighting, tools: Tools, tries: Tries) -> Sighting:
    """A sighting with the steps of further tries, in its own time; without sockets, as far as they came."""
    with ExitStack() as closing:
        try:
            async with TaskGroup() as group:
                scene = Scene(seen.target, tools, group, closing, began=seen.began)
                await tries(scene)
        except* OSError:
            pass
    return replace(seen, steps=(*seen.steps, *scene.steps())[:MAX_STEPS])


def place_at(seen: Sighting, door: Door) -> Place:
    """What was wanted at a door: the target, or where its redirects led."""
    hop = last_hop(seen.steps)
    named = [step.server_name for step in pick(seen.steps, "tls", hop) if step.server_name]
    if not hop or not named:
        return replace(place_of(seen.target.url), port=door[1])
    return place_of(f"https://{named[0]}:{door[1]}/", hop)


async def answered(scene: Scene, place: Place, address: str, role: str) -> bool:
    """Whether a handshake in a role is answered; the wanted name's goes on to its page."""
    scene.grant(min(QUICK_S, scene.tools.timeout_s))
    if role == AGAIN and place.scheme == "https":
        return await fetch(scene, place, address, role)
    sock = await dial(scene, place, address, role)
    if sock is None:
        return False
    shaken = await shake(scene, place, address, sock, role)
    shaken.stream.close()
    return shaken.handshake.answered
