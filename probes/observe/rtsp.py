"""Cameras that are asked by RTSP."""

from __future__ import annotations

from probes.core.streams import RtspMachine
from probes.observe.scene import Scene
from probes.observe.watch import watch


async def observe(scene: Scene) -> None:
    """`rtsp://host[:554]/path`."""
    await watch(scene, RtspMachine(scene.place.full))
