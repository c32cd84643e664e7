"""Connections: every address of a place, both families at once, a step each; and the kind `tcp`."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Sequence
from typing import Final

from probes.core import failures
from probes.core.places import Place
from probes.observe.dns import resolve
from probes.observe.kernel import resent, rtt_s
from probes.observe.lookup import open_socket
from probes.observe.scene import Scene
from wire import names
from wire.judge.trail import KNOWN_ADDRESS, SILENT
from wire.records import Step

MAX_PER_FAMILY: Final = 4
MAX_KNOWN: Final = 2
# Once one address is connected, IPv4 gets this long to be preferred.
_PATIENCE_S: Final = 0.5
# A reset that follows a connection's first packets comes at once, or with the way's delay.
_LISTEN_S: Final = 0.3
# What took so long either lost its first packet, or this machine was busy: the kernel knows.
LATE_S: Final = 0.5


async def observe(scene: Scene) -> None:
    """`tcp://host:port`: connect, and nothing more."""
    addresses = await resolve(scene, scene.place)
    connected = await Dials(scene, scene.place, addresses).first()
    if connected is None:
        await known_sockets(scene, scene.place, addresses)
    else:
        await _hear_reset(scene, scene.place, *connected)


async def listen(scene: Scene, place: Place, address: str) -> None:
    """A connection on which nothing is said: whether it is reset all the same."""
    sock = await dial(scene, place, address, SILENT)
    if sock is not None:
        await _hear_reset(scene, place, address, sock)


async def _hear_reset(scene: Scene, place: Place, address: str, sock: socket.socket) -> None:
    """Keep a step when a connection that stood was reset before anything was said."""
    t0 = scene.now()
    await asyncio.sleep(_LISTEN_S)
    # What the kernel heard: a reset is an error, a greeting or a polite end is none.
    number = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if not number:
        return
    failure = failures.of_os_error(OSError(number, os.strerror(number)))
    scene.add(
        Step(
            step="tcp", failure=failure, t0=t0, t=scene.now(), hop=place.hop, role=SILENT,
            address=address, port=place.port,
        )
    )  # fmt: skip


async def known_sockets(scene: Scene, place: Place, tried: Sequence[str]) -> list[tuple[str, socket.socket]]:
    """Connections to addresses that only the controls gave."""
    others = [one for one in scene.known_addresses(place.host) if one not in tried][:MAX_KNOWN]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(dial(scene, place, address, KNOWN_ADDRESS)) for address in others]
    results = zip(others, (task.result() for task in tasks), strict=True)
    return [(address, sock) for address, sock in results if sock is not None]


class Dials:
    """Connections under way to every address of a place; the scene's group owns them."""

    def __init__(self, scene: Scene, place: Place, addresses: Sequence[str]) -> None:
        chosen = _chosen(addresses)
        # one address needs nobody beside it
        self._alone = dial(scene, place, chosen[0]) if len(chosen) == 1 else None
        self._address = chosen[0] if chosen else ""
        self._tasks = {
            address: scene.group.create_task(dial(scene, place, address))
            for address in (() if self._alone else chosen)
        }
        self._taken: set[str] = set()

    async def first(self) -> tuple[str, socket.socket] | None:
        """The first connection, IPv4 if it comes soon; None when none could be connected. Asked once."""
        if self._alone is not None:
            sock = await self._alone
            return (self._address, sock) if sock is not None else None
        spent = False
        while True:
            ready, waiting = self._spare(), [task for task in self._tasks.values() if not task.done()]
            if ready and (spent or not waiting or ":" not in ready[0]):
                return self._take(*ready)
            if not waiting:
                return None
            patience = _PATIENCE_S if ready else None
            done, _ = await asyncio.wait(waiting, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            spent = ready is not None and not done

    def take_spare(self) -> tuple[str, socket.socket] | None:
        """One more connection that stands already."""
        ready = self._spare()
        return self._take(*ready) if ready else None

    def _spare(self) -> tuple[str, socket.socket] | None:
        """A connection that stands and was not taken, in the order of the addresses."""
        for address, task in self._tasks.items():
            sock = task.result() if task.done() and address not in self._taken else None
            if sock is not None:
                return address, sock
        return None

    def _take(self, address: str, sock: socket.socket) -> tuple[str, socket.socket]:
        self._taken.add(address)
        return address, sock


def _chosen(addresses: Sequence[str]) -> list[str]:
    """IPv4 first, a few of each."""
    v6 = [one for one in addresses if ":" in one]
    v4 = [one for one in addresses if ":" not in one]
    return [*v4[:MAX_PER_FAMILY], *v6[:MAX_PER_FAMILY]]


async def dial(scene: Scene, place: Place, address: str, role: str = "") -> socket.socket | None:
    """Connect to one address and keep the step; the socket is closed at the end of the measurement.

    None too where this probe's own limit forbids it: then a step of another name says so.
    """
    if not scene.may_connect(place, address, role):
        return None
    t0 = scene.now()
    sock = open_socket(address, socket.SOCK_STREAM)
    failure: str | None = names.NETWORK_UNREACHABLE
    if sock is not None:
        scene.closing.callback(sock.close)
        failure = await _connect(sock, (address, place.port), scene.allowance())
    stood = sock if failure is None else None
    t = scene.now()
    scene.add(
        Step(
            step="tcp",
            failure=failure,
            t0=t0,
            t=t,
            hop=place.hop,
            role=role,
            address=address,
            port=place.port,
            rtt_s=rtt_s(stood) if stood else None,
            resent=resent(stood) if stood and t - t0 >= LATE_S else None,
        )
    )
    return stood


async def _connect(sock: socket.socket, there: tuple[str, int], within_s: float) -> str | None:
    try:
        async with asyncio.timeout(within_s):
            await asyncio.get_running_loop().sock_connect(sock, there)
    except TimeoutError:
        return names.TIMEOUT
    except OSError as error:
        return failures.of_os_error(error)
    return None
