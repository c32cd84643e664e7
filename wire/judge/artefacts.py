"""Rules that rest on an artefact: a certificate, an answer or a page that the target never made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from wire import names
from wire.judge.addresses import bogon_block, only_bogons, strangers
from wire.judge.case import Case, Finding, forged_label
from wire.judge.controls import Control
from wire.judge.kinship import kin
from wire.judge.trail import GIVEN, KNOWN_ADDRESS, NO_RESOLVER, final_page, host_of, last_hop, pick
from wire.names import Mechanism
from wire.records import Step

# OONI's web_connectivity calls two bodies alike from this ratio of lengths on (ooni/spec ts-017).
SAME_LENGTH_RATIO: Final = 0.7
# A notice is short. A page of this size, as long as the control's, may be the same in another language.
LONG_BYTES: Final = 8_192


def known_interceptor(case: Case) -> Finding | None:
    """A chain made by an interceptor whose root is published, and which no control saw."""
    usual = {leaf for control in case.controls for leaf in control.leaves()}
    caught = [
        step
        for step in pick(case.steps, "tls", hop=None, role=None)
        if step.chain and step.chain[0].sha256 not in usual and case.signatures.fit(step.chain)
    ]
    return Finding(state="blocked", stage="tls", mechanism="tls.mitm.ca_signed") if caught else None


def forged_certificate(case: Case) -> Finding | None:
    """A chain that nobody vouches for, at an address of the target, while the control's is valid."""
    if case.end.stage != "tls" or not case.trusted_at_control() or _true_elsewhere(case):
        return None
    untrusted = [
        step for step in case.tls() if step.failure == names.SSL_AUTHORITY and step.role != "name_control"
    ]
    if not untrusted or not _at_true_address(case, untrusted):
        return None
    return Finding(state="blocked", stage="tls", mechanism=forged_label(untrusted))


def _at_true_address(case: Case, steps: Iterable[Step]) -> bool:
    """An address that a control saw too, or a name whose answers nobody doubts (a literal address)."""
    expected = {address for control in case.controls for address in control.addresses(case.host)}
    return not expected or any(step.address in expected for step in steps)


def _true_elsewhere(case: Case) -> bool:
    """Whether the name has a valid handshake at an address that only the control gave."""
    return any(step.failure is None for step in case.tls(KNOWN_ADDRESS))


def injected_answer(case: Case) -> Finding | None:
    """An answer to a question that was sent where no resolver is: somebody on the way gave it."""
    injected = [step for step in pick(case.steps, "dns", hop=None, role=NO_RESOLVER) if step.answers]
    if not injected or _leads_to_owner(case):
        return None
    given = {answer for step in injected for answer in step.answers}
    return Finding(state="blocked", stage="dns", mechanism=_injected_label(case, given))


def _injected_label(case: Case, given: set[str]) -> Mechanism:
    # Whoever injects may do so in a public resolver's name too: only the controls know better.
    if all(bogon_block(answer) for answer in given) and only_bogons(given, case.control_addresses):
        return "dns.injection.bogon"
    return "dns.injection.blockpage" if block_page(case) else "dns.injection.other"


def bogon_answer(case: Case) -> Finding | None:
    """Only addresses that no public name has, where the control got ordinary ones."""
    given = case.given_addresses
    expected = given and (case.control_addresses or case.public_addresses)
    if not expected or not only_bogons(given, expected):
        return None
    return Finding(state="blocked", stage="dns", mechanism="dns.injection.bogon")


def invented_answer(case: Case) -> Finding | None:
    """An address for a name that exists at no control: nobody is kept from anything."""
    given = case.given_addresses
    denied = [one.end.stage == "dns" and one.end.failure == names.DNS_NXDOMAIN for one in case.controls]
    if case.end.hop or not given or not denied or not all(denied):
        return None
    label: Mechanism = "dns.injection.bogon" if only_bogons(given, ()) else "dns.injection.other"
    return Finding(state="insufficient", stage="dns", mechanism=label)


def forged_answer(case: Case) -> Finding | None:
    """Addresses that no control got, proven wrong: by certificate, or by the true one working."""
    if (
        case.end.hop
        or case.end.stage not in {"tcp", "tls", "quic"}
        or not strangers(case.given_addresses, case.expected_addresses)
    ):
        return None
    wrong = case.end.failure in names.CERTIFICATE_FAILURES and case.trusted_at_control()
    works_at_true = _true_elsewhere(case) or _connects_elsewhere(case)
    if wrong or (works_at_true and case.end.stage == "tls" and _true_elsewhere(case)):
        return Finding(state="blocked", stage="dns", mechanism="dns.injection.other")
    if works_at_true and case.end.stage in {"tcp", "quic"}:
        return Finding(state="likely_blocked", stage="dns", mechanism="dns.injection.other")
    return None


def forged_by_resolver(case: Case) -> Finding | None:
    """A resolver that is itself the target leads where the name's owner is not."""
    shaken = case.tls(GIVEN)
    lost = [step for step in pick(case.steps, "tcp", 0, GIVEN) if step.failure is not None]
    if case.scheme != "dns" or not (shaken or lost) or _leads_to_owner(case) or not _true_elsewhere(case):
        return None
    wrong = any(step.failure in names.CERTIFICATE_FAILURES for step in shaken)
    return Finding(
        state="blocked" if wrong else "likely_blocked", stage="dns", mechanism="dns.injection.other"
    )


def _leads_to_owner(case: Case) -> bool:
    """Whether a handshake was valid at what a resolver gave: whoever answered in its place told the truth."""
    return any(step.failure is None for step in case.tls(GIVEN))


def sunk_with_others(case: Case) -> Finding | None:
    """It fails at an address that no control got, and that at least three unrelated names are given."""
    given, line = case.given_addresses, case.line
    if case.end.hop or case.end.stage not in {"tcp", "tls", "quic", "http"} or line is None:
        return None
    if given.isdisjoint(line.shared) or not strangers(given, case.expected_addresses):
        return None
    return Finding(state="likely_blocked", stage="dns", mechanism="dns.injection.other")


def _connects_elsewhere(case: Case) -> bool:
    tried = (*pick(case.steps, "tcp", 0, KNOWN_ADDRESS), *pick(case.steps, "quic", 0, KNOWN_ADDRESS))
    return any(step.failure is None for step in tried)


def block_redirect(case: Case) -> Finding | None:
    """A plain page that sends to a host where no control was ever sent, and which is no kin of the target."""
    first = final_page(case.steps, 0)
    if case.scheme != "http" or first is None or not case.controls:
        return None
    sent_to = host_of(first.location)
    if not sent_to or kin(sent_to, host_of(case.target.url)) or sent_to in _hosts_at_controls(case.controls):
        return None
    return Finding(state="blocked", stage="http", mechanism="http.redirect")


def _hosts_at_controls(controls: Iterable[Control]) -> frozenset[str]:
    return frozenset(
        host_of(place)
        for control in controls
        for step in pick(control.steps, "http", hop=None)
        for place in (step.url, step.location)
    )


def block_page(case: Case) -> Finding | None:
    """A plain page that is like none that a control got."""
    here = case.page
    pages = control_pages(case)
    if here is None or not pages or not plain(case) or any(alike(here, page) for page in pages):
        return None
    if any(_as_long(here, page) for page in pages) or _same_at_known_address(case, here):
        return None
    label: Mechanism = (
        "dns.injection.blockpage"
        if strangers(case.given_addresses, case.expected_addresses)
        else "http.blockpage"
    )
    return Finding(state="blocked", stage="dns" if label.startswith("dns") else "http", mechanism=label)


def _same_at_known_address(case: Case, here: Step) -> bool:
    """Whether an address that only the controls gave has this page too: no resolver made the difference."""
    there = pick(case.steps, "http", case.end.hop, KNOWN_ADDRESS)
    return any(page.failure is None and alike(here, page) for page in there)


def plain(case: Case) -> bool:
    """Whether the last answer came without encryption, so that anybody on the way may have made it."""
    return case.end.complete and case.page is not None and not case.tls()


def control_pages(case: Case) -> list[Step]:
    """The last answers that the controls got."""
    found = (final_page(control.steps, last_hop(control.steps)) for control in case.controls)
    return [page for page in found if page is not None]


def alike(one: Step, other: Step) -> bool:
    """Whether two answers may be the same page: same bytes, same title, or about the same length."""
    same = bool(one.body_sha256) and one.body_sha256 == other.body_sha256
    if same and one.body_bytes:  # nothing is like nothing else, but shows nothing
        return True
    if one.status != other.status:
        return False
    if one.title and one.title == other.title:
        return True
    return not (one.title and other.title) and _close(one, other)


def _close(one: Step, other: Step) -> bool:
    """Whether two bodies are about equally long."""
    shorter, longer = sorted((one, other), key=lambda page: page.body_bytes or 0)
    # What was read of a page until a limit tells only that it is at least so long.
    return shorter.truncated or (shorter.body_bytes or 0) >= SAME_LENGTH_RATIO * (longer.body_bytes or 0)


def _as_long(here: Step, there: Step) -> bool:
    """Whether two pages have one status and about one length, and none is as short as a notice."""
    sizes = (here.body_bytes or 0, there.body_bytes or 0)
    return here.status == there.status and min(sizes) >= LONG_BYTES and _close(here, there)
