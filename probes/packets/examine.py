"""The steps named `packet`: what the helper's eyes add to a record, and what is said without them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from probes.core import failures
from probes.core.packets import Flow, censor_hop, hops_total
from probes.packets.client import PacketHelper
from probes.packets.flow import Patience, send_and_see
from probes.packets.walk import walk_harmless, walk_wanted
from wire.records import Step

WALK: Final = Patience(connect_s=3.0, answer_s=1.0)
WALK_LIMIT_S: Final = 60.0


class Subject(Struct, frozen=True, kw_only=True):
    """What is looked at: an address, and a first message with the wanted and with a harmless name.

    `name`: the wanted name, for the record. `now`: seconds since the measurement began.
    """

    address: str
    port: int
    name: str
    wanted: bytes
    harmless: bytes
    now: Callable[[], float]

    @property
    def there(self) -> tuple[str, int]:
        """Where it is."""
        return self.address, self.port


async def examine(helper: PacketHelper, subject: Subject, patience: Patience, walk: bool) -> Step:
    """Who ended the wanted name's flow, and with `walk` at which hop a censor stands.

    Takes a few seconds; with `walk` two connections for each hop of the way, so it is for what
    failed, not for every round. Without a helper the step says so and nothing else.
    """
    t0 = subject.now()
    try:
        step = await _look(helper, subject, patience)
        if walk and step.failure is None and helper.take_walk():
            async with helper.walks:
                step = await _walk(helper, subject, step)
    except OSError as error:  # no way to that address: nothing could be sent
        step = _step(subject, failures.of_os_error(error))
    return replace(step, t0=t0, t=subject.now())


async def _look(helper: PacketHelper, subject: Subject, patience: Patience) -> Step:
    wanted = await send_and_see(helper, subject.there, subject.wanted, patience)
    harmless = await send_and_see(helper, subject.there, subject.harmless, patience)
    if wanted is None or harmless is None:
        return _step(subject, helper.missing)
    # What the server itself sends is seen best where the name is harmless.
    return _with_flow(_step(subject, None), replace(wanted[0], data=harmless[0].data))


async def _walk(helper: PacketHelper, subject: Subject, step: Step) -> Step:
    """The step with the length of the way and the censor's place, as far as the time allows."""
    with suppress(TimeoutError):
        async with asyncio.timeout(WALK_LIMIT_S):
            harmless = await walk_harmless(helper, subject.there, subject.harmless, WALK)
            total = hops_total(harmless)
            if total is not None:
                step = replace(step, hops_total=total)
                wanted = await walk_wanted(helper, subject.there, subject.wanted, WALK, total)
                step = replace(step, censor_hop=censor_hop(harmless, wanted))
    return step


def _step(subject: Subject, failure: str | None) -> Step:
    return Step(
        step="packet",
        failure=failure,
        t0=0.0,
        t=0.0,
        address=subject.address,
        port=subject.port,
        server_name=subject.name,
    )


def _with_flow(step: Step, flow: Flow) -> Step:
    return replace(
        step,
        ttl_synack=flow.synack.ttl if flow.synack else None,
        ipid_synack=flow.synack.ipid if flow.synack else None,
        ttl_data=flow.data.ttl if flow.data else None,
        ttl_end=flow.end.ttl if flow.end else None,
        ipid_end=flow.end.ipid if flow.end else None,
        end_flag=flow.end_flag,
    )
