"""Scenario table of the judge: what was seen, what the control saw, what is fair to say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.wire.judge.scenes import (
    ALONE,
    AT,
    FAR,
    FORGED,
    HELLO,
    OTHER,
    PEER,
    PEER_DEAD,
    PEER_WELL,
    PLAIN,
    SITE,
    TRUE,
    WELL,
    dns,
    http,
    leaf,
    measured,
    tcp,
    tls,
    verdict,
)  # fmt: skip
from wire import names
from wire.judge import RULES, ControlTable, Signatures, judge, read_line
from wire.records import Certificate, Step, Target

PAGE = (dns(TRUE, host="plain.example"), tcp(), http(url="http://plain.example/"))
DEAD = (dns(TRUE), tcp(failure=names.TIMEOUT))
V6_ONLY = (dns("2a00:1::1", qtype="AAAA"), tcp("2a00:1::1", names.NETWORK_UNREACHABLE))


def plain(page: Step) -> tuple[Step, ...]:
    return dns(TRUE, host="plain.example"), tcp(), page


def aba(failure: str, *, harmless: str | None = None, again: str | None = "same") -> tuple[Step, ...]:
    return (
        *HELLO,
        tls(failure=failure),
        tls(failure=harmless, role="name_control", name="example.com"),
        tls(failure=failure if again == "same" else again, role="again"),
    )


class Row(NamedTuple):
    name: str
    steps: Sequence[Step]
    expected: tuple[str, str | None, str | None]
    control: Sequence[Sequence[Step]] = (WELL,)
    target: Target = SITE


ROWS = (
    Row("all well", WELL, ("ok", None, None)),
    Row("all well, nobody to compare with", WELL, ("ok", None, None), ()),
    Row("a CDN gives another address", (dns(FAR), tcp(FAR), tls(FAR), http()), ("ok", None, None)),
    Row("a page that differs, in a valid handshake", (*HELLO, tls(), http(403, "Not here", "x", 9)), ("ok", None, None)),
    Row("the server's own error", (*HELLO, tls(), http(503, "Busy", "x", 9)), ("down", "http", None)),
    Row("name denied", (dns(failure=names.DNS_NXDOMAIN),), ("likely_blocked", "dns", "dns.nxdomain")),
    Row("name refused", (dns(failure=names.DNS_REFUSED),), ("likely_blocked", "dns", "dns.refused")),
    Row("name server fails", (dns(failure=names.DNS_SERVFAIL),), ("likely_blocked", "dns", "dns.servfail")),
    Row("resolver silent for one name", (dns(failure=names.TIMEOUT),), ("likely_blocked", "dns", "dns.timeout")),
    Row("name denied everywhere", (dns(failure=names.DNS_NXDOMAIN),), ("down", "dns", None), [(dns(failure=names.DNS_NXDOMAIN),)]),
    Row("name denied, no control", (dns(failure=names.DNS_NXDOMAIN),), ("insufficient", "dns", "dns.nxdomain"), ()),
    Row("name denied, and living at an address that others give, no control",
        (dns(failure=names.DNS_NXDOMAIN), replace(dns(TRUE), role="public"), tcp(role="known_address"), tls(role="known_address")),
        ("likely_blocked", "dns", "dns.nxdomain"), ()),
    Row("a forged address, shown by what others answer, no control",
        (dns(FAR), replace(dns(TRUE), role="public"), tcp(FAR), tls(FAR, names.SSL_AUTHORITY, chain=ALONE), tcp(role="known_address"),
         tls(role="known_address")), ("blocked", "dns", "dns.injection.other"), ()),
    Row("a private address", (dns("10.6.6.6"), tcp("10.6.6.6", names.TIMEOUT)), ("blocked", "dns", "dns.injection.bogon")),
    Row("a forged address, shown by its certificate",
        (dns(FAR), tcp(FAR), tls(FAR, names.SSL_AUTHORITY, chain=ALONE)), ("blocked", "dns", "dns.injection.other")),
    Row("a forged address, shown by the true one working",
        (dns(FAR), tcp(FAR), tls(FAR, names.TIMEOUT), tcp(TRUE, role="known_address"), tls(TRUE, role="known_address")),
        ("blocked", "dns", "dns.injection.other")),
    Row("a forged address where nobody listens",
        (dns(FAR), tcp(FAR, names.TIMEOUT), tcp(TRUE, role="known_address"), tls(TRUE, role="known_address")),
        ("likely_blocked", "dns", "dns.injection.other")),
    Row("address silent", DEAD, ("likely_blocked", "tcp", "tcp.timeout")),
    Row("address refuses", (dns(TRUE), tcp(failure=names.REFUSED)), ("likely_blocked", "tcp", "tcp.refused")),
    Row("no way there", (dns(TRUE), tcp(failure=names.HOST_UNREACHABLE)), ("likely_blocked", "tcp", "ip.unreachable")),
    Row("site down", (dns(TRUE), tcp(failure=names.REFUSED)), ("down", "tcp", None), [(dns(TRUE), tcp(failure=names.REFUSED))]),
    Row("site down, one of two controls knows better", DEAD, ("likely_blocked", "tcp", "tcp.timeout"), [DEAD, WELL]),
    Row("silence after the name", aba(names.TIMEOUT), ("likely_blocked", "tls", "tls.timeout.sni")),
    Row("silence after any name, perhaps only for a while", aba(names.TIMEOUT, harmless=names.TIMEOUT), ("likely_blocked", "tls", "tls.timeout")),
    Row("silence after any name, also after patience",
        (*aba(names.TIMEOUT, harmless=names.TIMEOUT), replace(tls(failure=names.TIMEOUT, role="name_control", name="example.com"), t0=75.0, t=78.0)),
        ("likely_blocked", "tls", "tls.timeout.other")),
    Row("a neighbour's address, closed for a while",
        (*aba(names.RESET, harmless=names.RESET), tls(role="name_control", name="example.com"), tls(role="again")), ("insufficient", "line", "line.lossy")),
    Row("reset before anything was said",
        (*aba(names.RESET, harmless=names.RESET), tcp(role="silent"), replace(tcp(role="silent"), failure=names.RESET)),
        ("likely_blocked", "tcp", "tcp.reset")),
    Row("an address that had been closed, and closes again after the name",
        (dns(TRUE), tcp(failure=names.TIMEOUT), tls(role="name_control", name="example.com"), tls(failure=names.TIMEOUT, role="again")),
        ("likely_blocked", "tls", "tls.timeout.sni")),
    Row("an address that had been closed by a neighbour's name",
        (dns(TRUE), tcp(failure=names.TIMEOUT), tls(role="name_control", name="example.com"), tls(role="again")), ("insufficient", "line", "line.lossy")),
    Row("behind a NAT64", (dns("64:ff9b::b901:10b", qtype="AAAA"), tcp("64:ff9b::b901:10b", names.TIMEOUT), tcp(TRUE, role="known_address")),
        ("insufficient", "line", None)),
    Row("a lie about IPv4, and the truth about IPv6",
        (dns("127.0.0.1"), dns("2a00:1::1", qtype="AAAA"), tcp("127.0.0.1", names.REFUSED), tcp("2a00:1::1", names.TIMEOUT)), ("blocked", "dns", "dns.injection.bogon"),
        [(dns(TRUE), dns("2a00:1::1", qtype="AAAA"), tcp(), tls(), http())]),
    Row("a handshake that ends now so, now otherwise, under one name",
        (*aba(names.RESET), tls(failure=names.RESET, role="again", answered=True)), ("insufficient", "tls", "tls")),
    Row("a harmless name that is answered once and then no more",
        (*aba(names.RESET), replace(tls(failure=names.RESET, role="name_control", name="example.com"), t0=5.0, t=5.1)), ("insufficient", "tls", "tls")),
    Row("a harmless name that is answered after some quiet",
        (*aba(names.RESET, harmless=names.RESET), replace(tls(role="name_control", name="example.com"), t0=9.0, t=9.1)), ("likely_blocked", "tls", "tls.reset.sni")),
    Row("a page reset inside a handshake, and later the handshake reset",
        (*HELLO, tls(), http(failure=names.RESET), tcp(role="again"), tls(failure=names.RESET, role="again")), ("insufficient", "http", "http.reset")),
    Row("a page reset inside a handshake, time and again",
        (*HELLO, tls(), http(failure=names.RESET), tcp(role="again"), tls(role="again"), replace(http(failure=names.RESET), role="again")),
        ("likely_blocked", "http", "http.reset")),
    Row("silence once, then it works", aba(names.TIMEOUT, again=None), ("insufficient", "line", "line.lossy")),
    Row("silence, no name compared", (*HELLO, tls(failure=names.TIMEOUT)), ("likely_blocked", "tls", "tls.timeout")),
    Row("reset after the name", aba(names.RESET), ("likely_blocked", "tls", "tls.reset.sni")),
    Row("closed after the name", aba(names.EOF), ("likely_blocked", "tls", "tls.reset.sni")),
    Row("silence after the name, no control", aba(names.TIMEOUT), ("insufficient", "tls", "tls.timeout.sni"), ()),
    Row("silence at the control too", aba(names.TIMEOUT), ("down", "tls", None), [aba(names.TIMEOUT)]),
    Row("forged by an authority", (*HELLO, tls(failure=names.SSL_AUTHORITY, chain=FORGED)), ("blocked", "tls", "tls.mitm.ca_signed")),
    Row("forged, signed by itself", (*HELLO, tls(failure=names.SSL_AUTHORITY, chain=ALONE)), ("blocked", "tls", "tls.mitm.self_signed")),
    Row("forged and out of date", (*HELLO, tls(failure=names.SSL_AUTHORITY, chain=FORGED, errors=("authority", "expired"))),
        ("blocked", "tls", "tls.mitm.ca_signed")),
    Row("forged, no control", (*HELLO, tls(failure=names.SSL_AUTHORITY, chain=FORGED)), ("insufficient", "tls", "tls.mitm.ca_signed"), ()),
    Row("the site's own bad certificate", (*HELLO, tls(failure=names.SSL_AUTHORITY, chain=ALONE)), ("down", "tls", None),
        [(*HELLO, tls(failure=names.SSL_AUTHORITY, chain=ALONE))]),
    Row("expired at the true site", (*HELLO, tls(failure=names.SSL_CERTIFICATE, chain=[leaf()], errors=("expired",))),
        ("down", "tls", None), [(*HELLO, tls(failure=names.SSL_CERTIFICATE, chain=[leaf()], errors=("expired",)))]),
    Row("expired here only: this machine's clock", (*HELLO, tls(failure=names.SSL_CERTIFICATE, chain=[leaf()], errors=("expired",))),
        ("insufficient", "tls", None)),
    Row("IPv6 broken, IPv4 well", (dns(TRUE), dns("2a00:1::1", qtype="AAAA"), tcp("2a00:1::1", names.TIMEOUT), *WELL[1:]), ("ok", None, None)),
    Row("an IPv6 site on a line without", V6_ONLY, ("insufficient", "line", None)),
    Row("a plain page as the control's", PAGE, ("ok", None, None), (PAGE,), PLAIN),
    Row("a plain 403 for everybody", plain(http(403, "Forbidden", "f", 99, url=PLAIN.url)), ("ok", None, None),
        [plain(http(403, "Forbidden", "g", 99, url=PLAIN.url))], PLAIN),
    Row("a plain page, nobody to compare with", PAGE, ("insufficient", "http", None), (), PLAIN),
    Row("a block page", plain(http(200, "Blocked by law", "x", 300, url=PLAIN.url)), ("blocked", "http", "http.blockpage"), (PAGE,), PLAIN),
    Row("a status that says no, whoever said it", plain(http(451, "", "x", 300, url=PLAIN.url)), ("insufficient", "http", "http.blockpage"), (PAGE,), PLAIN),
    Row("today's headline", plain(http(200, "News of today", "y", 400, url=PLAIN.url)), ("ok", None, None), (PAGE,), PLAIN),
    Row("sent to a block page", plain(http(302, "", "r", 0, url=PLAIN.url, location="http://warning.gov.example.kz/")),
        ("blocked", "http", "http.redirect"), (PAGE,), PLAIN),
    Row("sent to its own other name", plain(http(302, "", "r", 0, url=PLAIN.url, location="http://kz.plain.example/")),
        ("blocked", "http", "http.blockpage"), (PAGE,), PLAIN),
    Row("plain reset", plain(http(failure=names.RESET, url=PLAIN.url)), ("likely_blocked", "http", "http.reset"), (PAGE,), PLAIN),
    Row("plain reset for one name only",
        (*plain(http(failure=names.RESET, url=PLAIN.url)), replace(http(), role="name_control"), replace(http(failure=names.RESET), role="again")),
        ("likely_blocked", "http", "http.reset.host"), (PAGE,), PLAIN),
    Row("an answer from where no resolver is", (dns(failure=names.TIMEOUT), replace(dns(FAR), role="no_resolver")),
        ("blocked", "dns", "dns.injection.other")),
    Row("nothing measured", (), ("insufficient", None, None)),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_judge_is_fair(row: Row) -> None:
    got = verdict(row.steps, row.control, target=row.target)
    assert (got.state, got.stage, got.mechanism) == row.expected, got.rule


@given(st.data())
def test_the_order_of_steps_and_controls_means_nothing(data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(ROWS))
    steps = data.draw(st.permutations(list(row.steps)))
    control = data.draw(st.permutations([*row.control, PAGE]))
    assert verdict(steps, control, target=row.target) == verdict(
        row.steps, [*row.control, PAGE], target=row.target
    )


def test_a_dead_line_masks_whatever_fails() -> None:
    got = verdict(DEAD, peers=[(PEER, PEER_DEAD)])
    assert (got.state, got.stage, got.mechanism) == ("insufficient", "line", "line.down")


def test_silence_after_every_hello_of_a_round_shows_only_that_the_line_carries_none() -> None:
    peer = (dns(OTHER, host="peer.kz"), tcp(OTHER), tls(OTHER, names.TIMEOUT, name="peer.kz"))
    got = verdict(aba(names.TIMEOUT, harmless=names.TIMEOUT), peers=[(PEER, peer)])
    assert (got.state, got.mechanism, got.rule) == ("insufficient", "tls.timeout", "no_witness_of_layer")
    assert verdict(aba(names.TIMEOUT), peers=[(PEER, peer)]).state == "likely_blocked"


def test_a_bare_connection_that_is_reset_at_once_does_not_stand() -> None:
    door = Target(id="door", url="tcp://185.1.1.10:443", category="messenger", side="foreign")
    reset = (tcp(), tcp(failure=names.RESET, role="silent"))
    got = verdict(reset, [(tcp(),)], target=door)
    assert (got.state, got.mechanism) == ("likely_blocked", "tcp.reset")
    assert verdict(reset, [reset], target=door).state == "down"


def test_one_target_alone_is_no_witness_of_the_line() -> None:
    assert verdict(DEAD, peers=[]).state == "insufficient"


def test_a_resolver_that_answers_nobody_is_not_blamed_on_a_censor() -> None:
    silent = (dns(failure=names.TIMEOUT, host="peer.kz"), tcp(OTHER, role="known_address"))
    got = verdict((dns(failure=names.TIMEOUT),), peers=[(PEER, silent)])
    assert (got.state, got.mechanism, got.rule) == ("insufficient", "dns.timeout", "own_resolver_silent")


def test_many_foreign_sites_silent_at_once_need_no_control() -> None:
    others = [
        (Target(id=f"f{n}", url=f"https://f{n}.example/", category="news", side="foreign"), DEAD)
        for n in range(2)
    ]
    got = verdict(DEAD, (), peers=[(PEER, PEER_WELL), *others])
    assert (got.state, got.mechanism, got.rule) == ("likely_blocked", "tcp.timeout", "foreign_links_cut")


def test_an_allowlist_is_told_by_what_little_works() -> None:
    foreign = [
        (Target(id=f"f{n}", url=f"https://f{n}.example/", category="news", side="foreign"), DEAD)
        for n in range(3)
    ]
    silent = aba(names.TIMEOUT)
    domestic = [
        (Target(id=f"d{n}", url=f"https://d{n}.kz/", category="bank", side="domestic"), silent)
        for n in range(2)
    ]
    shut = Target(id="shut", url="https://site.example/", category="bank", side="domestic")
    got = verdict(silent, (), target=shut, peers=[(PEER, PEER_WELL), *foreign, *domestic])
    assert (got.state, got.mechanism, got.rule) == ("likely_blocked", "tls.timeout.sni", "allowlist_only")


DOOR = Target(id="door", url="tcp://185.1.1.10:443", category="messenger", side="foreign")


def test_a_bare_connection_proves_nothing_where_somebody_accepts_for_all() -> None:
    line = read_line([(DOOR, (tcp(),)), (SITE, DEAD)], "yes", 0, 1, stand_in=(443,))
    assert (line.connected, line.ok, line.mode) == (0, 0, "down")
    got = judge(DOOR, [tcp(), line], [], Signatures(common_names=frozenset(), sha1=frozenset()), AT)
    assert (got.state, got.mechanism, got.rule) == ("insufficient", "line.down", "own_line_down")
    beside = read_line([(DOOR, (tcp(),)), (SITE, WELL)], "yes", 0, 1, stand_in=(443,))
    got = judge(DOOR, [tcp(), beside], [], Signatures(common_names=frozenset(), sha1=frozenset()), AT)
    assert (got.state, got.rule) == ("insufficient", "accepted_by_a_stand_in")


def test_a_portal_answers_for_everybody_and_accuses_nobody() -> None:
    login = plain(http(302, "", "r", 0, url=PLAIN.url, location="http://login.hotel.example/"))
    other = Target(id="q", url="http://other.example/", category="news", side="foreign")
    got = verdict(
        login,
        (PAGE,),
        target=PLAIN,
        peers=[(other, login), (SITE, (dns(TRUE), tcp(), tls(failure=names.RESET)))],
    )
    assert (got.state, got.mechanism) == ("insufficient", "line.captive_portal")


def test_a_published_interceptor_needs_no_control() -> None:
    known = Signatures(common_names=frozenset({"qaznet trust network"}), sha1=frozenset({"ab"}))
    by_name = [leaf("x", issuer="C=KZ,CN=Qaznet Trust Network")]
    by_print = [leaf("x"), Certificate(subject="CN=i", issuer="CN=r", sha256="s", sha1="AB")]
    for chain in (by_name, by_print):
        steps = (*HELLO, tls(failure=names.SSL_AUTHORITY, chain=chain))
        got = verdict(steps, (), signatures=known)
        assert (got.state, got.mechanism, got.rule) == ("blocked", "tls.mitm.ca_signed", "known_interceptor")


def test_a_control_that_is_too_old_or_was_offline_says_nothing() -> None:
    offline = (*DEAD, read_line([(SITE, DEAD), (PEER, PEER_DEAD)], "yes", 0, 1))
    old = measured(SITE, WELL, at="2026-05-01T12:00:00.000Z")
    line = read_line([(SITE, DEAD), (PEER, PEER_WELL)], "yes", 0, 1)
    for control in (measured(SITE, offline), old):
        got = judge(
            SITE, [*DEAD, line], [control], Signatures(common_names=frozenset(), sha1=frozenset()), AT
        )
        assert (got.state, got.rule) == ("insufficient", "no_control")


def test_every_rule_has_a_name_and_a_reason() -> None:
    for rule in RULES:
        assert rule.__doc__
    assert len({rule.__name__ for rule in RULES}) == len(RULES)


def test_the_table_knows_which_addresses_a_control_could_reach() -> None:
    table = ControlTable(
        [measured(SITE, (dns(TRUE, FAR), tcp(TRUE), tcp(FAR, names.TIMEOUT), tls(), http()))]
    )
    assert table.addresses("SITE.example") == (TRUE,)
    assert table.addresses("unknown.example") == ()
    assert len(table) == 1
