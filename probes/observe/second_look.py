"""Nobody is accused on one look: what failed is observed once more, moments later.

A lost packet, or a line that loses many, looks like a silent censor. What works the second
time shows that, and how often it happens in a round tells what the line is worth.
"""

from __future__ import annotations

import asyncio
from asyncio import Semaphore, TaskGroup
from collections.abc import Callable, Sequence
from typing import Final

from msgspec.structs import replace

from probes.core.places import Place
from probes.observe.doors import answered, closed_to_a_name, continued, place_at
from probes.observe.scene import MAX_STEPS, Scene
from probes.observe.sighting import Sighting, observe
from probes.observe.tools import Tools
from wire import names
from wire.judge.line import worked_later
from wire.judge.trail import AGAIN, NAME_CONTROL, OWN, outcome, pick, scheme_of
from wire.records import Step

PAUSE_S: Final = 2.0
BETWEEN_S: Final = 0.5
# Beyond so many it is no single target's matter, and the mode of the line says what it is.
MAX_LOOKS: Final = 60
AT_ONCE: Final = 20
# A server that breaks off now and then is told from a censor of names by so many more pairs.
PAIRS: Final = 2
# So often, and for so long, is looked again; what takes its time to fail is looked at once more.
LOOKS: Final = 4
LOOKS_S: Final = 8.0
_STAGES: Final = frozenset({"dns", "tcp", "http", "quic"})
# A handshake that was answered, though not as it should be: one machine of several may do so.
_ANSWERED: Final = frozenset({names.SSL_HANDSHAKE, names.SSL_HOSTNAME})


async def second_look(
    sightings: Sequence[Sighting], in_doubt: Callable[[Sighting], bool], tools: Tools
) -> list[Sighting]:
    """The same sightings; those in doubt with the steps of another look, as repeats."""
    found = list(sightings)
    chosen = [number for number, one in enumerate(found) if may_pass(one) and in_doubt(one)][:MAX_LOOKS]
    if chosen:
        await asyncio.sleep(PAUSE_S)
    gate = Semaphore(AT_ONCE)
    async with TaskGroup() as group:
        for number in chosen:
            group.create_task(_look(found, number, gate, tools))
    return found


def may_pass(seen: Sighting) -> bool:
    """Whether a sighting may be another a moment later: a failure, or a plain page, made for each visit."""
    plain = scheme_of(seen.target) == "http" and bool(pick(seen.steps, "http", hop=None))
    if plain or all(step.failure is None for step in seen.steps):
        return plain
    end = outcome(seen.target, seen.steps)
    if end.stage in _STAGES or end.failure in _ANSWERED:
        return True
    return closed_to_a_name(seen.steps) is not None


async def _look(found: list[Sighting], number: int, gate: Semaphore, tools: Tools) -> None:
    first = found[number]
    door = closed_to_a_name(first.steps)
    end = outcome(first.target, first.steps)
    named = end.stage == "tls"
    async with gate:
        if named and door is not None and end.failure not in _ANSWERED:
            place, address = place_at(first, door), door[0]
            found[number] = await continued(first, tools, lambda scene: _pairs(scene, place, address))
        else:
            found[number] = await _until_it_works(first, tools)


async def _until_it_works(seen: Sighting, tools: Tools) -> Sighting:
    began = tools.clock.monotonic()
    for _ in range(LOOKS):
        seen = await look_once_more(seen, tools)
        late = tools.clock.monotonic() - began > LOOKS_S
        if late or outcome(seen.target, seen.steps).complete or worked_later(seen.target, seen.steps):
            break
        await asyncio.sleep(BETWEEN_S)
    return seen


async def _pairs(scene: Scene, place: Place, address: str) -> None:
    """A harmless name and the wanted one, until the one fails or the other is answered."""
    for _ in range(PAIRS):
        if not await answered(scene, place, address, NAME_CONTROL):
            return
        if await answered(scene, place, address, AGAIN):
            return


async def look_once_more(first: Sighting, tools: Tools) -> Sighting:
    """A sighting with the steps of another look at the same target; without sockets, as it was."""
    try:
        return _with_repeats(first, await observe(first.target, tools))
    except* OSError:
        pass
    return first


def _with_repeats(first: Sighting, second: Sighting) -> Sighting:
    later = second.began - first.began
    further = [repeated(step, later) for step in second.steps if step.role in {OWN, NAME_CONTROL}]
    return replace(first, steps=(*first.steps, *further)[:MAX_STEPS])


def repeated(step: Step, later_s: float) -> Step:
    """A step of the second look in the first one's time, as a repeat."""
    role = AGAIN if step.role == OWN else step.role
    return replace(step, role=role, t0=round(step.t0 + later_s, 6), t=round(step.t + later_s, 6))
