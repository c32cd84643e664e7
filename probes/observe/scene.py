"""One measurement under way: its clock, its steps, what must be closed at the end."""

from __future__ import annotations

from asyncio import TaskGroup
from collections.abc import Iterable
from contextlib import ExitStack
from typing import Final, Protocol, TypeVar

from probes.core.failures import unknown
from probes.core.places import Place, place_of
from probes.observe.tools import Tools
from wire.records import Step, Target

# A chain of slow redirects ends after this many steps' worth of time.
_WHOLE_IN_TIMEOUTS: Final = 8
MAX_STEPS: Final = 255  # a record holds 256; the last one is the line's


class Carrier(Protocol):
    """What carries bytes until it is closed."""

    carried_bytes: int

    def close(self) -> None:
        """At once."""
        ...


S = TypeVar("S", bound=Carrier)


class Scene:
    """Where probers write what they see.

    `place` is where the target is, before any redirect; a URL that leads nowhere raises `ValueError`.
    `group` owns what goes on beside the main path; `closing` holds what is closed when all is over.
    `began` continues a measurement that began earlier.
    """

    def __init__(
        self,
        target: Target,
        tools: Tools,
        group: TaskGroup,
        closing: ExitStack,
        *,
        began: float | None = None,
    ) -> None:
        self.target = target
        self.tools = tools
        self.group = group
        self.closing = closing
        self.place = place_of(target.url)
        self.began = tools.clock.monotonic() if began is None else began
        self._until = tools.timeout_s * _WHOLE_IN_TIMEOUTS
        self._steps: list[Step] = []
        self._learned: dict[str, tuple[str, ...]] = {}

    def now(self) -> float:
        """Seconds since the measurement began, to the microsecond."""
        return round(self.tools.clock.monotonic() - self.began, 6)

    def allowance(self) -> float:
        """How long the next step may take."""
        return max(0.0, min(self.tools.timeout_s, self._until - self.now()))

    def grant(self, seconds: float) -> None:
        """Let the measurement go on for so many seconds from now."""
        self._until = self.now() + seconds

    def add(self, step: Step) -> None:
        """Keep a step that has ended."""
        if len(self._steps) < MAX_STEPS:
            self._steps.append(step)

    def adopt(self, stream: S) -> S:
        """A stream that is closed when all is over, and whose bytes are counted then."""
        self.closing.callback(self._part_with, stream)
        return stream

    def _part_with(self, stream: Carrier) -> None:
        stream.close()
        self.tools.meter.stream(self.target.url, stream.carried_bytes)

    def may_connect(self, place: Place, address: str, role: str = "") -> bool:
        """Whether one more connection is within this probe's own limits; where not, a step says so."""
        now = self.tools.clock.monotonic()
        own = not place.hop and not role
        if self.tools.pace.take(place.host, address, now, own=own):
            self.tools.meter.connection(self.target.url)
            return True
        at = self.now()
        self.add(
            Step(
                step="held",
                failure=unknown("the limit of connections a minute"),
                t0=at,
                t=at,
                hop=place.hop,
                role=role,
                host=place.host[:253],
                address=address,
                port=place.port,
            )
        )
        return False

    def learn(self, host: str, addresses: Iterable[str]) -> None:
        """Keep addresses that others than the own resolver gave for a host."""
        self._learned[host] = tuple(addresses)

    def known_addresses(self, host: str) -> tuple[str, ...]:
        """Addresses of a host that the own resolver did not give: the controls' first."""
        return (*self.tools.known_addresses(host), *self._learned.get(host, ()))

    def steps(self) -> tuple[Step, ...]:
        """All steps in the order in which they began."""
        return tuple(sorted(self._steps, key=lambda step: (step.t0, step.t)))
