"""Two walks to one address: the same first message with a harmless and with the wanted name, hop by hop.

A message with TTL n is seen by everything before hop n and by nothing behind it. So the harmless
name learns the way; the wanted one then shows from which hop on somebody treats it otherwise. The
wanted name goes one hop at a time and stops at the first reaction, since a censor may go on
blocking the address for minutes after it has seen the name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from probes.core.packets import Hop, hops_total
from probes.packets.client import PacketHelper
from probes.packets.flow import Patience, as_hop, send_and_see

MAX_HOPS: Final = 30
AT_ONCE: Final = 4


async def walk_harmless(
    helper: PacketHelper, there: tuple[str, int], message: bytes, patience: Patience
) -> list[Hop]:
    """Hop by hop, a few at a time, until the server answers or `MAX_HOPS` is reached."""
    hops: list[Hop] = []
    for first in range(1, MAX_HOPS + 1, AT_ONCE):
        hops += await _steps(helper, there, message, patience, range(first, first + AT_ONCE))
        if hops_total(hops) is not None or all(not hop.connected for hop in hops):
            break
    return hops


async def walk_wanted(
    helper: PacketHelper, there: tuple[str, int], message: bytes, patience: Patience, total: int
) -> list[Hop]:
    """Hop by hop up to the server, which stands `total` hops away; a reset or an end stops it."""
    hops: list[Hop] = []
    for ttl in range(1, total + 1):
        hops += await _steps(helper, there, message, patience, (ttl,))
        if hops and (hops[-1].end_flag or not hops[-1].connected):
            break
    return hops


async def _steps(
    helper: PacketHelper, there: tuple[str, int], message: bytes, patience: Patience, ttls: Sequence[int]
) -> list[Hop]:
    """The hops of some TTLs, each by a connection of its own; those that could not be watched are missing."""
    async with asyncio.TaskGroup() as tasks:
        sent = {ttl: tasks.create_task(send_and_see(helper, there, message, patience, ttl)) for ttl in ttls}
    seen = ((ttl, task.result()) for ttl, task in sent.items())
    return [as_hop(ttl, *result) for ttl, result in seen if result is not None]
