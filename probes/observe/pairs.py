"""Pairs of handshakes on one address, when the first was slow: the name, or the line and the server."""

from __future__ import annotations

from typing import Final

from probes.core.places import Place
from probes.observe.scene import Scene
from probes.observe.shaking import shake
from probes.observe.tcp import dial
from wire.judge.speed import is_suspicious, name_is_slow, took
from wire.judge.trail import AGAIN, NAME_CONTROL, pick
from wire.records import Step

# A test that is still open after so many pairs stays open: nothing is said.
MAX_PAIRS: Final = 8


def is_slow(scene: Scene, place: Place, address: str) -> bool:
    """Whether the handshake that just worked took suspiciously longer than its connection."""
    steps = scene.steps()
    connected = [one for one in pick(steps, "tcp", place.hop) if one.address == address]
    shaken = _handshakes(steps, place, address)
    return bool(connected and shaken) and is_suspicious(took(shaken[-1]), took(connected[-1]))


async def pair_names(scene: Scene, place: Place, address: str) -> None:
    """A harmless name and the wanted one in turn, until the sequential test knows."""
    for _ in range(MAX_PAIRS):
        for role in (NAME_CONTROL, AGAIN):
            sock = await dial(scene, place, address, role)
            if sock is None:
                return
            shaken = await shake(scene, place, address, sock, role)
            shaken.stream.close()
            if name_is_slow(_handshakes(scene.steps(), place, address)) != "open":
                return


def _handshakes(steps: tuple[Step, ...], place: Place, address: str) -> list[Step]:
    return [one for one in pick(steps, "tls", place.hop, role=None) if one.address == address]
