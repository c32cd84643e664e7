"""Findings, and which of them are one event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from collector.core.detect.arrays import Ints
from collector.core.detect.groups import Group
from collector.core.detect.tuning import MERGE_MINUTES, SPREAD_MINUTES, TOGETHER_MINUTES


@dataclass(frozen=True)
class Finding:
    """A mode that some groups were in, from minute `first` to before `last`.

    `weight`: what is said for it, in nats; `score`: all that is said, less the price of an alarm.
    """

    mode: int
    groups: tuple[Group, ...]
    cells: Ints
    first: int
    last: int
    open: bool
    weight: float
    pauses: int = 0
    score: float = 0.0


def bridged(
    found: list[Finding], wider: Sequence[Finding] = (), pad: int = 0, pause: int = MERGE_MINUTES
) -> list[Finding]:
    """Stretches of one group and mode with short pauses between: one finding that flaps.

    A pause that wider findings tell is none: what lasted below them lasted all the time. `pad`: minutes
    around these in which nothing else can be told. `pause`: minutes that are a short one.
    """
    done: list[Finding] = []
    for one in sorted(found, key=lambda finding: (_name(finding), finding.first)):
        last = done[-1] if done else None
        if last and _name(last) == _name(one) and (let_up := _let_up(last, one, wider, pad)) <= pause:
            done[-1] = replace(
                last, last=one.last, open=one.open, weight=last.weight + one.weight,
                score=last.score + one.score, pauses=last.pauses + (let_up == one.first - last.last),
            )  # fmt: skip
        else:
            done.append(one)
    return done


def _let_up(a: Finding, b: Finding, wider: Sequence[Finding], pad: int) -> int:
    """Minutes between two stretches that no wider finding covers."""
    free = np.ones(max(0, b.first - a.last), bool)
    for one in wider:
        if len(one.cells) > len(a.cells) and np.isin(a.cells, one.cells).all():
            free[max(0, one.first - pad - a.last) : max(0, one.last + pad - a.last)] = False
    return int(free.sum())


def together(found: list[Finding]) -> list[Finding]:
    """Groups of one family and mode that began and ended together: one finding."""
    done: list[Finding] = []
    for one in sorted(found, key=lambda finding: finding.first):
        match = next((index for index, other in enumerate(done) if _same_event(other, one)), None)
        if match is None:
            done.append(one)
        else:
            done[match] = _joined(done[match], one)
    return done


def _joined(a: Finding, b: Finding) -> Finding:
    return replace(
        a, groups=a.groups + b.groups, cells=np.union1d(a.cells, b.cells), last=max(a.last, b.last),
        open=a.open or b.open, weight=a.weight + b.weight, pauses=max(a.pauses, b.pauses),
    )  # fmt: skip


def _same_event(a: Finding, b: Finding) -> bool:
    return (
        (a.mode, a.groups[0].family, _shared(a)) == (b.mode, b.groups[0].family, _shared(b))
        and abs(a.first - b.first) <= TOGETHER_MINUTES
        and a.open == b.open
        and (a.open or abs(a.last - b.last) <= 2 * TOGETHER_MINUTES)
    )


def _shared(one: Finding) -> tuple[str, ...]:
    """What must be equal for findings to be told in one: the access, where it is part of the group."""
    family, key, _ = one.groups[0]
    return key[1:] if family in {"operator_access", "region_access"} else ()


def _name(one: Finding) -> tuple[object, ...]:
    return (one.mode, one.groups[0].family, one.groups[0].key)


def without_spread(found: list[Finding]) -> list[Finding]:
    """Without the edges of wider findings: who went a little earlier, or came back a little later."""
    return [one for one in found if not any(_is_edge_of(one, wide) for wide in found)]


def _is_edge_of(one: Finding, wide: Finding) -> bool:
    if one is wide or len(one.cells) >= len(wide.cells) or not np.isin(one.cells, wide.cells).all():
        return False
    before = wide.first - SPREAD_MINUTES <= one.first and one.last <= wide.first + SPREAD_MINUTES
    after = wide.last - SPREAD_MINUTES <= one.first and one.last <= wide.last + SPREAD_MINUTES
    return not one.open and (before or after)
