"""A handshake that ends otherwise here than for a control at the same address: rows guilty and innocent."""

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
    PEER_WELL,
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
)
from wire import names
from wire.judge import NO_SIGNATURES, judge, read_line
from wire.records import Step

ELSE = [leaf("another", subject="CN=elsewhere.example")]
BOTH = (dns(TRUE, OTHER), tcp(), tcp(OTHER))
AT_OTHER = (*BOTH, tls(OTHER), http())
HARMLESS = tls(role="name_control", name="example.com", chain=ELSE)


def said(step: Step, what: str = "alert 40") -> Step:
    return replace(step, failure=names.SSL_HANDSHAKE, chain=(), peer_said=what, answered=True)


DECLINED = said(tls())
AGAIN = said(tls(role="again"))
HARMLESS_DECLINED = said(HARMLESS, "alert 112")
ANOTHERS = tls(failure=names.SSL_HOSTNAME, chain=ELSE)


class Row(NamedTuple):
    name: str
    steps: Sequence[Step]
    expected: tuple[str, str | None, str | None]
    control: Sequence[Sequence[Step]] = (WELL,)


def forged(address: str = TRUE, chain: Sequence[object] = FORGED) -> Step:
    return tls(address, names.SSL_AUTHORITY, chain=chain)  # type: ignore[arg-type]  # leaves of this table


OK = ("ok", None, None)
UNSAID = ("insufficient", "tls", "tls")
ROWS = (
    Row("forged at one address, true at the other", (*BOTH, forged(), tls(OTHER), http()), ("blocked", "tls", "tls.mitm.ca_signed")),
    Row("forged at one address, signed by itself", (*BOTH, forged(chain=ALONE), tls(OTHER), http()), ("blocked", "tls", "tls.mitm.self_signed")),
    Row("forged at the resolver's address, true at the control's",
        (dns(TRUE), tcp(), forged(), tcp(OTHER, role="known_address"), tls(OTHER, role="known_address")),
        ("blocked", "tls", "tls.mitm.ca_signed")),
    Row("forged at one address, and no page at the other",
        (*BOTH, forged(), tls(OTHER), http(failure=names.TIMEOUT)), ("blocked", "tls", "tls.mitm.ca_signed")),
    Row("one of two machines broken, for the control too", (*BOTH, forged(chain=ALONE), tls(OTHER), http()), OK,
        [(*BOTH, forged(chain=ALONE), tls(OTHER), http())]),
    Row("one of two machines broken, the control looked at the other", (*BOTH, forged(chain=ALONE), tls(OTHER), http()), OK, [AT_OTHER]),
    Row("two controls, one was shown the same leaf", (*BOTH, forged(chain=ALONE), tls(OTHER), http()), OK,
        [WELL, (*BOTH, forged(chain=ALONE), tls(OTHER), http())]),
    Row("a wrong certificate at one address, nobody to compare with", (*BOTH, forged(), tls(OTHER), http()), OK, ()),
    Row("another machine, unknown to the control, with a chain of its own",
        (dns(FAR, TRUE), tcp(FAR), tcp(), forged(FAR), tls(), http()), OK),
    Row("the harmless name's certificate means nothing",
        (*HELLO, tls(), tls(failure=names.SSL_AUTHORITY, role="name_control", name="example.com", chain=FORGED), http()), OK),
    Row("another's certificate at a control's address", (*HELLO, ANOTHERS), ("likely_blocked", "tls", "tls.mitm")),
    Row("another's certificate, time and again", (*HELLO, ANOTHERS, replace(ANOTHERS, role="again")), ("likely_blocked", "tls", "tls.mitm")),
    Row("another's certificate at both addresses, one of them the control's",
        (*BOTH, ANOTHERS, replace(ANOTHERS, address=OTHER)), ("likely_blocked", "tls", "tls.mitm")),
    Row("another's certificate at one address, silence at the other", (*BOTH, ANOTHERS, tls(OTHER, names.TIMEOUT)), ("likely_blocked", "tls", "tls.timeout")),
    Row("another's certificate once, then the true one", (*HELLO, ANOTHERS, tls(role="again")), ("insufficient", "line", "line.lossy")),
    Row("another's certificate, and silence a moment later", (*HELLO, ANOTHERS, tls(failure=names.TIMEOUT, role="again")), UNSAID),
    Row("another's certificate everywhere", (*HELLO, ANOTHERS), ("down", "tls", None), [(*HELLO, ANOTHERS)]),
    Row("another's certificate, nobody to compare with", (*HELLO, ANOTHERS), UNSAID, ()),
    Row("another's certificate where the control never was", (dns(OTHER), tcp(OTHER), replace(ANOTHERS, address=OTHER)), UNSAID),
    Row("another's certificate, which one control was shown too", (*HELLO, ANOTHERS), UNSAID, [WELL, (*HELLO, ANOTHERS), (*WELL, replace(ANOTHERS, hop=0))]),
    Row("an alert for one name", (*HELLO, DECLINED, HARMLESS, AGAIN), ("likely_blocked", "tls", "tls")),
    Row("an alert for one name, to a harmless one an untrusted certificate",
        (*HELLO, DECLINED, replace(HARMLESS, failure=names.SSL_AUTHORITY), AGAIN), ("likely_blocked", "tls", "tls")),
    Row("an alert for every name", (*HELLO, DECLINED, HARMLESS_DECLINED, AGAIN), UNSAID),
    Row("an alert for one name, and now and then for a harmless one",
        (*HELLO, DECLINED, HARMLESS, AGAIN, HARMLESS_DECLINED), UNSAID),
    Row("an alert, no name compared", (*HELLO, DECLINED), UNSAID),
    Row("an alert, the wanted name not tried again", (*HELLO, DECLINED, HARMLESS), UNSAID),
    Row("an alert once, then it works", (*HELLO, DECLINED, HARMLESS, tls(role="again")), ("insufficient", "line", "line.lossy")),
    Row("an alert for one name everywhere", (*HELLO, DECLINED, HARMLESS, AGAIN), ("down", "tls", None), [(*HELLO, DECLINED, HARMLESS, AGAIN)]),
    Row("an alert for one name, nobody to compare with", (*HELLO, DECLINED, HARMLESS, AGAIN), UNSAID, ()),
    Row("an alert where the control never was",
        (dns(OTHER), tcp(OTHER), *(replace(step, address=OTHER) for step in (DECLINED, HARMLESS, AGAIN))), UNSAID),
    Row("a handshake that this machine itself broke off",
        (*HELLO, replace(DECLINED, peer_said=""), HARMLESS, replace(AGAIN, peer_said="")), UNSAID),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_judge_is_fair(row: Row) -> None:
    got = verdict(row.steps, row.control)
    assert (got.state, got.stage, got.mechanism) == row.expected, got.rule


@given(st.data())
def test_the_order_of_steps_means_nothing(data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(ROWS))
    steps = data.draw(st.permutations(list(row.steps)))
    assert verdict(steps, row.control) == verdict(row.steps, row.control)


@pytest.mark.parametrize(
    ("made_at", "state"),
    [("2026-11-19T12:30:00.000Z", "blocked"), ("2026-11-18T12:00:00.000Z", "ok"), ("2026-05-01T12:00:00.000Z", "ok")],
)  # fmt: skip
def test_only_a_control_of_the_last_day_speaks_for_one_machine_of_several(made_at: str, state: str) -> None:
    steps = (*BOTH, forged(), tls(OTHER), http())
    line = read_line([(SITE, steps), (PEER, PEER_WELL)], "yes", 0, 0.1)
    got = judge(SITE, [*steps, line], [measured(SITE, WELL, made_at)], NO_SIGNATURES, AT)
    assert got.state == state


@pytest.mark.parametrize("steps", [(*HELLO, ANOTHERS), (*HELLO, DECLINED, HARMLESS, AGAIN)])
def test_an_older_control_leaves_a_servers_own_choice_open(steps: Sequence[Step]) -> None:
    line = read_line([(SITE, steps), (PEER, PEER_WELL)], "yes", 0, 0.1)
    got = judge(SITE, [*steps, line], [measured(SITE, WELL, "2026-11-15T12:00:00.000Z")], NO_SIGNATURES, AT)
    assert (got.state, got.rule) == ("insufficient", "refused_handshake")
