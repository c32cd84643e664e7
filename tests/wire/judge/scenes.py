"""Short words for steps, so that a scenario reads like the network it describes."""

from __future__ import annotations

from collections.abc import Sequence

from wire import names
from wire.judge import NO_SIGNATURES, ControlTable, Signatures, judge, read_line
from wire.records import Certificate, Measurement, Network, Step, Target, Verdict

AT = "2026-11-20T12:00:00.000Z"
SITE = Target(id="site", url="https://site.example/", category="news", side="foreign")
PLAIN = Target(id="plain", url="http://plain.example/", category="news", side="foreign")
PEER = Target(id="peer", url="https://peer.kz/", category="egov", side="domestic")
TRUE, OTHER, FAR = "185.1.1.10", "185.1.1.11", "93.5.5.5"


def dns(
    *answers: str, failure: str | None = None, host: str = "site.example", qtype: str = "A", hop: int = 0
) -> Step:
    """A question and its answers."""
    return Step(step="dns", failure=failure, t0=0.0, t=0.01, host=host, qtype=qtype, answers=answers, hop=hop)


def tcp(address: str = TRUE, failure: str | None = None, role: str = "", hop: int = 0) -> Step:
    """A connection."""
    return Step(step="tcp", failure=failure, t0=0.01, t=0.02, address=address, port=443, role=role, hop=hop)


def leaf(print_: str = "true", issuer: str = "CN=Honest CA", subject: str = "CN=site.example") -> Certificate:
    """A leaf certificate."""
    return Certificate(subject=subject, issuer=issuer, sha256=print_, sha1=print_)


def tls(
    address: str = TRUE,
    failure: str | None = None,
    role: str = "",
    chain: Sequence[Certificate] = (),
    *,
    answered: bool | None = None,
    errors: tuple[str, ...] = (),
    name: str = "site.example",
) -> Step:
    """A handshake; a valid one shows the true leaf."""
    shown = tuple(chain) or ((leaf(),) if failure is None else ())
    return Step(
        step="tls", failure=failure, t0=0.02, t=0.03, address=address, port=443, role=role, server_name=name,
        chain=shown, verify_errors=errors, answered=failure is None if answered is None else answered,
    )  # fmt: skip


def http(
    status: int = 200, title: str = "News of today", body: str = "b", size: int = 9000, *,
    url: str = "https://site.example/", location: str = "", failure: str | None = None, hop: int = 0,
) -> Step:  # fmt: skip
    """A page."""
    return Step(
        step="http", failure=failure, t0=0.03, t=0.04, url=url, status=status, title=title, body_sha256=body,
        body_bytes=size, location=location, hop=hop,
    )  # fmt: skip


# Chains that the target never showed: signed by somebody's authority, and by nobody but itself.
FORGED = [leaf("forged", issuer="CN=Somebody"), leaf("their root", "CN=Somebody", "CN=Somebody")]
ALONE = [leaf("alone", issuer="CN=site.example")]
# What comes before a handshake.
HELLO = (dns(TRUE), tcp())
WELL = (*HELLO, tls(), http())
PEER_WELL = (
    dns(OTHER, host="peer.kz"),
    tcp(OTHER),
    tls(OTHER, name="peer.kz", chain=[leaf("peer")]),
    http(url="https://peer.kz/"),
)
PEER_DEAD = (dns("185.1.1.11", host="peer.kz"), tcp(OTHER, names.TIMEOUT))


def measured(target: Target, steps: Sequence[Step], at: str = AT) -> Measurement:
    """Steps as a control's record."""
    return Measurement(
        id="c", probe="control", at=at, network=Network(side="outside"), target=target, steps=tuple(steps),
        verdict=Verdict(state="ok"),
    )  # fmt: skip


def verdict(
    steps: Sequence[Step],
    control: Sequence[Sequence[Step]] = (WELL,),
    *,
    target: Target = SITE,
    peers: Sequence[tuple[Target, Sequence[Step]]] = ((PEER, PEER_WELL),),
    signatures: Signatures = NO_SIGNATURES,
) -> Verdict:
    """The judge's word on a target in a round with its peers."""
    line = read_line([(target, steps), *peers], "yes", 0, 0.1)
    table = ControlTable(measured(target, one) for one in control)
    return judge(target, [*steps, line], table.of(target), signatures, AT)
