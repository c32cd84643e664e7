"""Nobody is accused on one look: what failed without an answer is observed once more, moments later.

A lost packet, or a line that loses many, looks like a silent censor. What works the second
time shows that, and how often it happens in a round tells what the line is worth.
"""

from __future__ import annotations

import asyncio
from asyncio import Semaphore, TaskGroup
from collections.abc import Callable, Sequence
from typing import Final

from msgspec.structs import replace

from probes.observe.scene import MAX_STEPS
from probes.observe.sighting import Sighting, observe
from probes.observe.tools import Tools
from wire import names
from wire.judge.trail import AGAIN, NAME_CONTROL, OWN, outcome, pick, scheme_of
from wire.records import Step

PAUSE_S: Final = 2.0
# Beyond so many it is no single target's matter, and the mode of the line says what it is.
MAX_LOOKS: Final = 60
AT_ONCE: Final = 20
# Failures that a lost packet or a passing fault can make. Handshakes have their own repeat.
PASSING: Final = frozenset({names.TIMEOUT, names.RESET, names.EOF, names.HOST_UNREACHABLE})
_STAGES: Final = frozenset({"dns", "tcp", "http", "quic"})


async def second_look(
    sightings: Sequence[Sighting], in_doubt: Callable[[Sighting], bool], tools: Tools
) -> list[Sighting]:
    """The same sightings; those in doubt with the steps of another look, as repeats."""
    found = list(sightings)
    chosen = [
        number for number, one in enumerate(found) if (may_pass(one) or is_plain(one)) and in_doubt(one)
    ][:MAX_LOOKS]
    if chosen:
        await asyncio.sleep(PAUSE_S)
    gate = Semaphore(AT_ONCE)
    async with TaskGroup() as group:
        for number in chosen:
            group.create_task(_look(found, number, gate, tools))
    return found


def may_pass(seen: Sighting) -> bool:
    """Whether a sighting ended in a way that a moment later may be over."""
    end = outcome(seen.target, seen.steps)
    return end.stage in _STAGES and end.failure in PASSING


def is_plain(seen: Sighting) -> bool:
    """Whether a plain page came, which the site may make anew for each visit."""
    return scheme_of(seen.target) == "http" and bool(pick(seen.steps, "http", hop=None))


async def _look(found: list[Sighting], number: int, gate: Semaphore, tools: Tools) -> None:
    first = found[number]
    async with gate:
        second = await observe(first.target, tools)
    later = second.began - first.began
    further = [repeated(step, later) for step in second.steps if step.role in {OWN, NAME_CONTROL}]
    found[number] = replace(first, steps=(*first.steps, *further)[:MAX_STEPS])


def repeated(step: Step, later_s: float) -> Step:
    """A step of the second look in the first one's time, as a repeat."""
    role = AGAIN if step.role == OWN else step.role
    return replace(step, role=role, t0=round(step.t0 + later_s, 6), t=round(step.t + later_s, 6))
