"""One case before the judge: the steps, the line, the controls, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from wire import names
from wire.judge.controls import Control, any_passed, outdated, usable
from wire.judge.signatures import Signatures
from wire.judge.trail import (
    AGAIN,
    NAME_CONTROL,
    NO_RESOLVER,
    OTHER_RESOLVERS,
    OWN,
    PUBLIC,
    Outcome,
    answers,
    final_page,
    host_of,
    outcome,
    pick,
    scheme_of,
)
from wire.names import Mechanism, Stage, State
from wire.records import Measurement, Step, Target


class Finding(Struct, frozen=True, kw_only=True):
    """What a rule says; the table adds the rule's name."""

    state: State
    stage: Stage | None = None
    mechanism: Mechanism | None = None


class Case(Struct, frozen=True, kw_only=True):
    """Everything a rule may look at. `outdated`: controls that are too old to accuse by themselves.

    `scheme`: of the target's URL. `page`: the last HTTP answer. `repeated`: whether anything was done more
    than once, or under a harmless name.
    """

    target: Target
    steps: tuple[Step, ...]
    end: Outcome
    line: Step | None
    controls: tuple[Control, ...]
    outdated: tuple[Control, ...]
    signatures: Signatures
    scheme: str
    page: Step | None
    repeated: bool

    @property
    def host(self) -> str:
        """The host that the last hop went to."""
        asked = [step for step in self.steps if step.role == OWN and step.hop == self.end.hop]
        named = [step.server_name or step.host or host_of(step.url) for step in asked]
        return next((name for name in named if name), host_of(self.target.url))

    @property
    def control_addresses(self) -> frozenset[str]:
        """What the host of the first hop, or the name that was asked for, resolved to at the controls."""
        host = self.host if self.scheme in OTHER_RESOLVERS else host_of(self.target.url)
        return frozenset(address for control in self.controls for address in control.addresses(host))

    @property
    def expected_addresses(self) -> frozenset[str]:
        """What it resolved to at the controls, and for public resolvers."""
        return self.control_addresses | self.public_addresses

    @property
    def public_addresses(self) -> frozenset[str]:
        """What public resolvers give for it now; only what is sealed where somebody answers for them."""
        asked = pick(self.steps, "dns", 0, PUBLIC)
        hijacked = any(step.answers for step in pick(self.steps, "dns", 0, NO_RESOLVER))
        told = [step for step in asked if not hijacked or step.transport == "dot"]
        return frozenset(address for step in told for address in step.answers)

    @property
    def given_addresses(self) -> frozenset[str]:
        """What it resolved to here."""
        return answers(self.steps)

    def tls(self, role: str | None = None) -> list[Step]:
        """Handshakes of the last hop, of one role or of all."""
        return pick(self.steps, "tls", self.end.hop, role)

    def passed_at_control(self, stage: Stage) -> bool:
        """Whether any control got past a stage, after redirects at the same host."""
        if self.end.hop:
            return any(one.passed_host(self.host, stage) for one in self.controls)
        return any_passed(self.controls, stage)

    def trusted_at_control(self) -> bool:
        """Whether any control had a valid handshake for this host."""
        return any(control.trusted(self.host) for control in self.controls)


def make_case(
    target: Target, steps: Sequence[Step], controls: Sequence[Measurement], signatures: Signatures, at: str
) -> Case:
    """A case from a record's parts; the order of `steps` and `controls` has no meaning."""
    lines, end = pick(steps, "line", hop=None), outcome(target, steps)
    placed = tuple(sorted(steps, key=_place))
    return Case(
        target=target,
        steps=placed,
        end=end,
        scheme=scheme_of(target),
        page=final_page(placed, end.hop),
        line=lines[0] if lines else None,
        controls=usable(controls, at),
        outdated=outdated(controls, at),
        signatures=signatures,
        repeated=any(step.role in _REPEATS for step in steps),
    )


_REPEATS: Final = frozenset({AGAIN, NAME_CONTROL})


def _place(step: Step) -> tuple[int, str, str, str, str, float]:
    return step.hop, step.role, step.step, step.address, step.qtype, step.t0


# A harmless name that fails too is another fault than the name's only when some censors' habit to
# close the address for a while has been waited out.
PATIENCE_S: Final = 60.0
_DNS: Final[dict[str, Mechanism]] = {
    names.DNS_NXDOMAIN: "dns.nxdomain",
    names.DNS_SERVFAIL: "dns.servfail",
    names.DNS_REFUSED: "dns.refused",
    names.DNS_BOGON: "dns.injection.bogon",
    names.TIMEOUT: "dns.timeout",
}
_TCP: Final[dict[str, Mechanism]] = {
    names.TIMEOUT: "tcp.timeout",
    names.REFUSED: "tcp.refused",
    names.RESET: "tcp.reset",
    names.EOF: "tcp.reset",
    names.HOST_UNREACHABLE: "ip.unreachable",
    names.NETWORK_UNREACHABLE: "ip.unreachable",
}
_HTTP: Final[dict[str, Mechanism]] = {
    names.TIMEOUT: "http.timeout",
    names.RESET: "http.reset",
    names.EOF: "http.reset",
}


_QUIC: Final[dict[str, Mechanism]] = {names.TIMEOUT: "quic.timeout"}
_STREAM: Final[dict[str, Mechanism]] = {names.TIMEOUT: "stream.timeout"}
_BY_FAILURE: Final[dict[Stage, tuple[dict[str, Mechanism], Mechanism]]] = {
    "dns": (_DNS, "dns"),
    "tcp": (_TCP, "tcp"),
    "quic": (_QUIC, "quic"),
    "stream": (_STREAM, "stream"),
}


def mechanism_of(case: Case) -> Mechanism | None:
    """The deepest label that the failure at the end of the case supports."""
    match case.end.stage:
        case "tls":
            return _tls_mechanism(case)
        case "http":
            return _http_mechanism(case)
        case "dns" | "tcp" | "quic" | "stream" as stage:
            labels, bare = _BY_FAILURE[stage]
            return labels.get(case.end.failure, bare)
        case _:
            return None


def _tls_mechanism(case: Case) -> Mechanism:
    failure = case.end.failure
    if failure == names.SSL_AUTHORITY:
        return forged_label(case.tls())
    if failure == names.TIMEOUT:
        return _by_name(case, "tls.timeout", "tls.timeout.sni", "tls.timeout.other")
    if failure in {names.RESET, names.EOF}:
        return _by_name(case, "tls.reset", "tls.reset.sni", "tls.reset.other")
    return "tls"


def _http_mechanism(case: Case) -> Mechanism:
    """As for the handshake: a reset is of the host's name if the same address answers another name."""
    label = _HTTP.get(case.end.failure, "http.error")
    if label != "http.reset" or case.scheme != "http" or case.tls():
        return label
    harmless = pick(case.steps, "http", case.end.hop, "name_control")
    again_failed = all(step.failure is not None for step in pick(case.steps, "http", case.end.hop, "again"))
    return "http.reset.host" if again_failed and any(step.failure is None for step in harmless) else label


def _by_name(case: Case, unknown: Mechanism, sni: Mechanism, other: Mechanism) -> Mechanism:
    """Whether the name kills the handshake: a harmless one on the same address, between two tries, tells."""
    harmless = case.tls("name_control")
    again_failed = all(step.failure is not None for step in case.tls("again"))
    if pick(case.steps, "held", case.end.hop, "again"):  # this probe's own limit forbade the repeat
        return unknown
    if again_failed and any(step.answered for step in harmless):
        return sni
    waited = max((step.t0 for step in harmless), default=0) - min(
        (step.t0 for step in case.tls("")), default=0
    )
    return other if waited >= PATIENCE_S else unknown


def forged_label(shaken: Iterable[Step]) -> Mechanism:
    """Whether the certificates that nobody vouches for were signed by another one or by themselves."""
    chains = [step.chain for step in shaken if step.failure == names.SSL_AUTHORITY and step.chain]
    alone = all(len(chain) == 1 and chain[0].issuer == chain[0].subject for chain in chains)
    return "tls.mitm.self_signed" if chains and alone else "tls.mitm.ca_signed"
