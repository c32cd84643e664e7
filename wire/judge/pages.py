"""Rules for plain pages: what is known to be a block page, and what differs by itself.

A plain page may be made by anybody on the way, and many sites give each visitor another one.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import combinations
from typing import Final

from wire.judge.addresses import strangers
from wire.judge.artefacts import alike, block_redirect, control_pages, plain
from wire.judge.case import Case, Finding
from wire.judge.trail import AGAIN, KNOWN_ADDRESS, final_page, host_of, pick
from wire.names import Mechanism, Stage
from wire.records import Step

# Fingerprints of this kind are readings of the law, not of a page that was seen.
HINT: Final = "hint."
# Fingerprints of this kind are what servers say by themselves: riddles for robots, countries not served.
OWN_WORDS: Final = "own."
ERROR_STATUS: Final = 400


def known_block_page(case: Case) -> Finding | None:
    """A plain page, or a plain redirect, with a block page's fingerprint, where no control saw that one."""
    usual = {step.fingerprint for one in case.controls for step in pick(one.steps, "http", hop=None)}
    shown = [step for step in pick(case.steps, "http", hop=None) if _is_of_a_block_page(step, usual)]
    caught = [step for step in shown if not step.fingerprint.startswith(HINT) or control_pages(case)]
    if not caught:
        return None
    if caught[0].hop and (sent := block_redirect(case)):
        return sent
    stage, label = _label(case, caught[0])
    return Finding(state="blocked", stage=stage, mechanism=label)


def _is_of_a_block_page(step: Step, usual: Collection[str]) -> bool:
    found = step.fingerprint
    return bool(found) and found not in usual and not found.startswith(OWN_WORDS)


def turned_away(case: Case) -> Finding | None:
    """A plain answer that says no, and not by whose will: servers refuse countries, robots and crowds too."""
    here = case.page
    if here is None or not plain(case) or not control_pages(case) or _true_by_known_address(case):
        return None
    there, words = control_pages(case), here.fingerprint
    refuses = here.status >= ERROR_STATUS and all(page.status != here.status for page in there)
    asks = words.startswith(OWN_WORDS) and all(page.fingerprint != words for page in there)
    if not refuses and not asks:
        return None
    return Finding(state="insufficient", stage="http", mechanism="http.blockpage")


def _true_by_known_address(case: Case) -> bool:
    """Whether an address that only the controls gave has the controls' page."""
    seen = pick(case.steps, "http", case.end.hop, KNOWN_ADDRESS)
    pages = [page for page in seen if page.failure is None]
    return any(alike(one, other) for one in pages for other in control_pages(case))


def _label(case: Case, page: Step) -> tuple[Stage, Mechanism]:
    if strangers(case.given_addresses, case.expected_addresses):
        return "dns", "dns.injection.blockpage"
    return "http", "http.redirect" if page.location else "http.blockpage"


def differs_per_visit(case: Case) -> Finding | None:
    """A plain page, or a plain redirect, that differs from visit to visit, or from control to control."""
    if case.scheme != "http" or not control_pages(case):
        return None
    varies = _redirects_vary(case) or (plain(case) and _pages_vary(case))
    return Finding(state="insufficient", stage="http") if varies else None


def _pages_vary(case: Case) -> bool:
    visits = [page for page in (case.page, _again(case.steps)) if page is not None]
    return _any_differ(visits) or _any_differ(control_pages(case))


def _again(steps: tuple[Step, ...]) -> Step | None:
    """The last page of the second visit."""
    seen = [step for step in pick(steps, "http", hop=None, role=AGAIN) if step.failure is None]
    return max(seen, key=lambda step: step.hop, default=None)


def _any_differ(pages: list[Step]) -> bool:
    return any(not alike(one, other) for one, other in combinations(pages, 2))


def _redirects_vary(case: Case) -> bool:
    """Whether the first answer sent the two visits, or the controls, to different hosts."""
    first = final_page(case.steps, 0)
    again = next((step for step in pick(case.steps, "http", 0, AGAIN) if step.failure is None), None)
    there = [page for page in (final_page(one.steps, 0) for one in case.controls) if page is not None]
    here = [page for page in (first, again) if page is not None]
    return any(len({host_of(page.location) for page in side}) > 1 for side in (here, there))
