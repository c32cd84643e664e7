"""The probe's own line, read off a whole round: gateway, resolver, the country, the world.

Rules of this file: it accuses nobody. What it finds wrong masks verdicts, it makes none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from wire import names
from wire.judge.addresses import is_v6
from wire.judge.goodput import line_goodput_bps
from wire.judge.kinship import family
from wire.judge.trail import (
    AGAIN,
    OTHER_RESOLVERS,
    OWN,
    answers,
    final_page,
    host_of,
    outcome,
    pick,
    scheme_of,
)
from wire.records import Step, Target

Seen = tuple[Target, Sequence[Step]]
# Two hosts with one answer may have one owner only where no third differs.
ENOUGH: Final = 2
# A system repeats its first packet after one second; on a way of at most this length nothing
# else takes so long.
FIRST_REPEAT_S: Final = 0.95
SHORT_S: Final = 0.4
# That many sites of one side do not fail at once by themselves.
MANY: Final = 3
MAX_SHARED: Final = 8
BROKEN_OFF: Final = frozenset({names.TIMEOUT, names.RESET, names.EOF})
_MARKING: Final = frozenset({"tls", "http"})  # what a portal leaves its mark in
_NO_RESPONSE: Final = frozenset({names.TIMEOUT, names.REFUSED, names.RESET, *names.UNREACHABLE})


def read_line(
    seen: Sequence[Seen], gateway: str, t0: float, t: float, stand_in: tuple[int, ...] = ()
) -> Step:
    """The line as one step: how far this machine's own connection goes.

    `gateway`: "yes", "no" or "" as the host knows it. `stand_in`: ports on which a connection to
    an address that nobody has was accepted: there, a bare connection proves nothing. Counts are
    of targets, not of steps.
    """
    worked = [(target, _worked(target, steps, stand_in)) for target, steps in seen]
    bare = Step(
        step="line",
        failure=None,
        t0=t0,
        t=t,
        gateway=gateway,
        resolver_answers=_resolver(seen),
        tried=len(seen),
        ok=sum(ok for _, ok in worked),
        connected=sum(_connected(steps, stand_in) for _, steps in seen),
        domestic_tried=sum(target.side == "domestic" for target, _ in worked),
        domestic_ok=sum(ok for target, ok in worked if target.side == "domestic"),
        foreign_tried=sum(target.side == "foreign" for target, _ in worked),
        foreign_ok=sum(ok for target, ok in worked if target.side == "foreign"),
        ipv6=_ipv6(seen),
        portal=behind_portal(seen),
        stand_in=stand_in,
        shared=_shared_addresses(seen),
        goodput_bps=line_goodput_bps(steps for _, steps in seen),
        flaky=flaky(seen),
        retried=sum(_retried(steps) for _, steps in _undisturbed(seen)),
        shaken=sum(any(step.answered for step in pick(steps, "tls", None, None)) for _, steps in seen),
        paged=sum(any(step.failure is None for step in pick(steps, "http", None, None)) for _, steps in seen),
    )
    return replace(bare, mode=mode_of(bare))


def mode_of(line: Step) -> str:
    """What the line as a whole does, in one word; "" when too few targets were tried to say.

    `down`: nothing was connected to. `portal`: somebody near answers for all. `foreign_cut`: no
    foreign target works and most domestic ones do. `allowlist`: no foreign target works, and
    only the smaller part of the domestic ones. `normal`: anything else.
    """
    if not line.connected and not line.ok:
        return "down" if line.tried >= ENOUGH else ""
    if line.portal:
        return "portal"
    if line.foreign_ok or not line.domestic_ok or line.foreign_tried < MANY:
        return "normal" if line.ok else ""
    if line.domestic_tried >= MANY and 2 * line.domestic_ok < line.domestic_tried:
        return "allowlist"
    return "foreign_cut"


def worked_later(target: Target, steps: Sequence[Step]) -> bool:
    """Whether a target that failed was reached by the repeat of its steps."""
    again = [replace(step, role=OWN) for step in steps if step.role == AGAIN]
    return bool(again) and outcome(target, again).complete and not outcome(target, steps).complete


def flaky(seen: Sequence[Seen]) -> int:
    """How many targets failed, and were reached by the repeat of their steps."""
    return sum(worked_later(target, steps) for target, steps in _undisturbed(seen))


def _undisturbed(seen: Sequence[Seen]) -> list[Seen]:
    """Without those at whose address another name's handshake was broken off: that may have closed it."""
    said: dict[str, set[str]] = defaultdict(set)
    for _, steps in seen:
        for step in steps:
            if step.failure in BROKEN_OFF and step.step == "tls" and step.role == OWN:
                said[step.address].add(step.server_name)
    if not said:
        return list(seen)
    return [one for one in seen if not any(said[step.address] - _names(one) for step in _tcp(one[1]))]


def _names(seen: Seen) -> set[str]:
    own = [step.server_name for step in pick(seen[1], "tls", hop=None)]
    return {host_of(seen[0].url), *own}


def _retried(steps: Sequence[Step]) -> bool:
    """Whether a connection on a short way took a second: its first packet was lost (RFC 6298, 2.1).

    Not where the kernel knows that nothing was sent twice: then this machine was busy.
    """
    stood = [step for step in _tcp(steps) if step.failure is None and step.rtt_s is not None]
    connected = [step for step in stood if step.resent != 0]
    return any(step.t - step.t0 >= FIRST_REPEAT_S and (step.rtt_s or 0) <= SHORT_S for step in connected)


def _shared_addresses(seen: Sequence[Seen]) -> tuple[str, ...]:
    """What the own resolver gave for at least three names that are no kin, most shared first."""
    families: dict[str, set[str]] = defaultdict(set)
    for target, steps in seen:
        if scheme_of(target) not in OTHER_RESOLVERS:
            for address in answers(steps):
                families[address].add(family(host_of(target.url)))
    many = [address for address, names_ in families.items() if len(names_) >= MANY]
    return tuple(sorted(many, key=lambda one: (-len(families[one]), one))[:MAX_SHARED])


def _worked(target: Target, steps: Sequence[Step], stand_in: tuple[int, ...]) -> bool:
    if not outcome(target, steps).complete:
        return False
    return scheme_of(target) in {"dns", "zone"} or _connected(steps, stand_in)


def _connected(steps: Sequence[Step], stand_in: tuple[int, ...]) -> bool:
    """Whether somebody was connected to, and not only one who stands in for everybody."""
    others = (step for step in steps if step.step not in {"dns", "line"})
    return any(step.answered or (step.failure is None and step.port not in stand_in) for step in others)


def _tcp(steps: Iterable[Step]) -> list[Step]:
    return pick(steps, "tcp", hop=None, role=None)


def _resolver(seen: Sequence[Seen]) -> str:
    """Whether the machine's resolver says anything at all: "yes", "no", "" when it was not asked."""
    asked = [
        step
        for target, steps in seen
        if scheme_of(target) not in OTHER_RESOLVERS
        for step in pick(steps, "dns", hop=None)
    ]
    if not asked:
        return ""
    return "yes" if any(_responded(step) for step in asked) else "no"


def _responded(step: Step) -> bool:
    return step.failure is None or step.failure not in _NO_RESPONSE


def _ipv6(seen: Sequence[Seen]) -> str:
    tried = [step for _, steps in seen for step in _tcp(steps) if is_v6(step.address)]
    if not tried:
        return ""
    return "yes" if any(step.failure is None for step in tried) else "no"


def behind_portal(seen: Sequence[Seen]) -> bool:
    """Whether something between here and the world answers in everybody's name.

    So it is when no handshake of the round was valid and two or more hosts gave one page, one
    foreign redirect or one certificate. A censor who takes single names leaves
    other handshakes valid.
    """
    if any(step.failure is None for _, steps in seen for step in pick(steps, "tls", hop=None)):
        return False
    marked = [one for one in seen if any(step.step in _MARKING for step in one[1])]
    return any(_shared(marks) for marks in zip(*(_marks(one) for one in marked), strict=True))


def _marks(seen: Seen) -> tuple[tuple[str, str], ...]:
    """(host, mark) pairs: page or redirect, leaf certificate; "" when there is none."""
    target, steps = seen
    host = host_of(target.url)
    leaves = [step.chain[0].sha256 for step in pick(steps, "tls", 0) if step.chain and step.failure]
    return (host, _page_mark(host, steps)), (host, min(leaves, default=""))


def _page_mark(host: str, steps: Sequence[Step]) -> str:
    page = final_page(steps, 0)
    if page is None or pick(steps, "tls", 0):
        return ""
    elsewhere = host_of(page.location)
    if elsewhere and elsewhere != host:
        return elsewhere
    return page.body_sha256 if page.body_bytes else ""


def _shared(marks: Sequence[tuple[str, str]]) -> bool:
    """Whether most of the hosts that have a mark, and at least two, have the same one."""
    by_host = {host: mark for host, mark in marks if mark}
    if not by_host:
        return False
    most = Counter(by_host.values()).most_common(1)[0][1]
    return most >= ENOUGH and 2 * most > len(by_host)
