"""A probe that goes on: a round, the spool, the next round; delivery beside it."""

from __future__ import annotations

import asyncio
from asyncio import TaskGroup
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from msgspec import Struct

from probes.budget_store import Budget
from probes.control_sources import ControlSources, Keep
from probes.core.budget import Ration
from probes.core.cut import CutWatch
from probes.core.manners import BODY_BYTES, MEGABYTE, Manners
from probes.core.pace import Pace
from probes.core.power import slower
from probes.core.resolv_conf import Resolver
from probes.core.schedule import FIRST_WITHIN_S, Schedule
from probes.core.table import in_words
from probes.deliver import Delivery
from probes.disk import RealDisk
from probes.enrol import Enrolling, network_seen, request_bytes
from probes.host import power, system_resolvers
from probes.identity import load_or_make
from probes.lock import only_one
from probes.observe import Tools, make_trust
from probes.packets import packet_helper
from probes.post import new_session
from probes.remembering import Remembered
from probes.round import DEFAULT_CONCURRENCY, Plan, Who, run_round
from probes.spool import Spool
from probes.telling import tell
from wire import digest
from wire.errors import BadInput
from wire.judge import ControlTable
from wire.ports import Clock, Randomness
from wire.records import Measurement, Network, Target
from wire.signing import SigningKey

DEFAULT_EVERY_S: Final = 300.0
TEXT_AFTER_S: Final = 1_800.0
_PATIENCE_S: Final = 3.0
Say = Callable[[str], None]


class ProbeSettings(Struct, frozen=True, kw_only=True):
    """What a running probe does. `controls`: files and URLs beside the collectors' own tables.

    `packets`: look at raw packets too, where this machine lets us. `text_command`: sends the text that it
    gets on its standard input, when nothing was delivered for `text_after_s`.
    """

    collectors: tuple[str, ...]
    data: Path
    targets: tuple[Target, ...]
    network: Network = Network()
    invite: str = ""
    every_s: float = DEFAULT_EVERY_S
    first_within_s: float = FIRST_WITHIN_S
    controls: tuple[str, ...] = ()
    resolvers: tuple[Resolver, ...] = ()
    public_resolvers: tuple[Resolver, ...] = ()
    timeout_s: float = 10.0
    concurrency: int = DEFAULT_CONCURRENCY
    packets: bool = False
    manners: Manners = Manners()
    text_command: tuple[str, ...] = ()
    text_after_s: float = TEXT_AFTER_S


def _say_nothing(_: str) -> None:
    return


async def run_probe(
    settings: ProbeSettings, clock: Clock, randomness: Randomness, say: Say = _say_nothing
) -> None:
    """Measure, keep and deliver until cancelled; `say` gets one line for each thing worth telling.

    Raises `BadInput` when it cannot begin: no authorities, a folder that cannot be written, another
    probe in it. Consent is the caller's to ask for, before.
    """
    try:
        with only_one(settings.data):
            key = load_or_make(settings.data, RealDisk(), randomness)
            await _Running(settings, clock, randomness, say, key).run()
    except OSError as error:
        raise BadInput(f"{settings.data}: {error.strerror}") from error


class _Running:
    """One life of a probe."""

    def __init__(
        self, settings: ProbeSettings, clock: Clock, randomness: Randomness, say: Say, key: SigningKey
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._randomness = randomness
        self._say = say
        self._key = key
        self._who = Who(key.id, settings.network, randomness)
        self._budget = Budget(settings.data, RealDisk(), clock, settings.manners.budget_bytes)
        self._schedule = Schedule(settings.every_s, settings.first_within_s, randomness)
        self._pace = Pace()
        self._spool = Spool(settings.data, RealDisk(), key, self._who.boot, say)
        self._delivery = Delivery(
            settings.collectors, self._spool, randomness, say, self._budget.meter.exchange
        )
        self._trust = make_trust()
        keep = Keep(settings.data, RealDisk(), clock, say, self._budget.meter, key.id)
        self._sources = ControlSources(settings.controls, settings.collectors, keep)
        self._learning: asyncio.Task[ControlTable] | None = None
        self._controls = ControlTable([])
        self._rates = Remembered(settings.data, RealDisk())
        self._rounds = 0
        self._cut = CutWatch(settings.text_after_s)

    async def run(self) -> None:
        async with TaskGroup() as group:
            group.create_task(self._bring())
            await asyncio.sleep(self._schedule.wait_s())
            while True:
                began = self._clock.monotonic()
                await self._learn(group)
                slower_by = await self._round()
                await asyncio.sleep(self._schedule.wait_s(self._clock.monotonic() - began, slower_by))

    async def _bring(self) -> None:
        enrolling = Enrolling(self._settings.data, RealDisk(), self._randomness, self._say)
        async with new_session() as session:
            if self._settings.invite and not enrolling.is_done():
                request = request_bytes(self._key, self._settings.invite, self._settings.network)
                await enrolling.run(session, self._settings.collectors, request)
            self._who.network = self._place()
            await self._delivery.run(session)

    def _place(self) -> Network:
        """Where this probe stands: as its owner said, else as the collector saw it when it was enrolled."""
        told = self._settings.network
        if told.asn != "AS0" or told.region or told.side == "outside":
            return told
        seen = network_seen(self._settings.data, RealDisk())
        return told if seen is None else Network(asn=seen.asn, region=seen.region, access=told.access)

    async def _learn(self, group: TaskGroup) -> None:
        """The controls that can be had soon; a silent collector must not hold up the measuring."""
        if self._learning is None or self._learning.done():
            self._learning = group.create_task(self._sources.learn())
        await asyncio.wait((self._learning,), timeout=_PATIENCE_S)
        self._controls = self._sources.table()

    async def _round(self) -> float:
        """One round, as far as the day's data go; by how much the next is further away than usual."""
        slower_by = slower(power(), self._settings.manners.battery_low)
        ration = self._budget.ration(self._settings.targets, self._settings.every_s * slower_by)
        if ration.targets:
            await self._measure(ration)
        else:
            self._say("today's data budget is used up: no round")
        return slower_by * ration.slower

    async def _measure(self, ration: Ration) -> None:
        plan = Plan(
            targets=ration.targets,
            controls=self._controls,
            concurrency=self._settings.concurrency,
            budget=ration.state,
        )
        async with packet_helper() as helper:  # it is not started before it is needed
            looking = helper if self._settings.packets else None
            measurements = await run_round(plan, replace(self._tools(), packets=looking), self._who)
        undelivered = bool(self._spool.waiting)
        self._spool.keep(measurements)
        self._rates.learn(measurements)
        self._delivery.wake.set()
        self._rounds += 1
        self._budget.settle(ration.targets)
        self._say(f"round {self._rounds}: {in_words(measurements)}{self._shortage(ration)}")
        if self._settings.text_command and self._cut.is_due(self._clock.monotonic(), undelivered):
            await self._tell(measurements)

    async def _tell(self, measurements: Sequence[Measurement]) -> None:
        """The round in one text, where rounds cannot be delivered."""
        now = int(self._clock.now().timestamp())
        text = digest.seal(self._key, measurements, self._who.network, now)
        why = await tell(self._settings.text_command, text)
        self._say(f"no text could be sent: {why}" if why else "the round was told in a text")

    def _shortage(self, ration: Ration) -> str:
        if not ration.state:
            return ""
        used, of = self._budget.spent_bytes / MEGABYTE, self._settings.manners.budget_bytes / MEGABYTE
        who = f"{len(ration.targets)} of {len(self._settings.targets)} targets"
        return f"; {used:.1f} of today's {of:g} MB are used, so only {who} were measured"

    def _tools(self) -> Tools:
        """The tools of one round: the machine may have moved to another network since the last."""
        return Tools(
            clock=self._clock,
            randomness=self._randomness,
            trust=self._trust,
            resolvers=self._settings.resolvers or system_resolvers(),
            public_resolvers=self._settings.public_resolvers,
            pace=self._pace,
            meter=self._budget.meter,
            body_bytes=BODY_BYTES,
            known_addresses=self._controls.addresses,
            timeout_s=self._settings.timeout_s,
            expected=lambda target: self._rates.usual.expected(target, self._controls.of(target)),
        )
