"""The control: the same targets, seen from vantages that are trusted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from wire.judge.trail import Outcome, outcome, passed, pick
from wire.names import Stage
from wire.records import Measurement, Step, Target
from wire.times import seconds_between

# Older than this, a control says nothing: a site may have moved or closed since.
MAX_AGE_S: Final = 14 * 86_400.0


class Control(Struct, frozen=True, kw_only=True):
    """One vantage's view of a target."""

    steps: tuple[Step, ...]
    end: Outcome
    age_s: float = 0.0

    def addresses(self, host: str) -> frozenset[str]:
        """What the host resolved to there."""
        found = pick(self.steps, "dns", hop=None)
        return frozenset(one for step in found if step.host == host for one in step.answers)

    def trusted(self, name: str) -> bool:
        """Whether a handshake for the name was valid there."""
        return any(step.failure is None and step.server_name == name for step in self._tls())

    def leaves(self) -> frozenset[str]:
        """SHA-256 prints of the leaf certificates that were shown there, valid or not."""
        return frozenset(step.chain[0].sha256 for step in self._tls() if step.chain)

    def _tls(self) -> list[Step]:
        return pick(self.steps, "tls", hop=None)


class ControlTable:
    """All controls by target. Built once a round, read by every verdict."""

    def __init__(self, measurements: Iterable[Measurement]) -> None:
        """From control records in any order."""
        self._by_target: dict[tuple[str, str], list[Measurement]] = defaultdict(list)
        self._by_host: dict[str, dict[str, None]] = defaultdict(dict)
        for measurement in measurements:
            self._by_target[measurement.target.id, measurement.target.url].append(measurement)
            self._learn_addresses(measurement)

    def __len__(self) -> int:
        """How many targets have a control."""
        return len(self._by_target)

    def of(self, target: Target) -> tuple[Measurement, ...]:
        """Every control of a target, same name and same URL."""
        return tuple(self._by_target.get((target.id, target.url), ()))

    def addresses(self, host: str) -> tuple[str, ...]:
        """The addresses that controls could connect to for a host, oldest knowledge first."""
        return tuple(self._by_host.get(host.lower(), ()))

    def _learn_addresses(self, measurement: Measurement) -> None:
        connected = {
            step.address for step in pick(measurement.steps, "tcp", hop=None) if step.failure is None
        }
        for step in pick(measurement.steps, "dns", hop=None):
            for address in step.answers:
                if address in connected:
                    self._by_host[step.host.lower()][address] = None


def usable(measurements: Iterable[Measurement], at: str) -> tuple[Control, ...]:
    """Those that may be compared with at a time: young enough, and made on a line that worked."""
    return tuple(
        Control(steps=one.steps, end=outcome(one.target, one.steps), age_s=abs(seconds_between(one.at, at)))
        for one in measurements
        if one.steps and abs(seconds_between(one.at, at)) <= MAX_AGE_S and _line_worked(one)
    )


def _line_worked(control: Measurement) -> bool:
    lines = pick(control.steps, "line", hop=None, role=None)
    return all(line.ok > 0 or line.connected > 0 for line in lines)


def any_passed(controls: Iterable[Control], stage: Stage) -> bool:
    """Whether the target got past a stage at any of the vantages."""
    return any(passed(control.end, stage) for control in controls)
