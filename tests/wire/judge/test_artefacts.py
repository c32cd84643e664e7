"""Artefacts: pages, redirects and answers that the target never made, and their innocent doubles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.wire.judge.scenes import (
    ALONE,
    FAR,
    OTHER,
    PLAIN,
    SITE,
    TRUE,
    WELL,
    dns,
    http,
    tcp,
    tls,
    verdict,
)
from wire import names
from wire.judge.addresses import bogon_block, neighbourhoods, only_bogons, strangers, telling
from wire.judge.artefacts import alike
from wire.judge.kinship import family, kin
from wire.records import Step, Target

LONG = 20_000
RESOLVER = Target(id="resolver", url="dns://9.9.9.9/site.example", category="control", side="foreign")


def page(
    status: int = 200, title: str = "News of today", body: str = "b", size: int = 9000, location: str = ""
) -> Step:
    return http(status, title, body, size, url=PLAIN.url, location=location)


def plain(*pages: Step, address: str = TRUE) -> tuple[Step, ...]:
    return dns(address, host="plain.example"), tcp(address), *pages


def known(*steps: Step) -> tuple[Step, ...]:
    return tuple(replace(step, role="known_address") for step in steps)


class Row(NamedTuple):
    name: str
    steps: Sequence[Step]
    expected: tuple[str, str | None]
    control: Sequence[Sequence[Step]]
    target: Target = PLAIN


OURS = plain(page())
ROWS = (
    Row("another short page", plain(page(title="Closed", body="x", size=300)), ("blocked", "http.blockpage"), [OURS]),
    Row("another short page at a stranger's address", plain(page(title="Closed", body="x", size=300), address=FAR),
        ("blocked", "dns.injection.blockpage"), [OURS]),
    Row("the same page in another language", plain(page(title="Новости", body="x", size=LONG)), ("insufficient", None),
        [plain(page(size=LONG))]),
    Row("another short page, and the same at the control's address",
        (*plain(page(title="Closed", body="x", size=300), address=FAR), *known(page(title="Closed", body="x", size=300))),
        ("insufficient", None), [OURS]),
    Row("a redirect to a stranger", plain(page(302, "", "r", 0, "http://notice.example/")), ("blocked", "http.redirect"), [OURS]),
    Row("a redirect to kin", plain(page(302, "", "r", 0, "http://m.plain.example/")), ("blocked", "http.blockpage"), [OURS]),
    Row("a redirect that controls follow too", plain(page(302, location="http://notice.example/")), ("ok", None),
        [plain(page(302, location="http://notice.example/"))]),
    Row("a redirect, nobody to compare with", plain(page(302, location="http://notice.example/")), ("insufficient", None), []),
    Row("a relative redirect", plain(page(302, "", "b", 0, location="/start")), ("ok", None),
        [plain(page(302, "", "b", 0, location="/start"))]),
    Row("a name that exists nowhere and has an address here", (dns(FAR), tcp(FAR, names.TIMEOUT)),
        ("insufficient", "dns.injection.other"), [(dns(failure=names.DNS_NXDOMAIN),)], SITE),
    Row("a name that exists nowhere and has a private address here", (dns("10.1.1.1"), tcp("10.1.1.1", names.TIMEOUT)),
        ("insufficient", "dns.injection.bogon"), [(dns(failure=names.DNS_NXDOMAIN),)], SITE),
    Row("a private address for everybody", (dns("10.1.1.1"), tcp("10.1.1.1", names.TIMEOUT)), ("down", None),
        [(dns("10.1.1.1"), tcp("10.1.1.1", names.TIMEOUT))], SITE),
    Row("an answer where no resolver is, and it is true", (*WELL, replace(dns(TRUE), role="no_resolver")), ("ok", None), [WELL], SITE),
    Row("an answer where no resolver is, private", (dns(failure=names.TIMEOUT), replace(dns("10.1.1.1"), role="no_resolver")),
        ("blocked", "dns.injection.bogon"), [WELL], SITE),
    Row("a stranger's address that refuses, the true one connects",
        (dns(FAR), tcp(FAR, names.REFUSED), *known(tcp())), ("likely_blocked", "dns.injection.other"), [WELL], SITE),
    Row("a stranger's address that refuses, and so does the true one",
        (dns(FAR), tcp(FAR, names.REFUSED), *known(tcp(failure=names.REFUSED))), ("likely_blocked", "tcp.refused"), [WELL], SITE),
    Row("a stranger's address with a certificate of nobody", (dns(FAR), tcp(FAR), tls(FAR, names.SSL_AUTHORITY, chain=ALONE)),
        ("blocked", "dns.injection.other"), [WELL], SITE),
    Row("a neighbour's address with a certificate of nobody", (dns(OTHER), tcp(OTHER), tls(OTHER, names.SSL_AUTHORITY, chain=ALONE)),
        ("likely_blocked", "tls.mitm.self_signed"), [WELL], SITE),
    Row("a resolver that leads astray",
        (dns(FAR), *(replace(one, role="given_address") for one in (tcp(FAR), tls(FAR, names.SSL_AUTHORITY, chain=ALONE))), *known(tcp(), tls())),
        ("blocked", "dns.injection.other"), [(dns(TRUE),)], RESOLVER),
    Row("a resolver that leads to a silent place",
        (dns(FAR), replace(tcp(FAR, names.TIMEOUT), role="given_address"), *known(tcp(), tls())),
        ("likely_blocked", "dns.injection.other"), [(dns(TRUE),)], RESOLVER),
    Row("a resolver that leads to the owner elsewhere",
        (dns(FAR), *(replace(one, role="given_address") for one in (tcp(FAR), tls(FAR))), *known(tcp(), tls())), ("ok", None),
        [(dns(TRUE),)], RESOLVER),
    Row("a resolver whose owner's own address has no handshake either",
        (dns(FAR), replace(tcp(FAR, names.TIMEOUT), role="given_address"), *known(tcp(failure=names.TIMEOUT))), ("ok", None),
        [(dns(TRUE),)], RESOLVER),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_judge_is_fair(row: Row) -> None:
    got = verdict(row.steps, row.control, target=row.target)
    assert (got.state, got.mechanism) == row.expected, got.rule


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (page(), page(title="else"), True),
        (page(), page(body="c"), True),
        (page(title=""), page(body="c", size=7000), True),
        (page(title=""), page(body="c", size=6000), False),
        (page(title="Yesterday"), page(body="c"), False),
        (page(403), page(body="c"), False),
        (page(403), page(), True),
        (page(403, "", "e", 0), page(200, "", "e", 0), False),
        (page(302, "", "e", 0), page(302, "", "e", 0), True),
        (page(title="", size=0), page(title="", body="c", size=0), True),
        (page(title="", body="c", size=3000), replace(page(title="", size=2000), truncated=True), True),
    ],
)
def test_two_pages_are_alike_by_bytes_title_or_length(one: Step, other: Step, same: bool) -> None:
    assert alike(one, other) is alike(other, one) is same


@pytest.mark.parametrize(
    ("one", "other", "related"),
    [
        ("site.example", "www.site.example", True), ("a.site.example", "b.site.example", True),
        ("site.example", "site.test", False), ("portal.gov.kz", "notice.gov.kz", False),
        ("www.portal.gov.kz", "portal.gov.kz", True), ("1.2.3.4", "9.9.3.4", False), ("1.2.3.4", "1.2.3.4", True),
        ("a.com.kz", "b.com.kz", False), ("com.kz", "a.com.kz", False), ("co.example", "a.co.example", True),
    ],
)  # fmt: skip
def test_hosts_are_kin_by_their_owners_label(one: str, other: str, related: bool) -> None:
    assert kin(one, other) is kin(other, one) is related


@given(st.from_regex(r"([a-z]{1,8}\.){0,4}[a-z]{1,8}", fullmatch=True))
def test_a_family_is_a_tail_of_the_host_and_its_own(host: str) -> None:
    assert host.endswith(family(host))
    assert kin(host, f"www.{host}") or host.count(".") <= 1 or family(f"www.{host}") != host


@pytest.mark.parametrize(
    ("address", "use"),
    [
        ("10.1.2.3", "private"), ("100.64.0.1", "private"), ("fd00::1", "private"), ("127.0.0.53", "this host"), ("::", "this host"),
        ("0.0.0.1", "this host"), ("169.254.1.1", "link"), ("198.18.0.1", "benchmark"), ("203.0.113.9", "documentation"),
        ("224.0.0.1", "multicast or reserved"), ("255.255.255.255", "multicast or reserved"), ("100::1", "protocol"),
        ("8.8.8.8", ""), ("2a00:1::1", ""), ("172.15.0.1", ""), ("172.32.0.1", ""), ("no address", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_special_block_is_told_by_its_use(address: str, use: str) -> None:
    assert bogon_block(address) == use


@pytest.mark.parametrize(
    ("given", "expected", "wrong"),
    [
        (("10.0.0.1",), (TRUE,), True), (("10.0.0.1",), ("10.9.9.9",), False), (("10.0.0.1", TRUE), (TRUE,), False),
        (("10.0.0.1", "2a00:1::1"), (TRUE,), True), (("fd00::1",), ("2a00:1::1",), True), ((), (TRUE,), False),
        (("203.0.113.1",), ("203.0.113.9",), False), (("127.0.0.1",), ("10.0.0.1",), True),
    ],
)  # fmt: skip
def test_special_addresses_are_wrong_where_others_are_expected(
    given: tuple[str, ...], expected: tuple[str, ...], wrong: bool
) -> None:
    assert only_bogons(given, expected) is wrong


addresses = st.lists(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).map(str), max_size=4)


@given(addresses, addresses)
def test_nobody_is_a_stranger_to_himself_or_to_nothing(given: list[str], more: list[str]) -> None:
    assert not strangers(given, given)
    assert not strangers([], given)
    assert not strangers(given, [])
    assert not strangers(given, [*given, *more])


@given(addresses)
def test_what_tells_is_of_one_family_where_there_is_an_old_one(given: list[str]) -> None:
    told = telling(given)
    assert set(told) <= set(given)
    assert bool(told) is bool(given)
    assert len({":" in one for one in told}) <= 1
    assert len(neighbourhoods(given)) <= len(given)
