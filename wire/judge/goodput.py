"""Slow line, slow server, slow name, slow address: told apart by how fast pages come.

A page is fetched again and again in pairs: under its own name, and under a harmless name at the same
address. Inside a handshake only the ClientHello differs, so both give the same page. What comes
slowly under both names is compared with the control's and with the line's other pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final

from wire import names
from wire.judge.case import Case, Finding
from wire.judge.loss import is_lossy
from wire.judge.sequential import Answer, decide
from wire.judge.speed import AT_LEAST_S, SLOWER, took
from wire.judge.trail import AGAIN, NAME_CONTROL, OWN, pick
from wire.names import Mechanism, Stage
from wire.records import Step

# With fewer bytes, a page's time is the server's thinking and the way's length, and no rate.
ENOUGH_BYTES: Final = 32_768
# A page that took so long is worth pairs, whatever its size, if the line's others were quicker.
LONG_S: Final = 0.5
# Two pages may be compared while neither is more than twice the other.
_ALIKE: Final = 2.0
# How much slower than the line's other pages and than the control's: ways differ, so more than for pairs.
FAR_SLOWER: Final = 5.0
# A server may be busy now that was idle yesterday.
FRESH_S: Final = 3_600.0
# So many of the line's pages make a median.
FEW_PAGES: Final = 3
# A page of which nothing came for so much of its time stands still.
FROZEN_SHARE: Final = 0.5
_PAGES_ROLES: Final = frozenset({OWN, AGAIN})


def rate_bps(page: Step) -> float:
    """Bits a second of a page, the wait for its first byte included; 0 where nothing came."""
    return 8 * size_of(page) / max(took(page), 1e-6)


def size_of(page: Step) -> int:
    """The bytes of a page; of one that was cut short those that came, read or not."""
    return max(page.body_bytes or 0, (page.bytes_seen or 0) if page.failure is not None else 0)


def line_goodput_bps(rounds: Iterable[Sequence[Step]]) -> int | None:
    """The median rate of a round's larger pages; None when there are too few to say."""
    pages = (page for steps in rounds for page in pick(steps, "http", hop=None) if page.failure is None)
    rates = [rate_bps(page) for page in pages if (page.body_bytes or 0) >= ENOUGH_BYTES]
    return round(median(rates)) if len(rates) >= FEW_PAGES else None


def is_worth_pairs(page: Step, usual_s: float, line_bps: int | None) -> bool:
    """Whether a page came so slowly that pairs should be made. `usual_s`: the line's median of a page."""
    size, seconds = size_of(page), took(page)
    slow = seconds >= LONG_S and seconds > SLOWER * usual_s
    thin = size >= ENOUGH_BYTES and line_bps is not None and SLOWER * rate_bps(page) < line_bps
    return size > 0 and (slow or thin)


def is_slower(wanted: Step, harmless: Step) -> bool:
    """Whether one pair speaks for throttling: a third of the rate, and by some time."""
    at_that_rate_s = 8 * size_of(wanted) / max(rate_bps(harmless), 1.0)
    return took(wanted) > SLOWER * at_that_rate_s and took(wanted) - at_that_rate_s >= AT_LEAST_S


def is_comparable(one: Step, other: Step) -> bool:
    """Whether two pages are about the same load: either may be cut short by the time that it has."""
    sizes = sorted((size_of(one), size_of(other)))
    cut_short = one.failure is not None and sizes[0] == size_of(one)
    return sizes[0] > 0 and (cut_short or sizes[1] <= _ALIKE * sizes[0])


def visits(steps: Iterable[Step], hop: int) -> list[Step]:
    """The pages under the wanted name, in the order of time; of those cut short, what came."""
    pages = [step for step in pick(steps, "http", hop, role=None) if step.role in _PAGES_ROLES]
    return sorted((page for page in pages if size_of(page) and not is_frozen(page)), key=lambda page: page.t0)


def is_frozen(page: Step) -> bool:
    """Whether a page that was cut short had stopped coming long before: that is no rate."""
    return page.failure is not None and (page.gap_s or 0.0) >= FROZEN_SHARE * took(page)


def _pairs(steps: Sequence[Step], hop: int) -> list[tuple[Step, Step]]:
    """Each page under the wanted name with the one under a harmless name that came next to it."""
    harmless = sorted(pick(steps, "http", hop, NAME_CONTROL), key=lambda page: page.t0)
    pairs = zip(visits(steps, hop), harmless, strict=False)
    return [(one, other) for one, other in pairs if other.failure is None and is_comparable(one, other)]


def name_is_slow(steps: Sequence[Step], hop: int) -> Answer:
    """What the pairs say so far; "open" asks for another pair."""
    return decide(is_slower(one, other) for one, other in _pairs(steps, hop))


def throttled_page(case: Case) -> Finding | None:
    """Page after page the wanted name is slow, and a harmless name at the same address is not."""
    if not case.repeated or is_lossy(case.line) or name_is_slow(case.steps, case.end.hop) != "yes":
        return None
    stage, label = _by_name(case)
    return Finding(state="impaired", stage=stage, mechanism=label)


def page_still_comes(case: Case) -> Finding | None:
    """The page ran out of time while it was still coming, and no comparison tells why it is slow."""
    seen = [page for page in pick(case.steps, "http", case.end.hop) if size_of(page)]
    coming = [page for page in seen if page.failure == names.TIMEOUT and page.gap_s is not None]
    if case.end.stage != "http" or not coming or any(is_frozen(page) for page in coming):
        return None
    return Finding(state="insufficient", stage="http", mechanism="http.throttle")


def throttled_address(case: Case) -> Finding | None:
    """Page after page is far slower than the line's other pages and than the control's, whatever the name."""
    if not case.repeated:
        return None
    usual = [bps for bps in (case.line.goodput_bps if case.line else None, _control_bps(case)) if bps]
    if len(usual) < 2 or is_lossy(case.line) or not _all_slow(case, min(usual)):  # noqa: PLR2004  # the line and the control
        return None
    if _harmless(case):
        return Finding(state="impaired", stage="tcp", mechanism="ip.throttle")
    if case.tls():
        return Finding(state="impaired", stage="tls", mechanism="tls.throttle")
    return Finding(state="impaired", stage="http", mechanism="http.throttle")


def _by_name(case: Case) -> tuple[Stage, Mechanism]:
    return ("tls", "tls.throttle.sni") if case.tls() else ("http", "http.throttle.host")


def _all_slow(case: Case, usual_bps: float) -> bool:
    """Whether visits under whatever name are slow, tested sequentially."""
    seen = [*visits(case.steps, case.end.hop), *_harmless(case)]
    large = [page for page in seen if size_of(page) >= ENOUGH_BYTES or page.failure is not None]
    return decide(FAR_SLOWER * rate_bps(page) < usual_bps for page in large) == "yes"


def _harmless(case: Case) -> list[Step]:
    """Pages under a harmless name that may be compared with the wanted one's, whole or cut short."""
    own = visits(case.steps, case.end.hop)[:1]
    there = pick(case.steps, "http", case.end.hop, NAME_CONTROL)
    seen = [page for page in there if size_of(page) and not is_frozen(page)]
    return [page for page in seen if own and _may_be_compared(own[0], page)]


def _may_be_compared(one: Step, other: Step) -> bool:
    """As `is_comparable`; and where both were cut short, whatever had come."""
    return is_comparable(one, other) or (one.failure is not None and other.failure is not None)


def _control_bps(case: Case) -> float | None:
    """The best rate at which a control got this page, of about this size."""
    own = visits(case.steps, case.end.hop)
    theirs = [
        page
        for control in case.controls
        if control.age_s <= FRESH_S
        for page in pick(control.steps, "http", control.end.hop)
        if page.failure is None and own and is_comparable(own[0], page)
    ]
    return max((rate_bps(page) for page in theirs), default=None)
