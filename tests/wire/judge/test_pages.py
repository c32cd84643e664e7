"""Scenario table of the judge for plain pages: block pages, and sites that only look like them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from tests.wire.judge.scenes import (
    AT,
    FAR,
    OTHER,
    PEER,
    PEER_WELL,
    PLAIN,
    SITE,
    TRUE,
    dns,
    http,
    leaf,
    measured,
    tcp,
    tls,
    verdict,
)
from wire import names
from wire.judge import NO_SIGNATURES, ControlTable, judge, read_line
from wire.records import Step, Target

URL = PLAIN.url
KNOWN, HINT = "ooni.ru_0", "hint.ru_decision"


def visit(*pages: Step) -> tuple[Step, ...]:
    return dns(TRUE, host="plain.example"), tcp(), *pages


def page(
    title: str = "News of today",
    body: str = "b",
    size: int = 9000,
    status: int = 200,
    *,
    known: str = "",
    to: str = "",
    hop: int = 0,
) -> Step:
    return replace(http(status, title, body, size, url=URL, location=to, hop=hop), fingerprint=known)


def again(step: Step) -> Step:
    return replace(step, role="again", t0=3.0, t=3.1)


WELL = visit(page())
ODD = page("Poem of the hour", "o1", 200)
ODDER = page("Riddle of the hour", "o2", 700)
BLOCK = page("Blocked", "x", 300)
ARTICLE = page("How sites are blocked", "art", 8000, known=KNOWN)
SENT = page("", "r", 0, 302, to="http://notice.example.kz/")
ELSEWHERE = page("", "r", 0, 302, to="http://other.example.net/")
NEXT = (replace(dns(OTHER, host="www.site.example"), hop=1), tcp(OTHER, hop=1))
FIRST = (dns(TRUE), tcp(), tls(), http(301, "", "m", 0, location="https://www.site.example/"))
DEAD_NEXT = (*FIRST, replace(dns(OTHER, host="www.site.example"), hop=1), tcp(OTHER, names.TIMEOUT, hop=1))
WELL_NEXT = (
    *FIRST,
    *NEXT,
    replace(tls(OTHER, name="www.site.example", chain=[leaf("w")]), hop=1),
    http(url="https://www.site.example/", hop=1),
)
WELL_HERE = (dns(TRUE), tcp(), tls(), http())
GONE = (dns(failure=names.DNS_NXDOMAIN, host="plain.example"),)


class Row(NamedTuple):
    name: str
    steps: Sequence[Step]
    control: Sequence[Sequence[Step]]
    expected: tuple[str, str | None, str | None]
    rule: str
    target: Target = PLAIN


ROWS = (
    Row("a page like none, twice the same", (*visit(BLOCK), again(BLOCK)), (WELL,), ("blocked", "http", "http.blockpage"), "block_page"),
    Row("a page like none, another one at the second visit", (*visit(ODD), again(ODDER)), (WELL,), ("insufficient", "http", None), "differs_per_visit"),
    Row("the controls' pages differ from each other", visit(BLOCK), (WELL, visit(ODD)), ("insufficient", "http", None), "differs_per_visit"),
    Row("the controls' pages differ, and ours is one of them", visit(ODD), (WELL, visit(ODD)), ("ok", None, None), "works_as_control"),
    Row("a redirect to a stranger, twice the same", (*visit(SENT), again(SENT)), (WELL,), ("blocked", "http", "http.redirect"), "block_redirect"),
    Row("a redirect to a stranger, another one at the second visit", (*visit(SENT), again(ELSEWHERE)), (WELL,), ("insufficient", "http", None), "differs_per_visit"),
    Row("a known block page, no control", visit(page("Доступ", "x", 300, known=KNOWN)), (), ("blocked", "http", "http.blockpage"), "known_block_page"),
    Row("a known block page, anew at each visit", (*visit(page("a", "x", 300, known=KNOWN)), again(page("b", "y", 900, known=KNOWN))), (WELL,),
        ("blocked", "http", "http.blockpage"), "known_block_page"),
    Row("a known redirect, no control", visit(page("", "r", 0, 302, known="ooni.ru_6", to="http://warning.rt.ru")), (), ("blocked", "http", "http.redirect"), "known_block_page"),
    Row("an article about blocking", visit(ARTICLE), (visit(ARTICLE),), ("ok", None, None), "works_as_control"),
    Row("an article about blocking, rewritten since", visit(page("Other words", "n", 900, known=KNOWN)), (visit(ARTICLE),), ("blocked", "http", "http.blockpage"), "block_page"),
    Row("a hint, no control", visit(page("Доступ", "x", 300, known=HINT)), (), ("insufficient", "http", None), "page_without_control"),
    Row("a hint, and the control got another page", visit(page("Доступ", "x", 300, known=HINT)), (WELL,), ("blocked", "http", "http.blockpage"), "known_block_page"),
    Row("a known block page at an address that nobody else got",
        (dns(FAR, host="plain.example"), tcp(FAR), page("Доступ", "x", 300, known=KNOWN)), (WELL,), ("blocked", "dns", "dns.injection.blockpage"), "known_block_page"),
    Row("a proxy on the way adds its headers", visit(replace(page(), headers={"via": "1.1 proxy", "x-cache": "HIT"})), (WELL,), ("ok", None, None), "works_as_control"),
    Row("it sends itself round and round, for everybody", visit(SENT, *(replace(SENT, hop=n) for n in range(1, 11))),
        (visit(SENT, *(replace(SENT, hop=n) for n in range(1, 11))),), ("ok", None, None), "works_as_control"),
    Row("its Location leads nowhere, for everybody", visit(page("", "r", 0, 302)), (visit(page("", "r", 0, 302)),), ("ok", None, None), "works_as_control"),
    Row("it sends to a host that does not exist, for everybody", (*visit(page("", "r", 0, 302, to="http://gone.example/")), replace(dns(failure=names.DNS_NXDOMAIN, host="gone.example"), hop=1)),
        ((*visit(page("", "r", 0, 302, to="http://gone.example/")), replace(dns(failure=names.DNS_NXDOMAIN, host="gone.example"), hop=1)),), ("down", "dns", None), "down_everywhere"),
    Row("sent on to a host that is silent here", DEAD_NEXT, (WELL_NEXT,), ("likely_blocked", "tcp", "tcp.timeout"), "fails_here_only", SITE),
    Row("sent on to a host that is silent everywhere", DEAD_NEXT, (DEAD_NEXT,), ("down", "tcp", None), "down_everywhere", SITE),
    Row("sent on to a host where no control was sent", DEAD_NEXT, (WELL_HERE,), ("insufficient", "tcp", "tcp.timeout"), "redirected_elsewhere", SITE),
    Row("an error that no control saw: whose, nobody can say", visit(page("403 Forbidden", "f", 150, 403)), (WELL,), ("insufficient", "http", "http.blockpage"), "turned_away"),
    Row("too many visits, says somebody", visit(page("", "f", 20, 429)), (WELL,), ("insufficient", "http", "http.blockpage"), "turned_away"),
    Row("an error in the words of the law", visit(page("Доступ ограничен", "f", 150, 451, known=HINT)), (WELL,), ("blocked", "http", "http.blockpage"), "known_block_page"),
    Row("a riddle for robots", visit(page("One moment", "q", 900, known="own.en_human")), (WELL,), ("insufficient", "http", "http.blockpage"), "turned_away"),
    Row("a riddle for robots, everywhere", visit(page("One moment", "q", 900, known="own.en_human")), (visit(page("One moment", "p", 900, known="own.en_human")),),
        ("ok", None, None), "works_as_control"),
    Row("a long page in another language", visit(page("Бүгінгі жаңалықтар", "kk", 9100)), (WELL,), ("insufficient", "http", None), "page_without_control"),
    Row("another page at another address, and the control's own address has it too",
        (dns(FAR, host="plain.example"), tcp(FAR), page("Kazakh edition", "k", 900), replace(page("Kazakh edition", "k", 900), role="known_address")), (WELL,),
        ("insufficient", "http", None), "page_without_control"),
    Row("another page at another address, and the control's own address has the control's",
        (dns(FAR, host="plain.example"), tcp(FAR), page("No", "k", 90, 403), replace(page(), role="known_address")), (WELL,),
        ("blocked", "dns", "dns.injection.blockpage"), "block_page"),
    Row("a name that exists nowhere, at an address that nobody has", (dns("10.1.2.3", host="plain.example"), tcp("10.1.2.3", names.TIMEOUT)), (GONE,),
        ("insufficient", "dns", "dns.injection.bogon"), "invented_answer"),
    Row("a name that exists nowhere, at an ordinary address", (dns(FAR, host="plain.example"), tcp(FAR), page()), (GONE,),
        ("insufficient", "dns", "dns.injection.other"), "invented_answer"),
    Row("a name that one of two controls knows", (dns(TRUE, host="plain.example"), tcp(), page()), (GONE, WELL), ("ok", None, None), "works_as_control"),
    Row("a name that is newer than the control", WELL_HERE, ((dns(failure=names.DNS_NXDOMAIN),),), ("ok", None, None), "works_authenticated", SITE),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_judge_is_fair(row: Row) -> None:
    got = verdict(row.steps, row.control, target=row.target)
    assert ((got.state, got.stage, got.mechanism), got.rule) == (row.expected, row.rule)


def test_many_names_sent_to_one_address_where_nothing_works_are_not_the_address_s_fault() -> None:
    steps = (dns(FAR, host="plain.example"), tcp(FAR, names.TIMEOUT))
    others = [
        (Target(id=f"f{n}", url=f"http://f{n}.example{n}/", category="news", side="foreign"), (dns(FAR, host=f"f{n}.example{n}"), tcp(FAR, names.TIMEOUT)))
        for n in range(2)
    ]  # fmt: skip
    line = read_line([(PLAIN, steps), (PEER, PEER_WELL), (SITE, WELL_HERE), *others], "yes", 0, 0.1)
    assert line.shared == (FAR,)
    for control, expected in (
        (WELL, ("likely_blocked", "dns.injection.other", "sunk_with_others")),
        (GONE, ("insufficient", "dns.injection.other", "invented_answer")),
        (
            visit(page(), replace(dns(FAR), host="plain.example")),
            ("likely_blocked", "tcp.timeout", "fails_here_only"),
        ),
    ):
        got = judge(
            PLAIN, [*steps, line], ControlTable([measured(PLAIN, control)]).of(PLAIN), NO_SIGNATURES, AT
        )
        assert (got.state, got.mechanism, got.rule) == expected
