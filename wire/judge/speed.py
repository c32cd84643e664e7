"""Slow line, slow server, slow name: told apart by pairs on one address.

A pair is a handshake for the wanted name and one for a harmless name on the same address,
moments apart. Whatever slows the line or the server slows both.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from wire import names
from wire.judge.case import Case, Finding
from wire.judge.loss import is_lossy
from wire.judge.sequential import Answer, decide
from wire.judge.trail import AGAIN, NAME_CONTROL, OWN
from wire.records import Step

# How much slower the wanted name must be than its neighbour, and by how many seconds at least,
# so that two fast handshakes never make a pair that counts.
SLOWER: Final = 3.0
AT_LEAST_S: Final = 0.3


def is_slower(wanted_s: float, harmless_s: float) -> bool:
    """Whether one pair speaks for throttling."""
    return wanted_s > SLOWER * harmless_s and wanted_s - harmless_s >= AT_LEAST_S


def is_suspicious(handshake_s: float, connect_s: float) -> bool:
    """Whether a handshake took so much longer than the connection before it that pairs should be made."""
    return is_slower(handshake_s, connect_s)


def pairs(handshakes: Iterable[Step]) -> list[bool]:
    """For each pair in the order of time, whether the wanted name was the slow one."""
    steps = sorted(handshakes, key=lambda step: step.t0)
    tried = [step for step in steps if step.role in {OWN, AGAIN}]
    harmless = [step for step in steps if step.role == NAME_CONTROL]
    return [
        is_slower(took(one), took(other))
        for one, other in zip(tried, harmless, strict=False)
        if other.answered
    ]


def took(step: Step) -> float:
    """Seconds that a step took."""
    return step.t - step.t0


def throttled_name(case: Case) -> Finding | None:
    """Handshakes work, and pair after pair the wanted name is the slow one; its page may come too late."""
    if not case.repeated:
        return None
    late = case.end.stage == "http" and case.end.failure == names.TIMEOUT
    if not (case.end.complete or late) or is_lossy(case.line) or name_is_slow(case.tls()) != "yes":
        return None
    return Finding(state="impaired", stage="tls", mechanism="tls.throttle.sni")


def name_is_slow(handshakes: Iterable[Step]) -> Answer:
    """What the pairs of one address say so far; "open" asks for another pair."""
    return decide(pairs(handshakes))
