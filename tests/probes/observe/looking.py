"""One look at one target with the real prober, from a test."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from dabyl.system import SystemClock, SystemRandom
from probes.core.resolv_conf import Resolver
from probes.core.streams import Expected
from probes.observe import Tools, make_trust, observe
from wire.records import Step, Target

PATIENT_S: Final = 5.0


async def look(
    url: str,
    *,
    timeout_s: float = PATIENT_S,
    expected: Expected | None = None,
    known: Callable[[str], tuple[str, ...]] = lambda _: (),
    resolvers: tuple[Resolver, ...] = (),
    public: tuple[Resolver, ...] = (),
) -> tuple[Step, ...]:
    """The steps of one measurement; only the resolvers that are given are asked."""
    tools = Tools(
        clock=SystemClock(),
        randomness=SystemRandom(),
        trust=make_trust(),
        resolvers=resolvers,
        public_resolvers=public,
        known_addresses=known,
        timeout_s=timeout_s,
        expected=lambda _: expected or Expected(),
    )
    return (await observe(Target(id="it", url=url, category="camera"), tools)).steps


def one(steps: Iterable[Step], name: str, role: str = "") -> Step:
    """The only step of a name in a role."""
    (found,) = [step for step in steps if (step.step, step.role) == (name, role)]
    return found
