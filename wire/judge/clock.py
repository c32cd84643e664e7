"""This machine's clock, read off a round: what servers call the time, and certificates out of their dates.

Rules of this file: it accuses nobody. One server may be wrong about the time, or late with its
certificate; several at once are right, and this clock is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final

from wire import names
from wire.judge.case import Case, Finding
from wire.judge.trail import host_of, pick
from wire.records import Certificate, Step
from wire.times import seconds_between

# Certificates live for days, and are issued about an hour before they hold.
WRONG_S: Final = 3_600.0
# So many hosts must agree.
FEW_HOSTS: Final = 2
MANY_LATE: Final = 3
DATES: Final = frozenset({"expired", "not_yet_valid"})
Looked = tuple[str, Sequence[Step]]


def clock_offset_s(round_: Sequence[Looked]) -> float | None:
    """How far this clock is ahead of the world's, in seconds; negative when it is behind; None: not known.

    `round_`: for each target the wire time at which the look began, and its steps. The Date of pages
    decides; without any, certificates do, as far as most of them fail by their dates alone.
    """
    told = {
        host_of(step.url): step.clock_offset_s
        for _, steps in round_
        for step in pick(steps, "http", hop=None)
        if step.clock_offset_s is not None
    }
    if len(told) >= FEW_HOSTS:
        return round(median(told.values()), 3)
    return _by_certificates(round_)


def _by_certificates(round_: Sequence[Looked]) -> float | None:
    """The smallest error of this clock by which most of the certificates would hold after all."""
    late = [(at, step) for at, steps in round_ for step in pick(steps, "tls", hop=None) if only_dates(step)]
    valid = sum(step.failure is None for _, steps in round_ for step in pick(steps, "tls", hop=None))
    if len({step.server_name for _, step in late}) < MANY_LATE or len(late) <= valid:
        return None
    return round(median(_needed_s(at, step.chain) for at, step in late), 3)


def only_dates(step: Step) -> bool:
    """Whether nothing but its dates is wrong with a certificate."""
    errors = step.verify_errors
    return step.failure == names.SSL_CERTIFICATE and bool(errors) and DATES.issuperset(errors)


def _needed_s(at: str, chain: Iterable[Certificate]) -> float:
    """How wrong a clock must be to see a chain out of its dates; negative: before its start."""
    ahead = [seconds_between(one.not_after, at) for one in chain if one.not_after]
    behind = [seconds_between(one.not_before, at) for one in chain if one.not_before]
    late, early = max(ahead, default=0.0), min(behind, default=0.0)
    return late if late > 0 else min(early, 0.0)


def is_wrong(line: Step | None) -> bool:
    """Whether the round's clock was wrong by hours."""
    return line is not None and line.clock_offset_s is not None and abs(line.clock_offset_s) >= WRONG_S


def own_clock_wrong(case: Case) -> Finding | None:
    """Certificates fail by their dates alone, and this machine's clock is wrong by hours."""
    shaken = case.tls("")
    if case.end.stage != "tls" or not is_wrong(case.line) or not any(only_dates(step) for step in shaken):
        return None
    return Finding(state="insufficient", stage="line")
