"""Scenario table of the judge for resolvers that are asked inside a handshake."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from tests.wire.judge.scenes import FAR, TRUE, dns, http, leaf, tcp, tls, verdict
from wire import names
from wire.judge import read_line
from wire.records import Step, Target

DOT = Target(id="dot", url="dot://site.example/plain.example", category="control", side="foreign")
DOH = Target(id="doh", url="doh://site.example/plain.example", category="control", side="foreign")


def found(*, failure: str | None = None) -> Step:
    return replace(dns(TRUE, host="site.example", failure=failure), role="resolver")


def told(*answers: str, failure: str | None = None, rcode: str = "") -> Step:
    return replace(dns(*answers, failure=failure, host="plain.example"), rcode=rcode, t0=0.05, t=0.06)


HERE = (found(), tcp())
SHAKEN = (*HERE, tls())
WELL = (*SHAKEN, told("185.9.9.9", rcode="NOERROR"))
PAGED = (*SHAKEN, http(url=DOH.url), told("185.9.9.9", rcode="NOERROR"))
STRANGE = [leaf("other", "CN=Somebody")]


class Row(NamedTuple):
    name: str
    target: Target
    steps: Sequence[Step]
    control: Sequence[Sequence[Step]]
    expected: tuple[str, str | None, str | None]


ROWS = (
    Row("an answer over TLS", DOT, WELL, (), ("ok", None, None)),
    Row("an answer over HTTPS", DOH, PAGED, (), ("ok", None, None)),
    Row("its name denied", DOT, (found(failure=names.DNS_NXDOMAIN),), (WELL,), ("likely_blocked", "dns", "dns.nxdomain")),
    Row("its name denied everywhere", DOT, (found(failure=names.DNS_NXDOMAIN),), ((found(failure=names.DNS_NXDOMAIN),),), ("down", "dns", None)),
    Row("its port silent", DOT, (found(), tcp(failure=names.TIMEOUT)), (WELL,), ("likely_blocked", "tcp", "tcp.timeout")),
    Row("its port closed to all", DOT, (found(), tcp(failure=names.REFUSED)), ((found(), tcp(failure=names.REFUSED)),), ("down", "tcp", None)),
    Row("silence after its name", DOH, (*HERE, tls(failure=names.TIMEOUT), tls(role="name_control"), tls(failure=names.TIMEOUT, role="again")),
        (PAGED,), ("likely_blocked", "tls", "tls.timeout.sni")),
    Row("a forged certificate", DOT, (*HERE, tls(failure=names.SSL_AUTHORITY, chain=STRANGE)), (WELL,), ("blocked", "tls", "tls.mitm.ca_signed")),
    Row("silence once the handshake stands", DOT, (*SHAKEN, told(failure=names.TIMEOUT)), (WELL,), ("likely_blocked", "dns", "dns.timeout")),
    Row("it fails at TLS, the control's at the answer", DOT, (*HERE, tls(failure=names.TIMEOUT)), ((*SHAKEN, told(failure=names.DNS_REFUSED, rcode="REFUSED")),),
        ("likely_blocked", "tls", "tls.timeout")),
    Row("it declines to answer us", DOT, (*SHAKEN, told(failure=names.DNS_REFUSED, rcode="REFUSED")), (WELL,), ("insufficient", "dns", None)),
    Row("it declines to answer anybody", DOT, (*SHAKEN, told(failure=names.DNS_REFUSED, rcode="REFUSED")),
        ((*SHAKEN, told(failure=names.DNS_REFUSED, rcode="REFUSED")),), ("down", "dns", None)),
    Row("403 for our country", DOH, (*SHAKEN, http(403, url=DOH.url), told(failure="unknown_failure: no DNS answer in HTTP 403")), (PAGED,), ("insufficient", "dns", None)),
    Row("its own error", DOH, (*SHAKEN, http(503, url=DOH.url), told(failure="unknown_failure: no DNS answer in HTTP 503")), (), ("insufficient", "dns", None)),
    Row("the page never comes", DOH, (*SHAKEN, http(failure=names.TIMEOUT, url=DOH.url)), (PAGED,), ("likely_blocked", "http", "http.timeout")),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_judge_is_fair(row: Row) -> None:
    got = verdict(row.steps, row.control, target=row.target)
    assert (got.state, got.stage, got.mechanism) == row.expected, got.rule


def test_what_a_resolver_answers_inside_a_handshake_says_nothing_of_the_own_one() -> None:
    assert read_line([(DOT, WELL), (DOH, PAGED)], "yes", 0, 0.1).resolver_answers == ""


ASKED = Target(id="asked", url="dns://93.5.5.53/site.example", category="control", side="foreign")
LED_ASTRAY = (
    dns(FAR),
    tcp(FAR, role="given_address"),
    tcp(TRUE, role="known_address"),
    tls(TRUE, role="known_address"),
)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((*LED_ASTRAY, tls(FAR, names.SSL_AUTHORITY, role="given_address")), ("blocked", "dns.injection.other")),
        ((*LED_ASTRAY, tls(FAR, names.TIMEOUT, role="given_address")), ("likely_blocked", "dns.injection.other")),
        ((*LED_ASTRAY, tls(FAR, role="given_address")), ("ok", None)),
        ((*LED_ASTRAY, tls(FAR, role="given_address"), replace(dns(FAR), role="no_resolver")), ("ok", None)),
        ((dns(FAR), replace(dns(FAR), role="no_resolver")), ("blocked", "dns.injection.other")),
        ((dns("10.1.2.3"),), ("blocked", "dns.injection.bogon")),
        ((dns(TRUE),), ("ok", None)),
    ],
    ids=["another's", "nobody's", "a nearer machine", "a true answer in its place", "injected", "bogus", "well"],
)  # fmt: skip
def test_what_an_open_resolver_says_is_judged_by_where_it_leads(
    steps: Sequence[Step], expected: tuple[str, str | None]
) -> None:
    got = verdict(steps, [(dns(TRUE),)], target=ASKED)
    assert (got.state, got.mechanism) == expected, got.rule
