"""Streams that are asked by RTMP."""

from __future__ import annotations

from probes.core.streams import RtmpMachine
from probes.core.streams.rtmp import ENTROPY
from probes.observe.scene import Scene
from probes.observe.watch import watch


async def observe(scene: Scene) -> None:
    """`rtmp://host[:1935]/application[/stream]`."""
    await watch(scene, RtmpMachine(scene.place.full, scene.tools.randomness.token(ENTROPY)))
