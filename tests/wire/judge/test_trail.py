"""How far an observation came, by scheme and stage; whichever order the steps are in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.wire.judge.scenes import FAR, OTHER, SITE, TRUE, WELL, dns, http, tcp, tls
from wire import names
from wire.judge.trail import (
    LAST_STAGE,
    STAGES,
    Outcome,
    answers,
    final_page,
    host_of,
    last_hop,
    outcome,
    passed,
    pick,
    scheme_of,
)
from wire.names import Stage
from wire.records import Step, Target

V6 = "2a00:1::1"
SILENT = replace(tcp(), role="silent")


def at(url: str) -> Target:
    return replace(SITE, url=url)


class Row(NamedTuple):
    name: str
    url: str
    steps: Sequence[Step]
    complete: bool
    stage: Stage | None = None
    failure: str = ""
    hop: int = 0


ROWS = (
    Row("nothing", "https://s/", (), False),
    Row("a page", "https://s/", WELL, True),
    Row("a handshake without a page", "https://s/", WELL[:3], False),
    Row("a handshake is enough", "tls://s:443", WELL[:3], True),
    Row("a connection is enough", "tcp://s:443", WELL[:2], True),
    Row("a connection is not enough", "tls://s:443", WELL[:2], False),
    Row("a name is enough", "dns://9.9.9.9/s", WELL[:1], True),
    Row("a name denied", "https://s/", (dns(failure=names.DNS_NXDOMAIN),), False, "dns", names.DNS_NXDOMAIN),
    Row("one family denied", "https://s/", (dns(failure=names.DNS_NO_ANSWER, qtype="AAAA"), *WELL), True),
    Row("no connection", "https://s/", (dns(TRUE), tcp(failure=names.REFUSED)), False, "tcp", names.REFUSED),
    Row("one of two connections", "https://s/", (dns(TRUE, OTHER), tcp(OTHER, names.TIMEOUT), *WELL[1:]), True),
    Row("IPv4's failure stands for both", "https://s/",
        (dns(TRUE), tcp(V6, names.NETWORK_UNREACHABLE), tcp(failure=names.TIMEOUT)), False, "tcp", names.TIMEOUT),
    Row("no handshake", "https://s/", (*WELL[:2], tls(failure=names.RESET)), False, "tls", names.RESET),
    Row("a handshake at another address", "https://s/", (*WELL[:2], tls(failure=names.RESET), tls(OTHER), http()), True),
    Row("a repeat makes nothing complete", "https://s/",
        (*WELL[:2], tls(failure=names.RESET), replace(tls(), role="again")), False, "tls", names.RESET),
    Row("a harmless name makes nothing complete", "https://s/",
        (*WELL[:2], tls(failure=names.RESET), replace(tls(), role="name_control")), False, "tls", names.RESET),
    Row("no page", "https://s/", (*WELL[:3], http(failure=names.EOF)), False, "http", names.EOF),
    Row("a redirect that was followed", "https://s/", (*WELL, *(replace(one, hop=1) for one in WELL)), True, hop=1),
    Row("a redirect into nothing", "https://s/", (*WELL, replace(dns(failure=names.DNS_NXDOMAIN), hop=1)), False, "dns",
        names.DNS_NXDOMAIN, 1),
    Row("reset before anything was said", "https://s/",
        (*WELL[:2], SILENT, replace(SILENT, failure=names.RESET), tls(failure=names.TIMEOUT)), False, "tcp", names.RESET),
    Row("a bare connection that is reset", "tcp://s:1", (tcp(), replace(SILENT, failure=names.RESET)), False, "tcp", names.RESET),
    Row("a bare connection that stands", "tcp://s:1", (tcp(), SILENT), True),
    Row("no packet of QUIC", "quic://s", (dns(TRUE), replace(tcp(failure=names.TIMEOUT), step="quic")), False, "quic", names.TIMEOUT),
    Row("no packet of QUIC, and TCP fails beside it", "quic://s",
        (dns(TRUE), replace(tcp(failure=names.TIMEOUT), step="quic"), replace(tcp(failure=names.REFUSED), role="beside")),
        False, "tcp", names.REFUSED),
    Row("no packet of QUIC, and TCP works beside it", "quic://s",
        (dns(TRUE), replace(tcp(failure=names.TIMEOUT), step="quic"), replace(tcp(), role="beside")), False, "quic", names.TIMEOUT),
    Row("a sealed question answered", "dot://9.9.9.9/s", (tcp(), tls(), dns(TRUE)), True),
    Row("a sealed question, no handshake", "dot://9.9.9.9/s", (tcp(), tls(failure=names.RESET)), False, "tls", names.RESET),
    Row("a sealed question denied", "doh://r/s", (tcp(), tls(), http(), dns(failure=names.DNS_NXDOMAIN)), False, "dns", names.DNS_NXDOMAIN),
    Row("a sealed resolver without an address", "doh://r/s", (replace(dns(failure=names.DNS_NXDOMAIN), role="resolver"),),
        False, "dns", names.DNS_NXDOMAIN),
    Row("a zone of which one name server answers", "zone://kz",
        (replace(dns(failure=names.TIMEOUT), role="ns"), replace(dns(TRUE), role="ns")), True),
    Row("a zone of which none answers", "zone://kz", (dns(TRUE), replace(dns(failure=names.TIMEOUT), role="ns")), False, "dns", names.TIMEOUT),
    Row("a zone whose name servers are not known", "zone://kz", (dns(failure=names.DNS_SERVFAIL),), False, "dns", names.DNS_SERVFAIL),
    Row("a zone that nobody asked about", "zone://kz", (), False),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_an_observation_ends_where_nothing_worked(row: Row) -> None:
    got = outcome(at(row.url), row.steps)
    assert (got.complete, got.stage, got.failure, got.hop) == (row.complete, row.stage, row.failure, row.hop)


@given(st.sampled_from(ROWS), st.randoms(use_true_random=False))
def test_the_order_of_steps_means_nothing(row: Row, chance: object) -> None:
    mixed = list(row.steps)
    chance.shuffle(mixed)  # type: ignore[attr-defined]  # a random.Random of hypothesis
    assert outcome(at(row.url), mixed) == outcome(at(row.url), row.steps)


@pytest.mark.parametrize("stage", STAGES)
def test_who_is_complete_got_past_every_stage_and_who_has_no_end_past_none(stage: Stage) -> None:
    assert passed(Outcome(complete=True), stage)
    assert not passed(Outcome(complete=False), stage)


@pytest.mark.parametrize(
    ("ended", "stage", "got_past"),
    [
        ("tls", "dns", True), ("tls", "tcp", True), ("tls", "tls", False), ("tls", "http", False),
        ("dns", "dns", False), ("http", "tls", True), ("stream", "http", True), ("tcp", "line", False),
    ],
)  # fmt: skip
def test_who_failed_at_a_stage_got_past_the_earlier_ones(ended: Stage, stage: Stage, got_past: bool) -> None:
    assert passed(Outcome(complete=False, stage=ended), stage) is got_past


def test_a_sealed_question_has_its_name_last() -> None:
    end = outcome(at("dot://9.9.9.9/s"), (tcp(), tls(), dns(failure=names.TIMEOUT)))
    assert [passed(end, stage) for stage in ("tcp", "tls", "dns")] == [True, True, False]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Site.Example:8443/a?b#c", "site.example"),
        ("http://[2a00:1::1]/", "2a00:1::1"),
        ("https://user:word@site.example/", "site.example"),
        ("/relative", ""), ("", ""), ("http://[broken/", ""), ("site.example", ""),
    ],
)  # fmt: skip
def test_a_url_has_a_host_or_none(url: str, host: str) -> None:
    assert host_of(url) == host


@given(st.text(max_size=60))
def test_any_text_has_a_host_or_none(url: str) -> None:
    assert host_of(url) == host_of(url).lower()


def test_steps_are_picked_by_name_hop_and_role() -> None:
    again, later = replace(tls(), role="again"), replace(tls(), hop=1)
    steps = [*WELL, again, later]
    assert pick(steps, "tls") == [WELL[2], later]
    assert pick(steps, "tls", 0) == [WELL[2]]
    assert pick(steps, "tls", role="again") == [again]
    assert pick(steps, "tls", role=None) == [WELL[2], again, later]
    assert last_hop(steps) == 1
    assert last_hop([replace(again, hop=7)]) == 0, "only the target's own steps are counted"


def test_answers_and_the_page_are_those_of_a_hop() -> None:
    steps = [
        dns(TRUE),
        dns(V6, qtype="AAAA"),
        replace(dns(FAR), hop=1),
        replace(dns(OTHER), role="public"),
        http(failure=names.EOF),
    ]
    assert answers(steps) == {TRUE, V6}
    assert answers(steps, 1) == {FAR}
    assert final_page(steps, 0) is None
    page = replace(http(), hop=2)
    assert final_page([*steps, page], 2) == page


def test_every_scheme_that_can_be_asked_for_has_an_end() -> None:
    assert set(LAST_STAGE.values()) <= set(STAGES)
    assert scheme_of(at("post+http://1.2.3.4/")) == "post+http"
    assert all(outcome(at(f"{scheme}://x/"), ()).stage is None for scheme in LAST_STAGE)
