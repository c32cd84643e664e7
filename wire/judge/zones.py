"""Rules for a zone's name servers: one with authority is enough, and none may be silent unseen."""

from __future__ import annotations

from wire.judge.addresses import is_v6
from wire.judge.case import Case, Finding
from wire.judge.trail import NAME_SERVER, pick
from wire.records import Step


def zone_answers_in_part(case: Case) -> Finding | None:
    """Name servers of the zone answer with authority, and others of them fail: the steps name them."""
    told = _told(case)
    heard = any(step.failure is None for step in told)
    return Finding(state="ok") if heard and any(step.failure is not None for step in told) else None


def zone_answers(case: Case) -> Finding | None:
    """Every name server of the zone answers with authority."""
    told = _told(case)
    return Finding(state="ok") if told and all(step.failure is None for step in told) else None


def zone_answered_by_another(case: Case) -> Finding | None:
    """Somebody without authority answers in the name servers' place: a router at home does that too."""
    told = _told(case)
    answered = [step for step in told if step.rcode]
    if not answered or any(step.failure is None for step in told):
        return None
    strange = all((step.failure or "").startswith("unknown_failure") for step in answered)
    return Finding(state="insufficient", stage="dns") if strange else None


def _told(case: Case) -> list[Step]:
    """What name servers said; by IPv6 only where this line has it."""
    found = pick(case.steps, "dns", 0, NAME_SERVER)
    if case.line is not None and case.line.ipv6 == "yes":
        return found
    return [step for step in found if step.failure is None or not is_v6(step.address)]
