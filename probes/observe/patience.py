"""A second look, after a while, at handshakes that failed for every name on an address.

Some censors close an address for a minute to whoever once said a wanted name there. Then a
harmless name fails too, and so does the innocent name of a neighbour. Waited out, the
harmless name works, and the repeat of the wanted one tells which of the two it is.
"""

from __future__ import annotations

import asyncio
from asyncio import TaskGroup
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Final

from msgspec.structs import replace

from probes.core.places import place_of
from probes.observe.scene import Scene
from probes.observe.shaking import shake
from probes.observe.sighting import Sighting
from probes.observe.tcp import dial
from probes.observe.tools import Tools
from wire.judge.trail import AGAIN, NAME_CONTROL
from wire.records import Step

# After how many seconds of quiet the address is tried again, until a harmless name works there.
PAUSES_S: Final = (6.0, 14.0, 25.0)
# A harmless name that is let through answers soon; the whole look takes less than a minute.
QUICK_S: Final = 3.0
# No more addresses than these in one round, and no more names on one: patience is for the few.
MAX_ADDRESSES: Final = 8
MAX_NAMES: Final = 4
Door = tuple[str, int]


async def look_again(
    sightings: Sequence[Sighting], in_doubt: Callable[[Sighting], bool], tools: Tools
) -> list[Sighting]:
    """The same sightings; those in doubt whose harmless names failed too have further steps."""
    doors: dict[Door, list[int]] = defaultdict(list)
    for number, one in enumerate(sightings):
        door = failed_for_all(one.steps)
        if door is not None and in_doubt(one):
            doors[door].append(number)
    found = list(sightings)
    async with TaskGroup() as group:
        for door, numbers in list(doors.items())[:MAX_ADDRESSES]:
            group.create_task(_one_by_one(found, door, numbers[:MAX_NAMES], tools))
    return found


def failed_for_all(steps: Sequence[Step]) -> Door | None:
    """Address and port where neither the wanted nor a harmless name was answered; None when one was."""
    tried = [step for step in steps if step.role == NAME_CONTROL and step.step in {"tcp", "tls"}]
    harmless = [step for step in tried if step.step == "tls" or step.failure is not None]
    if not harmless or any(step.answered for step in harmless):
        return None
    return harmless[0].address, harmless[0].port


async def _one_by_one(found: list[Sighting], door: Door, numbers: Sequence[int], tools: Tools) -> None:
    """Names that share an address wait for each other: each may close it anew."""
    for number in numbers:
        further, opened = await _waited(found[number], door, tools)
        found[number] = replace(found[number], steps=(*found[number].steps, *further))
        if not opened:
            return


async def _waited(seen: Sighting, door: Door, tools: Tools) -> tuple[tuple[Step, ...], bool]:
    """The further steps of one name, and whether a harmless one was answered meanwhile."""
    with ExitStack() as closing:
        async with TaskGroup() as group:
            scene = Scene(seen.target, tools, group, closing, began=seen.began)
            for pause in PAUSES_S:
                await asyncio.sleep(pause)
                if await _answered(scene, door, NAME_CONTROL):
                    await _answered(scene, door, AGAIN)
                    return scene.steps(), True
    return scene.steps(), False


async def _answered(scene: Scene, door: Door, role: str) -> bool:
    scene.grant(min(QUICK_S, scene.tools.timeout_s))
    place = replace(place_of(scene.target.url), port=door[1])
    sock = await dial(scene, place, door[0], role)
    if sock is None:
        return False
    shaken = await shake(scene, place, door[0], sock, role)
    shaken.stream.close()
    return shaken.handshake.answered
