"""The control: the same targets, seen from vantages that are trusted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from wire.judge.trail import OWN, Outcome, host_of, outcome, passed, pick
from wire.names import Stage
from wire.records import Measurement, Step, Target
from wire.times import seconds_between

# Older than this, a control alone accuses nobody: a site may have moved or closed since.
MAX_AGE_S: Final = 14 * 86_400.0
# Older than this, it says nothing at all.
OLDEST_S: Final = 180 * 86_400.0
# Two vantages that differ by less saw the same moment; by more, the newer one knows better.
SAME_TIME_S: Final = 3_600.0
_HAMPERED: Final = frozenset({"blocked", "likely_blocked"})
_LOCAL: Final = "local"  # the name of whoever ran `dabyl probe check`


class Control(Struct, frozen=True, kw_only=True):
    """One vantage's view of a target. `name`: who and when, short."""

    steps: tuple[Step, ...]
    end: Outcome
    age_s: float = 0.0
    name: str = ""

    def addresses(self, host: str) -> frozenset[str]:
        """What the host resolved to there."""
        found = pick(self.steps, "dns", hop=None)
        return frozenset(one for step in found if step.host == host for one in step.answers)

    def trusted(self, name: str, address: str = "") -> bool:
        """Whether a handshake for the name was valid there, at one address or (empty) at any."""
        valid = [step for step in self._tls() if step.failure is None and step.server_name == name]
        return any(address in ("", step.address) for step in valid)

    def passed_host(self, host: str, stage: Stage) -> bool | None:
        """Whether it got past a stage at a host that it went to; None when it never went there."""
        went = [step.hop for step in self.steps if step.role == OWN and host in _hosts_of(step)]
        if not went:
            return None
        return self.end.complete or self.end.hop > min(went) or passed(self.end, stage)

    def leaves(self) -> frozenset[str]:
        """SHA-256 prints of the leaf certificates that were shown there, valid or not."""
        return frozenset(step.chain[0].sha256 for step in self._tls() if step.chain)

    def _tls(self) -> list[Step]:
        return pick(self.steps, "tls", hop=None)


def _hosts_of(step: Step) -> tuple[str, ...]:
    return step.host, step.server_name, host_of(step.url)


class ControlTable:
    """All controls by target. Built once a round, read by every verdict."""

    def __init__(self, measurements: Iterable[Measurement]) -> None:
        """From control records in any order."""
        self._by_target: dict[tuple[str, str], list[Measurement]] = defaultdict(list)
        self._by_host: dict[str, dict[str, None]] = defaultdict(dict)
        for measurement in measurements:
            self._by_target[measurement.target.id, measurement.target.url].append(measurement)
            if not is_hampered(measurement):
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
    """Those that may be compared with at a time: young, of a clean line, and not in the minority."""
    return _agreed([one for one in _newest(measurements, at) if one.age_s <= MAX_AGE_S])


def outdated(measurements: Iterable[Measurement], at: str) -> tuple[Control, ...]:
    """Those that are too old to accuse by themselves, and not too old to remember."""
    return _agreed([one for one in _newest(measurements, at) if MAX_AGE_S < one.age_s <= OLDEST_S])


def _newest(measurements: Iterable[Measurement], at: str) -> list[Control]:
    """Each vantage's newest view, if its own line was clean."""
    views: dict[str, list[Control]] = defaultdict(list)
    for one in measurements:
        if one.steps and _line_worked(one) and not is_hampered(one):
            views[_vantage(one)].append(_view(one, at))
    return [one for same in views.values() for one in same if one.age_s == min(view.age_s for view in same)]


def _view(one: Measurement, at: str) -> Control:
    return Control(
        steps=one.steps,
        end=outcome(one.target, one.steps),
        age_s=abs(seconds_between(one.at, at)),
        name=f"{one.probe}@{one.at[:16]}Z" if one.at.endswith("Z") else f"{one.probe}@{one.at}",
    )


def _vantage(one: Measurement) -> str:
    """Who measured; each life of a nameless one is taken for another vantage."""
    return one.probe if one.probe != _LOCAL else f"{_LOCAL} {one.id.partition('-')[0]}"


def is_hampered(control: Measurement) -> bool:
    """Whether a vantage says itself that something stood in its way: then it says nothing of the target."""
    verdict = control.verdict
    by_name = (verdict.mechanism or "").endswith((".sni", ".host"))
    return verdict.state in _HAMPERED or verdict.stage == "line" or by_name


def _agreed(controls: list[Control]) -> tuple[Control, ...]:
    """Without the minority of those who differ; of one against one, the newer if it is the one that fails."""
    works = [one for one in controls if one.end.complete]
    fails = [one for one in controls if one.end.stage is not None]
    if not works or not fails:
        return tuple(controls)
    if len(works) != len(fails):
        return tuple(works if len(works) > len(fails) else fails)
    failed_since = min(one.age_s for one in works) - min(one.age_s for one in fails)
    return tuple(fails if failed_since > SAME_TIME_S else controls)


def _line_worked(control: Measurement) -> bool:
    lines = pick(control.steps, "line", hop=None, role=None)
    return all(line.ok > 0 or line.connected > 0 for line in lines)


def any_passed(controls: Iterable[Control], stage: Stage) -> bool:
    """Whether the target got past a stage at any of the vantages."""
    return any(passed(control.end, stage) for control in controls)
