"""Websites as web_connectivity's measurements."""

from __future__ import annotations

import pytest

from probes.core.ooni import OoniMeasurement, to_ooni
from probes.core.ooni.format import WebKeys
from probes.core.ooni.web import blocking
from tests.probes.core.ooni.records import (
    ADDRESS,
    NO_NAME,
    SILENT,
    SITE,
    WELL,
    dns,
    http,
    record,
    tcp,
    tls,
    verdict,
)
from wire import names
from wire.names import Mechanism, Stage, State
from wire.records import Measurement, Step


def exported(one: Measurement) -> OoniMeasurement:
    (found,) = to_ooni([one], "0.1.0")
    assert isinstance(found, OoniMeasurement)
    return found


def keys(one: Measurement) -> WebKeys:
    found = exported(one).test_keys
    assert isinstance(found, WebKeys)
    return found


def test_a_site_that_works_is_accessible() -> None:
    found = keys(WELL)
    assert (found.accessible, found.blocking, found.dns_consistency) == (True, False, "consistent")
    assert (found.dns_experiment_failure, found.http_experiment_failure) == (None, None)


def test_the_envelope_tells_network_and_country_and_no_address() -> None:
    found = exported(WELL)
    assert (found.probe_asn, found.probe_cc, found.probe_ip) == ("AS9198", "KZ", "127.0.0.1")
    assert (found.input, found.measurement_start_time) == (SITE, "2026-11-20 12:00:00")
    assert (found.software_name, found.software_version, found.test_name) == (
        "dabyl",
        "0.1.0",
        "web_connectivity",
    )


def test_the_annotations_carry_our_verdict_and_name_neither_probe_nor_record() -> None:
    found = exported(SILENT).annotations
    assert found["dabyl_mechanism"] == "tls.timeout.sni"
    assert found["dabyl_leaf_sha256"] == "ab" * 32
    assert not {SILENT.id, SILENT.probe} & set(found.values())


def test_a_silenced_handshake_is_an_http_failure() -> None:
    found = keys(SILENT)
    assert (found.accessible, found.blocking) == (False, "http-failure")
    assert found.http_experiment_failure == names.TIMEOUT


def test_only_the_target_s_own_handshake_is_of_the_classic_test() -> None:
    own, harmless = keys(SILENT).tls_handshakes
    assert own.tags == ("classic", "depth=0", "fetch_body=true")
    assert harmless.tags == ("depth=0", "fetch_body=false")


def test_a_name_that_is_denied_is_a_dns_failure() -> None:
    found = keys(NO_NAME)
    assert (found.blocking, found.dns_consistency) == ("dns", "inconsistent")
    assert found.dns_experiment_failure == names.DNS_NXDOMAIN
    assert found.queries[0].rcode == 3


def test_each_lookup_has_its_own_transaction_and_an_endpoint_shares_one() -> None:
    steps = [
        dns("site.example", ADDRESS),
        dns("site.example", qtype="AAAA"),
        tcp(),
        tls("site.example"),
        http(SITE),
    ]
    found = keys(record(SITE, steps, verdict("ok")))
    assert [one.transaction_id for one in found.queries] == [1, 2]
    assert {found.tcp_connect[0].transaction_id, found.tls_handshakes[0].transaction_id} == {3}
    assert found.requests[0].transaction_id == 3


def test_the_last_request_stands_first() -> None:
    steps = [*WELL.steps[:3], http(SITE, status=301), http(SITE + "two", hop=1, t=0.09)]
    found = keys(record(SITE, steps, verdict("ok")))
    assert [one.request.url for one in found.requests] == [SITE + "two", SITE]


def test_a_body_that_was_not_kept_says_so() -> None:
    response = keys(WELL).requests[0].response
    assert (response.body, response.body_is_truncated) == ("", True)


def test_names_of_suites_are_iana_s() -> None:
    assert keys(WELL).tls_handshakes[0].cipher_suite == "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"


def test_a_private_resolver_has_no_address() -> None:
    private = Step(step="dns", failure=None, t0=0, t=0.01, host="site.example", resolver="system", qtype="A")
    found = keys(record(SITE, [private], verdict("insufficient")))
    assert found.queries[0].resolver_address == ""
    assert keys(WELL).queries[0].resolver_address == "9.9.9.9:53"


def test_an_ipv6_endpoint_stands_in_brackets() -> None:
    found = keys(record(SITE, [tcp("2001:db8::1")], verdict("insufficient")))
    assert found.network_events[0].address == "[2001:db8::1]:443"


def connects(one: Measurement) -> list[tuple[str | None, bool | object]]:
    return [(each.status.failure, each.status.blocked) for each in keys(one).tcp_connect]


def test_a_connect_is_blocked_only_when_the_verdict_accuses_it() -> None:
    steps = [tcp(failure=names.TIMEOUT)]
    accused = record(SITE, steps, verdict("likely_blocked", "tcp", "tcp.timeout"))
    own_fault = record(SITE, steps, verdict("down", "tcp"))
    assert connects(accused) == [(names.TIMEOUT, True)]
    assert connects(own_fault) == [(names.TIMEOUT, False)]


@pytest.mark.parametrize(
    ("state", "stage", "mechanism", "expected"),
    [
        ("ok", None, None, False),
        ("impaired", "tls", "tls.throttle.sni", False),
        ("down", "tcp", None, False),
        ("insufficient", "line", "line.down", None),
        ("likely_blocked", "tcp", "tcp.reset", "tcp_ip"),
        ("likely_blocked", "tcp", "ip.unreachable", "tcp_ip"),
        ("blocked", "tls", "tls.mitm.ca_signed", "http-failure"),
        ("blocked", "http", "http.blockpage", "http-diff"),
        ("blocked", "http", "http.redirect", "http-diff"),
        ("blocked", "dns", "dns.injection.blockpage", "dns"),
        ("likely_blocked", "http", "http.reset", "http-failure"),
    ],
)
def test_a_verdict_is_oonis_reason_for_blocking(
    state: State, stage: Stage | None, mechanism: Mechanism | None, expected: str | bool | None
) -> None:
    assert blocking(verdict(state, stage, mechanism)) == expected
