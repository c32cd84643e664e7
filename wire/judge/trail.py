"""How far an observation came: the steps of one record, read without regard to their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from wire import names
from wire.names import Stage
from wire.records import Step, Target

STAGES: Final[tuple[Stage, ...]] = ("dns", "tcp", "tls", "quic", "http", "stream")
# Where each scheme ends: what must have worked for the target to have worked.
LAST_STAGE: Final[dict[str, Stage]] = {
    "https": "http",
    "http": "http",
    "tcp": "tcp",
    "tls": "tls",
    "dns": "dns",
    "dot": "dns",
    "doh": "dns",
    "zone": "dns",
    "quic": "quic",
    "rtsp": "stream",
    "rtmp": "stream",
    "srt": "stream",
    "hls+https": "stream",
    "hls+http": "stream",
    "post+http": "http",
}
# The way of a question inside a handshake: its answer comes last.
_SEALED: Final[tuple[Stage, ...]] = ("tcp", "tls", "http", "dns")
_ORDER: Final[dict[str, tuple[Stage, ...]]] = {"dot": _SEALED, "doh": _SEALED}
# Kinds whose own question is not for this machine's resolver.
OTHER_RESOLVERS: Final = frozenset({"dns", "dot", "doh", "zone"})
OWN: Final = ""
NAME_CONTROL: Final = "name_control"
AGAIN: Final = "again"
KNOWN_ADDRESS: Final = "known_address"
NO_RESOLVER: Final = "no_resolver"
PUBLIC: Final = "public"
BESIDE: Final = "beside"
NO_NAME: Final = "no_name"
RESOLVER: Final = "resolver"
NAME_SERVER: Final = "ns"
GIVEN: Final = "given_address"  # a handshake that only tests what a resolver said
SILENT: Final = "silent"  # a connection on which nothing is said


class Outcome(Struct, frozen=True, kw_only=True):
    """Where a target failed and how; `stage` None when it worked or when nothing can be said.

    `complete`: the last stage of the scheme worked. `hop`: the redirect where it ended. `order`: in
    which the scheme goes through its stages.
    """

    complete: bool
    stage: Stage | None = None
    failure: str = ""
    hop: int = 0
    order: tuple[Stage, ...] = STAGES


def scheme_of(target: Target) -> str:
    """The scheme that chose the prober."""
    return target.url.partition("://")[0]


def pick(steps: Iterable[Step], name: str, hop: int | None = None, role: str | None = OWN) -> list[Step]:
    """The steps of a name, at a hop (None: any), in a role (None: any)."""
    return [
        step for step in steps if step.step == name and hop in (None, step.hop) and role in (None, step.role)
    ]


def last_hop(steps: Iterable[Step]) -> int:
    """The number of redirects that were followed."""
    return max((step.hop for step in steps if step.role == OWN), default=0)


def outcome(target: Target, steps: Sequence[Step]) -> Outcome:
    """How the target's own steps ended: at the first stage of the last hop where nothing worked."""
    if scheme_of(target) == "zone":
        return _end_of_zone(steps)
    hop = last_hop(steps)
    order = _ORDER.get(scheme_of(target), STAGES)
    if order is _SEALED and _nameless(steps):
        return Outcome(complete=False, stage="dns", failure=_telling(pick(steps, "dns", hop, RESOLVER)))
    reached: Stage | None = None
    for stage in order:
        found = pick(steps, stage, hop)
        if found and all(step.failure is not None for step in found):
            ended = _ended_at(stage, found, pick(steps, "tcp", hop, BESIDE))
            if stage in {"tls", "http"} and _reset_unprovoked(steps, hop):
                ended = replace(ended, stage="tcp", failure=names.RESET)
            return replace(ended, order=order)
        reached = stage if found else reached
    wanted = LAST_STAGE.get(scheme_of(target), "http")
    if hop and wanted != "stream":
        wanted = "http"
    if wanted == "tcp" and _reset_unprovoked(steps, hop):
        return Outcome(complete=False, stage="tcp", failure=names.RESET, hop=hop, order=order)
    return Outcome(complete=reached == wanted, hop=hop, order=order)


def _end_of_zone(steps: Sequence[Step]) -> Outcome:
    """Complete when any name server answered; else what the name servers, or the way to them, failed at."""
    told = pick(steps, "dns", 0, NAME_SERVER)
    if any(step.failure is None for step in told):
        return Outcome(complete=True)
    before = [step for step in pick(steps, "dns", 0, role=None) if step.role in {OWN, RESOLVER}]
    failed = told or [step for step in before if step.failure is not None]
    return Outcome(
        complete=False, stage="dns" if failed else None, failure=_telling(failed) if failed else ""
    )


def _nameless(steps: Sequence[Step]) -> bool:
    """Whether no address was found for a resolver that is asked by its name."""
    asked = pick(steps, "dns", 0, RESOLVER)
    return bool(asked) and all(step.failure is not None for step in asked) and not pick(steps, "tcp", 0, None)


def _reset_unprovoked(steps: Sequence[Step], hop: int) -> bool:
    """Whether connections are reset before anything is said on them."""
    return any(step.failure == names.RESET for step in pick(steps, "tcp", hop, SILENT))


def _ended_at(stage: Stage, failed: Sequence[Step], beside: Sequence[Step]) -> Outcome:
    """The end at a stage; QUIC's is the host's own end when TCP to the same place fails too."""
    if stage == "quic" and beside and all(step.failure is not None for step in beside):
        stage, failed = "tcp", beside
    return Outcome(complete=False, stage=stage, failure=_telling(failed), hop=failed[0].hop)


def _telling(failed: Sequence[Step]) -> str:
    """The failure that stands for several: IPv4's before IPv6's, A's before AAAA's, then by name."""
    first = min(failed, key=lambda step: (":" in step.address, step.qtype, step.failure or ""))
    return first.failure or ""


def passed(end: Outcome, stage: Stage) -> bool:
    """Whether an observation got past a stage: it worked, or failed at a later one."""
    if end.complete:
        return True
    if end.stage is None or stage not in end.order or end.stage not in end.order:
        return False
    return end.order.index(end.stage) > end.order.index(stage)


def answers(steps: Iterable[Step], hop: int = 0) -> frozenset[str]:
    """All addresses that the name servers gave at a hop."""
    return frozenset(answer for step in pick(steps, "dns", hop) for answer in step.answers)


def host_of(url: str) -> str:
    """The host of a URL, lower case; "" when there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def final_page(steps: Iterable[Step], hop: int) -> Step | None:
    """The HTTP answer of a hop, if there was one."""
    return next((step for step in pick(steps, "http", hop) if step.failure is None), None)
