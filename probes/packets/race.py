"""One question to a name server, and everything that comes back: a forger answers first, the server later."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from probes.core import failures
from probes.packets.client import PacketHelper
from probes.packets.flow import family_of, own_address
from probes.packets.lines import Ends, Told
from wire.records import Step

MAX_ANSWERS: Final = 16


class Asked(Struct, frozen=True, kw_only=True):
    """A question, ready to be sent: to whom, about which name, its bytes.

    `label`: the resolver's name in the record. `now`: seconds since the measurement began.
    """

    address: str
    port: int
    label: str
    name: str
    raw: bytes
    now: Callable[[], float]


async def watch_race(helper: PacketHelper, asked: Asked, patience_s: float) -> Step:
    """Send the question and listen for `patience_s` to every answer: its TTL, and what the later ones say."""
    t0 = asked.now()
    try:
        told = await _ask(helper, asked, patience_s)
    except OSError as error:
        step = _step(asked, failures.of_os_error(error))
    else:
        step = _step(asked, helper.missing) if told is None else _with_answers(_step(asked, None), told)
    return replace(step, t0=t0, t=asked.now())


async def _ask(helper: PacketHelper, asked: Asked, patience_s: float) -> list[Told] | None:
    there = asked.address, asked.port
    local = own_address(there)
    with socket.socket(family_of(asked.address), socket.SOCK_DGRAM) as opened:
        opened.setblocking(False)
        opened.bind((local, 0))
        ends = Ends(
            local=local, local_port=opened.getsockname()[1], remote=asked.address, remote_port=asked.port
        )
        async with helper.watch("dns", ends, int(patience_s) + 2) as watched:
            if watched is None:
                return None
            await asyncio.get_running_loop().sock_sendto(opened, asked.raw, there)
            await watched.until(lambda told: len(told) >= MAX_ANSWERS, patience_s)
            return None if watched.broken else watched.told


def _step(asked: Asked, failure: str | None) -> Step:
    return Step(
        step="packet",
        failure=failure,
        t0=0.0,
        t=0.0,
        host=asked.name,
        resolver=asked.label,
        transport="udp",
    )


def _with_answers(step: Step, told: Sequence[Told]) -> Step:
    later = [one for answer in told[1:] for one in (answer.answers or (answer.rcode or "unreadable",))]
    return replace(
        step,
        ttl_answers=tuple(answer.ttl for answer in told[:MAX_ANSWERS]),
        second_answers=tuple(later[:MAX_ANSWERS]),
    )
