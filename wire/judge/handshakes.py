"""Rules on a handshake that ends otherwise here than for a control at the very same address.

Rules of this file: one machine of several breaks by itself, and a provider's nearest machine may not know
a name yet. So only an address counts at which a control of the last day had a valid handshake for this name.
"""

from __future__ import annotations

from typing import Final

from wire import names
from wire.judge.case import Case, Finding, forged_label
from wire.judge.trail import AGAIN, KNOWN_ADDRESS, NAME_CONTROL, OWN, pick
from wire.records import Step

FRESH_S: Final = 86_400.0
ALERT: Final = "alert"  # how `peer_said` begins where the other side ended a handshake in words
_WANTED: Final = frozenset({OWN, AGAIN, KNOWN_ADDRESS})


def forged_at_one_address(case: Case) -> Finding | None:
    """A chain that nobody vouches for at one address of the name, while another is true."""
    shaken = [step for step in pick(case.steps, "tls", hop=None, role=None) if step.role in _WANTED]
    true = {(step.hop, step.server_name) for step in shaken if step.failure is None}
    forged = [
        step
        for step in shaken
        if step.failure == names.SSL_AUTHORITY and step.chain and (step.hop, step.server_name) in true
    ]
    proven = [step for step in forged if _vouched(case, step) and _unseen(case, step)]
    return Finding(state="blocked", stage="tls", mechanism=forged_label(proven)) if proven else None


def shows_another_certificate(case: Case) -> Finding | None:
    """A trusted certificate of another name, time and again, where a control was shown the name's own."""
    shaken = _own(case)
    strange = all(step.failure == names.SSL_HOSTNAME and _unseen(case, step) for step in shaken)
    if case.end.stage != "tls" or not strange or not any(_vouched(case, step) for step in shaken):
        return None
    return Finding(state="likely_blocked", stage="tls", mechanism="tls.mitm")


def declines_the_name(case: Case) -> Finding | None:
    """The wanted name is turned down in words, every time, and a harmless one at the same address never."""
    shaken, harmless = _own(case), case.tls(NAME_CONTROL)
    again = any(step.role == AGAIN for step in shaken)
    if case.end.stage != "tls" or not again or not harmless or not all(step.chain for step in harmless):
        return None
    if not all(_turned_down(step) for step in shaken) or not any(_vouched(case, step) for step in shaken):
        return None
    return Finding(state="likely_blocked", stage="tls", mechanism="tls")


def _own(case: Case) -> list[Step]:
    """Handshakes for the wanted name at what the resolver gave."""
    return [step for step in case.tls() if step.role in {OWN, AGAIN}]


def _turned_down(step: Step) -> bool:
    return step.failure == names.SSL_HANDSHAKE and step.peer_said.startswith(ALERT) and not step.chain


def _vouched(case: Case, step: Step) -> bool:
    """Whether a control of the last day had a valid handshake for the same name at the same address."""
    fresh = (control for control in case.controls if control.age_s <= FRESH_S)
    return any(control.trusted(step.server_name, step.address) for control in fresh)


def _unseen(case: Case, step: Step) -> bool:
    """Whether no control was shown this leaf."""
    return all(step.chain[0].sha256 not in control.leaves() for control in case.controls if step.chain)
