from __future__ import annotations

from msgspec.structs import replace

from probes.core.explain import explain, reason
from tests.wire.judge.scenes import PEER, PEER_WELL, SITE, TRUE, dns, measured, tcp, tls, verdict
from wire import names
from wire.judge import read_line
from wire.records import Step

STEPS = (
    dns(TRUE),
    tcp(),
    tls(failure=names.TIMEOUT),
    tls(failure=None, role="name_control", name="example.com"),
    tls(failure=names.TIMEOUT, role="again"),
)


def test_a_person_reads_what_was_seen_and_why_it_was_judged_so() -> None:
    line = read_line([(SITE, STEPS), (PEER, PEER_WELL)], "yes", 1, 2)
    told = "\n".join(explain(replace(measured(SITE, [*STEPS, line]), verdict=verdict(STEPS))))
    assert "A of site.example by the system gave 185.1.1.10: done in 10 ms" in told
    assert "not one byte came back: generic_timeout_error after 10 ms" in told
    assert "with a harmless name" in told
    assert "own line: gateway yes, resolver yes, domestic 1 of 1, foreign 0 of 1" in told
    assert "It is likely blocked: it fails here and works elsewhere. [tls.timeout.sni]" in told
    assert "Rule fails_here_only: It fails here, works at a control, and the own line is well." in told


def test_a_rule_of_another_version_is_said_to_be_unknown() -> None:
    assert reason("later_rule") == "not known to this version"


def test_raw_packets_are_told_in_words() -> None:
    packets = Step(
        step="packet", failure=None, t0=1, t=2, address=TRUE, end_flag="RST", ttl_end=63, ttl_synack=52,
        censor_hop=3, hops_total=9,
    )  # fmt: skip
    race = Step(
        step="packet",
        failure=None,
        t0=1,
        t=2,
        host="site.example",
        ttl_answers=(200, 52),
        second_answers=(TRUE,),
    )
    told = "\n".join(explain(replace(measured(SITE, [packets, race]), verdict=verdict(STEPS))))
    assert f"raw packets of {TRUE}; RST with TTL 63 after a SYN-ACK with 52: sent by another machine" in told
    assert "the name is treated otherwise from hop 3 of 9 on" in told
    assert f"2 answers to one question, TTL (200, 52), later ones: {TRUE}" in told


def test_knocks_and_streams_are_told_in_words() -> None:
    steps = [
        Step(step="quic", failure=names.TIMEOUT, t0=0, t=1, address=TRUE, port=443, server_name="site.example"),
        Step(step="quic", failure=None, t0=1, t=2, address=TRUE, port=443, quic_answer="close", quic_error=0x178),
        Step(step="stream", failure=None, t0=2, t=3, address=TRUE, stream_state="frozen", age_s=61, bitrate_bps=90_000),
        Step(step="stream", failure=None, t0=3, t=4, address=TRUE, answered=True, status=401),
    ]  # fmt: skip
    told = "\n".join(explain(replace(measured(SITE, steps), verdict=verdict(STEPS))))
    assert f"knock by QUIC for site.example at {TRUE} port 443, not one packet came back" in told
    assert "answered by close 0x178" in told
    assert f"stream at {TRUE}: frozen, 90 kbit/s, 61 s old" in told
    assert f"stream at {TRUE}: it answers (401)" in told


def test_limits_ports_and_the_line_are_told_in_words() -> None:
    steps = [
        Step(
            step="dns", failure=None, t0=0, t=1, role="resolver", host="one.one", qtype="A", transport="dot"
        ),
        Step(step="held", failure="unknown_failure: own limit", t0=1, t=1, host="site.example", address=TRUE),
        Step(step="beacon", failure=None, t0=2, t=3, port=853, transport="tcp"),
        Step(step="line", failure=None, t0=3, t=3, portal=True, stand_in=(80, 443), budget="short"),
    ]
    judged = replace(verdict(STEPS), controls=("abroad@2026-11-20T12:00Z",))
    told = "\n".join(explain(replace(measured(SITE, steps), verdict=judged)))
    assert "by the system (dot) gave no address to find the resolver itself" in told
    assert f"no connection to {TRUE}: this probe's own limit for site.example was reached" in told
    assert "knock at port 853 by tcp" in told
    assert "a captive portal answers for all, somebody accepts every connection on port 80, 443" in told
    assert "data budget short" in told
    assert "Compared with abroad@2026-11-20T12:00Z" in told


def test_what_is_seen_of_pages_zones_and_clocks_is_told_in_words() -> None:
    bare = Step(step="dns", failure=None, t0=0.1, t=0.2)
    serial = replace(
        bare, role="ns", host="kz", resolver="ns.kz", qtype="SOA", transport="tcp", serial=2026112001
    )
    page = replace(bare, step="http", url="http://a.kz/", status=200, fingerprint="ooni.ru_0")
    line = replace(bare, step="line", clock_offset_s=-86_400.0, goodput_bps=8_000_000)
    told = "\n".join(explain(measured(SITE, [serial, page, line])))
    assert "SOA of kz by ns.kz, tcp, gave serial 2026112001 as name server of the zone" in told
    assert "known as block page ooni.ru_0" in told
    assert "this machine's clock is wrong by -86400 s, large pages at 8000 kbit/s" in told
