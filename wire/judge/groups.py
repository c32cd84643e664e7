"""A messenger is more than one door: whether any of its endpoints works, and whether all do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from wire.names import State
from wire.records import Measurement, Target

_WORKS = frozenset({"ok", "impaired"})
_FAILS = frozenset({"blocked", "likely_blocked", "down"})


def group_of(target: Target) -> str:
    """The messenger that a target belongs to: what stands before the slash of its name; else ""."""
    group, slash, _ = target.id.partition("/")
    return group if slash and target.category == "messenger" else ""


def with_groups(measurements: Sequence[Measurement]) -> list[Measurement]:
    """A round's measurements, those of messengers with `any_works` and `all_work` of their group."""
    states: dict[str, list[State]] = defaultdict(list)
    for one in measurements:
        states[group_of(one.target)].append(one.verdict.state)
    return [_told(one, states[group]) if (group := group_of(one.target)) else one for one in measurements]


def _told(measurement: Measurement, states: Sequence[State]) -> Measurement:
    verdict = replace(measurement.verdict, any_works=any_works(states), all_work=all_work(states))
    return replace(measurement, verdict=verdict)


def any_works(states: Iterable[State]) -> bool | UnsetType:
    """True when one works, False when all fail, unset when nobody can say."""
    found = set(states)
    if found & _WORKS:
        return True
    return False if found <= _FAILS else UNSET


def all_work(states: Iterable[State]) -> bool | UnsetType:
    """True when all work, False when one fails, unset when nobody can say."""
    found = set(states)
    if found & _FAILS:
        return False
    return True if found <= _WORKS else UNSET
