"""One round: every target observed, the line read off the whole, each target judged."""

from __future__ import annotations

from asyncio import TaskGroup
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from probes.core.ids import base36
from probes.core.schedule import shuffled
from probes.host import gateway
from probes.lag import Lag
from probes.observe import Sighting, Tools, observe
from probes.observe.bait import Bait
from probes.observe.patience import look_again
from probes.observe.second_look import second_look
from probes.observe.speeds import compare_speeds
from wire.facts import signatures
from wire.judge import ControlTable, flaky, judge, read_line, with_groups
from wire.judge.clock import clock_offset_s
from wire.judge.trail import pick, scheme_of
from wire.ports import Randomness
from wire.records import Measurement, Network, Step, Target, Verdict
from wire.times import format_time

DEFAULT_CONCURRENCY: Final = 50
BOOT_BYTES: Final = 8
# Rules that blame a page for not being the control's: it is fetched once more.
UNLIKE_CONTROL: Final = frozenset({"block_page", "block_redirect", "turned_away"})
# Rules that show that somebody was who he is.
PROOFS: Final = frozenset({"works_authenticated", "works_as_control", "stream_flows", "zone_answers"})
# Kinds whose end is a verified handshake, of which so many must have failed before a portal is supposed.
SEALED: Final = frozenset({"https", "tls", "dot", "doh"})
FEW: Final = 2
Progress = Callable[[int, int], None]


class Who:
    """Who measures, and the names of what is measured: `boot` is one life of the process."""

    def __init__(self, probe: str, network: Network, randomness: Randomness) -> None:
        self.probe = probe
        self.network = network
        self.boot = randomness.token(BOOT_BYTES).hex()
        self._numbers = count(1)

    def next_id(self) -> str:
        """A measurement's id: boot, dash, number in base 36."""
        return f"{self.boot}-{base36(next(self._numbers))}"


class Plan(Struct, frozen=True, kw_only=True):
    """What one round does. `budget`: "short" or "low" where the day's data do not suffice for all."""

    targets: tuple[Target, ...]
    controls: ControlTable
    concurrency: int = DEFAULT_CONCURRENCY
    budget: str = ""


def _nobody_watches(_done: int, _of: int) -> None:
    return


async def run_round(
    plan: Plan, tools: Tools, who: Who, progress: Progress = _nobody_watches
) -> list[Measurement]:
    """Observe and judge; one measurement a target, in the order of the targets."""
    lag = Lag(tools.clock)
    tools.pace.expect(plan.targets)
    async with TaskGroup() as group:
        watching = group.create_task(lag.watch())
        bait = Bait(group, plan.targets)
        sightings = await _observe_all(plan, tools, progress)
        watching.cancel()
        stand_in = await bait.taken()
    line = replace(
        read_line([(one.target, one.steps) for one in sightings], gateway(), 0, 0, stand_in),
        lag_s=lag.worst_s,
        budget=plan.budget,
        clock_offset_s=clock_offset_s([(one.at, one.steps) for one in sightings]),
    )

    if _nothing_is_proven(sightings, line, plan.controls):
        line = replace(line, portal=True, mode="portal")

    def judged(seen: Sighting, now: float) -> Measurement:
        return _measurement(seen, _at(line, now - seen.began), plan.controls, who)

    def in_doubt(seen: Sighting) -> bool:
        found = _verdict(seen, (*seen.steps, line), plan.controls)
        return found.state == "likely_blocked" or found.rule in UNLIKE_CONTROL

    sightings = await compare_speeds(sightings, line.goodput_bps, tools)
    sightings = await second_look(sightings, in_doubt, tools)
    line = replace(line, flaky=flaky([(one.target, one.steps) for one in sightings]))
    sightings = await look_again(sightings, in_doubt, tools)
    now = tools.clock.monotonic()
    return with_groups([judged(one, now) for one in sightings])


def _nothing_is_proven(sightings: Sequence[Sighting], line: Step, controls: ControlTable) -> bool:
    """Whether a page came that no control got, and nobody at all was shown to be who he is.

    So it is behind a portal that answers plain pages and drops or refuses everything else.
    """
    sealed = [one for one in sightings if scheme_of(one.target) in SEALED]
    if len(sealed) < FEW or any(step.failure is None for one in sightings for step in _handshakes(one)):
        return False
    rules = {_verdict(one, (*one.steps, line), controls).rule for one in sightings}
    return not rules.isdisjoint(UNLIKE_CONTROL) and rules.isdisjoint(PROOFS)


def _handshakes(seen: Sighting) -> list[Step]:
    return pick(seen.steps, "tls", hop=None)


async def _observe_all(plan: Plan, tools: Tools, progress: Progress) -> list[Sighting]:
    found: dict[int, Sighting] = {}
    waiting = iter(shuffled(enumerate(plan.targets), tools.randomness))

    async def work(waiting: Iterator[tuple[int, Target]]) -> None:
        for number, target in waiting:
            found[number] = await _observe_or_nothing(target, tools)
            progress(len(found), len(plan.targets))

    async with TaskGroup() as group:
        for _ in range(min(plan.concurrency, len(plan.targets))):
            group.create_task(work(waiting))
    return [found[number] for number in range(len(plan.targets))]


async def _observe_or_nothing(target: Target, tools: Tools) -> Sighting:
    """What was seen; nothing where this machine could not even try (no more sockets)."""
    at, began = tools.clock.now(), tools.clock.monotonic()
    try:
        return await observe(target, tools)
    except* OSError:
        pass
    return Sighting(target=target, at=format_time(at), began=began, steps=())


def _at(line: Step, since_s: float) -> Step:
    """The line's step in a measurement's own time."""
    when = round(max(0.0, since_s), 6)
    return replace(line, t0=when, t=when)


def _measurement(seen: Sighting, line: Step, controls: ControlTable, who: Who) -> Measurement:
    steps = (*seen.steps, line)
    return Measurement(
        id=who.next_id(),
        probe=who.probe,
        at=seen.at,
        network=who.network,
        target=seen.target,
        steps=steps,
        verdict=_verdict(seen, steps, controls),
    )


def _verdict(seen: Sighting, steps: Sequence[Step], controls: ControlTable) -> Verdict:
    return judge(seen.target, steps, controls.of(seen.target), signatures(), seen.at)
