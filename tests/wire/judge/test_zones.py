"""Scenario table of the judge for a zone's name servers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from tests.wire.judge.scenes import PEER, PEER_DEAD, PEER_WELL, dns, verdict
from wire import names
from wire.judge import read_line
from wire.records import Step, Target

ZONE = Target(id="zone/test", url="zone://test", category="kz", side="domestic")
HERE = (
    replace(dns("ns1.test", "ns2.test", host="test"), qtype="NS"),
    replace(dns("185.1.1.10", host="ns1.test"), role="resolver"),
)
PROXY = "unknown_failure: an answer without authority"


def ns(failure: str | None = None, *, by: str = "udp", address: str = "185.1.1.10", rcode: str = "") -> Step:
    bare = dns(host="test", failure=failure, qtype="SOA")
    return replace(
        bare, role="ns", address=address, transport=by, rcode=rcode or ("" if failure else "NOERROR")
    )


WELL = (*HERE, ns(), ns(by="tcp"))
SILENT = (*HERE, ns(names.TIMEOUT), ns(names.TIMEOUT, by="tcp"))
V6 = "2a00:1::1"


class Row(NamedTuple):
    name: str
    steps: Sequence[Step]
    control: Sequence[Sequence[Step]]
    expected: tuple[str, str | None, str | None]
    rule: str


ROWS = (
    Row("all answer", WELL, (), ("ok", None, None), "zone_answers"),
    Row("one is silent", (*WELL, ns(names.TIMEOUT, address="185.2.2.2")), (), ("ok", None, None), "zone_answers_in_part"),
    Row("UDP is silent, TCP is not", (*HERE, ns(names.TIMEOUT), ns(by="tcp")), (WELL,), ("ok", None, None), "zone_answers_in_part"),
    Row("no IPv6 on this line", (*WELL, ns(names.NETWORK_UNREACHABLE, address=V6)), (), ("ok", None, None), "zone_answers"),
    Row("all silent here", SILENT, (WELL,), ("likely_blocked", "dns", "dns.timeout"), "fails_here_only"),
    Row("all silent everywhere", SILENT, (SILENT,), ("down", "dns", None), "down_everywhere"),
    Row("all silent, nobody to ask", SILENT, (), ("insufficient", "dns", "dns.timeout"), "no_control"),
    Row("a proxy answers for all", (*HERE, ns(PROXY, rcode="NOERROR"), ns(names.TIMEOUT, by="tcp")), (WELL,), ("insufficient", "dns", None), "zone_answered_by_another"),
    Row("all refuse us", (*HERE, ns(names.DNS_REFUSED, rcode="REFUSED")), (WELL,), ("likely_blocked", "dns", "dns.refused"), "fails_here_only"),
    Row("the zone's name servers are denied", (dns(host="test", failure=names.DNS_NXDOMAIN, qtype="NS"),), (WELL,), ("likely_blocked", "dns", "dns.nxdomain"), "fails_here_only"),
    Row("the name servers have no address here", (HERE[0], replace(dns(host="ns1.test", failure=names.DNS_SERVFAIL), role="resolver")), (WELL,),
        ("likely_blocked", "dns", "dns.servfail"), "fails_here_only"),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_judge_is_fair(row: Row) -> None:
    got = verdict(row.steps, row.control, target=ZONE)
    assert ((got.state, got.stage, got.mechanism), got.rule) == (row.expected, row.rule)


def test_a_dead_line_blames_no_name_server() -> None:
    assert verdict(SILENT, (WELL,), target=ZONE, peers=[(PEER, PEER_DEAD)]).mechanism == "line.down"


def test_a_zone_that_answers_counts_for_the_line_and_not_for_the_resolver() -> None:
    line = read_line([(ZONE, WELL), (PEER, PEER_WELL)], "yes", 0, 0.1)
    assert (line.ok, line.domestic_ok) == (2, 2)
    assert read_line([(ZONE, WELL)], "yes", 0, 0.1).resolver_answers == ""
