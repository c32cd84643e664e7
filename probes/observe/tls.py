"""What explains a handshake, and the kind `tls`: names compared, other addresses tried, speeds paired."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from typing import Final

from probes.core.places import Place
from probes.observe.dns import resolve
from probes.observe.pairs import is_slow, pair_names
from probes.observe.raw import look_at_handshake
from probes.observe.scene import Scene
from probes.observe.shaking import Shaken, shake
from probes.observe.tcp import Dials, dial, known_sockets, listen
from wire import names
from wire.judge.trail import AGAIN, KNOWN_ADDRESS, NAME_CONTROL

# Silence or a closed door after the ClientHello: what a censor of names does.
BROKEN_OFF: Final = frozenset({names.TIMEOUT, names.RESET, names.EOF})
# Perhaps the door is closed to everybody, whatever is said.
CLOSED: Final = frozenset({names.RESET, names.EOF})


async def observe(scene: Scene) -> None:
    """`tls://host:port`: connect and shake hands."""
    await secure(scene, scene.place, await resolve(scene, scene.place))


async def secure(scene: Scene, place: Place, addresses: Sequence[str]) -> Shaken | None:
    """A valid handshake at an address of the place; None when there is none, and then all that explains it.

    A handshake that was broken off is repeated with a harmless name and then with the wanted one; one more
    address is tried; and addresses that only the controls know.
    """
    dials = Dials(scene, place, addresses)
    connected = await dials.first()
    if connected is None:
        await _known(scene, place, addresses)
        return None
    first = await shake(scene, place, *connected)
    if first.failure is None:
        if is_slow(scene, place, first.address):
            scene.group.create_task(pair_names(scene, place, first.address))
        return first
    first.stream.close()
    async with asyncio.TaskGroup() as group:
        elsewhere = group.create_task(_elsewhere(scene, place, addresses, dials.take_spare()))
        if first.failure in BROKEN_OFF:
            group.create_task(_find_breaker(scene, place, connected[0]))
        elif first.failure == names.SSL_HANDSHAKE:  # perhaps declined for the name's sake
            group.create_task(_compare_names(scene, place, connected[0]))
    return elsewhere.result()


async def _elsewhere(
    scene: Scene, place: Place, tried: Sequence[str], spare: tuple[str, socket.socket] | None
) -> Shaken | None:
    """The same handshake at another address of the place, else at those that the controls know."""
    if spare is not None:
        second = await shake(scene, place, *spare)
        if second.failure is None:
            return second
    await _known(scene, place, tried)
    return None


async def _known(scene: Scene, place: Place, tried: Sequence[str]) -> None:
    sockets = await known_sockets(scene, place, tried)
    async with asyncio.TaskGroup() as group:
        for address, sock in sockets:
            group.create_task(shake(scene, place, address, sock, KNOWN_ADDRESS))


async def _find_breaker(scene: Scene, place: Place, address: str) -> None:
    """Whether the name, the address or the first byte is what breaks a handshake off, and who does it."""
    ended = await _compare_names(scene, place, address)
    if ended and ended <= CLOSED:
        await listen(scene, place, address)
    await look_at_handshake(scene, place, address)


async def _compare_names(scene: Scene, place: Place, address: str) -> set[str | None]:
    """A/B/A on one address: the wanted name failed; how a harmless one ends, then the wanted one again."""
    ended = set()
    for role in (NAME_CONTROL, AGAIN):
        sock = await dial(scene, place, address, role)
        if sock is not None:
            ended.add((await shake(scene, place, address, sock, role)).failure)
    return ended
