"""What raw packets add where a conversation broke off or an answer is in doubt; else that nobody looked.

Rules of this file: it is asked only after everything else has been seen, so that a censor who goes
on blocking an address for a while disturbs no other step.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from msgspec.structs import replace

from probes.core.dns_message import ask
from probes.core.http1 import is_literal, request
from probes.core.places import Place
from probes.observe.scene import Scene
from probes.packets import (
    NO_HELPER,
    Asked,
    PacketHelper,
    Patience,
    Subject,
    client_hello,
    examine,
    watch_race,
)
from wire.records import Step

ANSWER_S: Final = 3.0
RACE_S: Final = 2.0


async def look_at_handshake(scene: Scene, place: Place, address: str) -> None:
    """Who ended a handshake, and where he stands: by ClientHellos of the wanted and a harmless name."""
    if not is_literal(place):
        wanted, harmless = client_hello(place.name), client_hello(scene.tools.control_name)
        await _look(scene, place, address, (wanted, harmless))


async def look_at_request(scene: Scene, place: Place, address: str) -> None:
    """The same by a plain request."""
    named = replace(place, name=scene.tools.control_name)
    await _look(scene, place, address, (request(place), request(named)))


async def look_at_answers(scene: Scene, place: Place) -> None:
    """Every answer that the own resolver's address sends to one question."""
    resolver = scene.tools.resolvers[0] if scene.tools.resolvers else None
    if resolver is None:
        return
    number = int.from_bytes(scene.tools.randomness.token(2))
    asked = Asked(
        address=resolver.address,
        port=resolver.port,
        label=resolver.label,
        name=place.host[:253],
        raw=ask(place.name, "A", number).raw,
        now=scene.now,
    )
    bare = Step(step="packet", failure=NO_HELPER, t0=scene.now(), t=scene.now(), host=asked.name)
    await _add(scene, place, bare, lambda helper: watch_race(helper, asked, RACE_S))


async def _look(scene: Scene, place: Place, address: str, messages: tuple[bytes, bytes]) -> None:
    subject = Subject(
        address=address,
        port=place.port,
        name=place.host,
        wanted=messages[0],
        harmless=messages[1],
        now=scene.now,
    )
    bare = Step(
        step="packet", failure=NO_HELPER, t0=scene.now(), t=scene.now(), address=address, port=place.port
    )
    patience = Patience(answer_s=min(ANSWER_S, scene.tools.timeout_s))
    await _add(scene, place, bare, lambda helper: examine(helper, subject, patience, walk=True))


async def _add(
    scene: Scene, place: Place, bare: Step, look: Callable[[PacketHelper], Awaitable[Step]]
) -> None:
    """Keep what was seen, or the bare step that says that nobody looked."""
    helper = scene.tools.packets
    step = bare if helper is None else await look(helper)
    scene.add(replace(step, hop=place.hop))
