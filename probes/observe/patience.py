"""A second look, after a while, at addresses where everything failed since somebody spoke.

Some censors close an address for a minute to whoever once said a wanted name there. Then a
harmless name fails too, and so does the innocent name of a neighbour. Waited out, the
harmless name works, and the repeat of the wanted one tells which of the two it is.
"""

from __future__ import annotations

import asyncio
from asyncio import TaskGroup
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Final

from probes.observe.doors import Door, answered, continued, failed_for_all, place_at
from probes.observe.scene import Scene
from probes.observe.second_look import look_once_more
from probes.observe.sighting import Sighting
from probes.observe.tools import Tools
from wire import names
from wire.judge.line import worked_later
from wire.judge.trail import AGAIN, NAME_CONTROL, OWN, outcome, pick
from wire.records import Step

# After how many seconds of quiet the address is tried again, until a harmless name works there.
PAUSES_S: Final = (6.0, 14.0, 25.0, 25.0)
# No more addresses than these in one round, and no more names on one: patience is for the few.
MAX_ADDRESSES: Final = 8
MAX_NAMES: Final = 4
HURRIED: Final = 2
_BROKEN_OFF: Final = frozenset({names.TIMEOUT, names.RESET, names.EOF})
_SHUT: Final = frozenset({*_BROKEN_OFF, names.REFUSED, *names.UNREACHABLE})
Waiting = tuple[Door | None, int]  # where a harmless name failed too; which sighting


async def look_again(
    sightings: Sequence[Sighting], in_doubt: Callable[[Sighting], bool], tools: Tools
) -> list[Sighting]:
    """The same sightings; those in doubt at an address that may be closed for a while have further steps."""
    touchy = {step.address for one in sightings for step in one.steps if _broke_off(step)}
    queues: dict[str, list[Waiting]] = defaultdict(list)
    for number, one in enumerate(sightings):
        door = failed_for_all(one.steps)
        address = door[0] if door is not None else _bystander_at(one, touchy)
        if address and in_doubt(one):
            queues[address].append((door if _is_sealed(one, door) else None, number))
    found = list(sightings)
    # where so many are closed, it is nobody's habit, and the round must come to its end
    pauses = PAUSES_S if len(queues) <= MAX_ADDRESSES else PAUSES_S[:HURRIED]
    async with TaskGroup() as group:
        for queue in list(queues.values())[:MAX_ADDRESSES]:
            # who says no name closes nothing: bystanders first
            ordered = sorted(queue, key=lambda one: one[0] is not None)
            group.create_task(_one_by_one(found, ordered[:MAX_NAMES], tools, pauses))
    return found


def _is_sealed(seen: Sighting, door: Door | None) -> bool:
    """Whether a handshake was to be made at a door."""
    return door is not None and place_at(seen, door).scheme != "http"


def _broke_off(step: Step) -> bool:
    return step.step == "tls" and step.failure in _BROKEN_OFF


def _bystander_at(seen: Sighting, touchy: set[str]) -> str:
    """Where this target's connection or page failed and somebody's handshake was broken off; "": nowhere."""
    if not touchy:
        return ""
    end = outcome(seen.target, seen.steps)
    if end.stage not in {"tcp", "http"} or end.failure not in _SHUT:
        return ""
    tried = pick(seen.steps, "tcp", end.hop, OWN)
    return next((step.address for step in tried if step.address in touchy), "")


async def _one_by_one(
    found: list[Sighting], queue: Sequence[Waiting], tools: Tools, pauses: Sequence[float]
) -> None:
    """Those that share an address wait for each other: each name may close it anew."""
    for door, number in queue:
        if door is None:
            found[number] = await _stood_by(found[number], tools, pauses)
            continue
        waiting = _Waiting(found[number], door, pauses)
        found[number] = await continued(found[number], tools, waiting.until_open)
        if not waiting.opened:
            return


async def _stood_by(seen: Sighting, tools: Tools, pauses: Sequence[float]) -> Sighting:
    """A target that says no name: looked at anew until it works."""
    for pause in pauses:
        await asyncio.sleep(pause)
        seen = await look_once_more(seen, tools)
        if worked_later(seen.target, seen.steps):
            break
    return seen


class _Waiting:
    """A name before a closed door."""

    def __init__(self, seen: Sighting, door: Door, pauses: Sequence[float]) -> None:
        self._pauses = pauses
        self._place = place_at(seen, door)
        self._address = door[0]
        self.opened = False

    async def until_open(self, scene: Scene) -> None:
        """Try a harmless name after each pause; once it is answered, the wanted one, and the harmless again.

        Who closes a door after the name closes it again; a server that breaks off now and then does not.
        """
        for pause in self._pauses:
            await asyncio.sleep(pause)
            self.opened = await answered(scene, self._place, self._address, NAME_CONTROL)
            if self.opened:
                if not await answered(scene, self._place, self._address, AGAIN):
                    await answered(scene, self._place, self._address, NAME_CONTROL)
                return
