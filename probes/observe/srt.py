"""Listeners that are asked by SRT."""

from __future__ import annotations

from typing import Final

from probes.core.streams import SrtMachine
from probes.core.streams.srt import ENTROPY
from probes.observe.datagrams import correspond
from probes.observe.dns import resolve
from probes.observe.quic import few
from probes.observe.scene import Scene
from probes.observe.watch import keep, watch_s

MAX_PER_FAMILY: Final = 1
CALL_BYTES: Final = 300  # an estimate: an induction, a conclusion and their answers


async def observe(scene: Scene) -> None:
    """`srt://host:port[?streamid=...]`: one address after another, since one caller is enough."""
    for address in few(await resolve(scene, scene.place), MAX_PER_FAMILY):
        if await _call(scene, address):
            return


async def _call(scene: Scene, address: str) -> bool:
    if not scene.may_connect(scene.place, address):
        return False
    scene.tools.meter.datagrams(scene.target.url, CALL_BYTES, 4)
    spoken = SrtMachine(scene.place.full, scene.tools.randomness.token(ENTROPY))
    t0 = scene.now()
    within_s = watch_s(scene) if spoken.watches else scene.allowance()
    failure = await correspond((address, scene.place.port), spoken, within_s, scene.tools.clock)
    keep(scene, spoken, address, t0, failure)
    return spoken.answered
