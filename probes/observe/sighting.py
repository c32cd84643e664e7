"""One target observed once: when, and all its steps."""

from __future__ import annotations

from asyncio import TaskGroup
from contextlib import ExitStack

from msgspec import Struct

from probes.observe.kinds import PROBERS
from probes.observe.scene import Scene
from probes.observe.tools import Tools
from wire.records import Step, Target
from wire.times import format_time


class Sighting(Struct, frozen=True, kw_only=True):
    """What was seen of a target. `began`: the monotonic second to which the steps' times refer."""

    target: Target
    at: str
    began: float
    steps: tuple[Step, ...]


async def observe(target: Target, tools: Tools) -> Sighting:
    """Look at one target. Nothing that a network or a server does raises."""
    at = format_time(tools.clock.now())
    with ExitStack() as closing:
        async with TaskGroup() as group:
            scene = Scene(target, tools, group, closing)
            await PROBERS[target.url.partition("://")[0]](scene)
    return Sighting(target=target, at=at, began=scene.began, steps=scene.steps())
