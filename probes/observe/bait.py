"""Connections to an address that nobody has: whoever accepts them stands in for everybody.

A transparent proxy, and some captive portals, accept every connection. There a bare connection
to a target proves nothing, and only an answer in the target's own protocol does.
"""

from __future__ import annotations

import asyncio
import socket
from asyncio import TaskGroup
from collections.abc import Iterable
from typing import Final

from probes.core.contacts import BAIT_ADDRESSES
from probes.core.hosts import literal
from wire.judge.trail import host_of
from wire.records import Target

ADDRESSES: Final = BAIT_ADDRESSES
# Where proxies usually sit, and one port where few do.
PORTS: Final = (80, 443, 5222)
_GRACE_S: Final = 0.3


class Bait:
    """Connections that should never be accepted; they last as long as the round beside them."""

    def __init__(self, group: TaskGroup, targets: Iterable[Target]) -> None:
        """Starts at once. A block that a target lies in, as in a laboratory, is left alone.

        Where every target is on this machine, nobody stands between, and nothing is sent.
        """
        hosts = [host_of(target.url) for target in targets]
        used = {host.rpartition(".")[0] for host in hosts}
        away = any(not is_here(host) for host in hosts)
        free = [one for one in ADDRESSES if away and one.rpartition(".")[0] not in used]
        self._tasks = {
            group.create_task(_accepted(address, port)): port for address in free for port in PORTS
        }

    async def taken(self) -> tuple[int, ...]:
        """The ports on which somebody accepted; who is far away has no reason to be quick, a stand-in has."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=_GRACE_S)
        for task in self._tasks:
            task.cancel()
        return tuple(sorted({port for task, port in self._tasks.items() if _is_true(task)}))


def is_here(host: str) -> bool:
    """Whether a host is this machine by its address or its reserved name (RFC 6761, 6.3)."""
    address = literal(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def _is_true(task: asyncio.Task[bool]) -> bool:
    return task.done() and not task.cancelled() and task.result()


async def _accepted(address: str, port: int) -> bool:
    try:
        with socket.socket() as sock:
            sock.setblocking(False)
            await asyncio.get_running_loop().sock_connect(sock, (address, port))
    except OSError:
        return False
    return True
