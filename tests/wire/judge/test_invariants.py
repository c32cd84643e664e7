"""What must hold of every verdict, whatever was seen: drawn worlds, most of which no network ever made."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Final, get_args

from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace

from tests.wire.judge import test_handshakes, test_rules
from tests.wire.judge.scenes import (
    AT,
    FAR,
    OTHER,
    PEER,
    PEER_DEAD,
    PEER_WELL,
    SITE,
    TRUE,
    dns,
    http,
    leaf,
    measured,
    tcp,
    tls,
)
from wire import names
from wire.judge import NO_SIGNATURES, RULES, ControlTable, judge, read_line
from wire.judge.ageing import RESTS_ON_CONTROLS
from wire.judge.trail import LAST_STAGE
from wire.names import MECHANISMS, STATES, Stage
from wire.records import Certificate, Step, Target, Verdict

ADDRESSES: Final = (TRUE, OTHER, FAR, "10.6.6.6", "2a00:1::1")
FAILURES: Final = (
    None, names.TIMEOUT, names.RESET, names.REFUSED, names.EOF, names.HOST_UNREACHABLE, names.NETWORK_UNREACHABLE,
    names.SSL_AUTHORITY, names.SSL_CERTIFICATE, names.SSL_HANDSHAKE, names.SSL_HOSTNAME, names.DNS_NXDOMAIN,
    names.DNS_SERVFAIL, names.DNS_REFUSED, names.DNS_NO_ANSWER, "unknown_failure: whatever",
)  # fmt: skip
ROLES: Final = (
    "",
    "again",
    "name_control",
    "known_address",
    "public",
    "no_resolver",
    "silent",
    "given_address",
)
CHAINS: Final[tuple[tuple[Certificate, ...], ...]] = ((), (leaf(),), (leaf("forged", "CN=Somebody"),))
ACCUSING: Final = frozenset({"blocked", "likely_blocked", "impaired"})
# They rest on what this machine alone has seen, not on a control.
WITHOUT_CONTROL: Final = frozenset(
    {
        "known_interceptor", "throttled_name", "throttled_page", "injected_answer", "bogon_answer", "forged_answer",
        "forged_by_resolver", "only_the_resolver_denies", "foreign_links_cut", "allowlist_only", "known_block_page",
        "sunk_with_others",
    }
)  # fmt: skip

# Drawn from a pool, since to draw each field of a step costs more than the judge.
BARE: Final = (
    dns(), *(dns(one) for one in ADDRESSES), dns(TRUE, FAR), *(tcp(one) for one in ADDRESSES),
    *(tls(one, chain=chain) for one in ADDRESSES for chain in CHAINS),
    *(http(status, title) for status in (200, 302, 403, 451, 503) for title in ("News of today", "")),
)  # fmt: skip
POOL: Final = tuple(
    replace(step, failure=failure, role=role, hop=hop, t0=t0)
    for number, (step, failure, role) in enumerate(product(BARE, FAILURES, ROLES))
    for hop, t0 in ((0, float(number % 80)), *(((number % 3, 0.5),) if number % 7 == 0 else ()))
)
seen = st.lists(st.sampled_from(POOL), max_size=8)
peers = st.sampled_from(((PEER, PEER_WELL), (PEER, PEER_DEAD)))
schemes = st.sampled_from(sorted(LAST_STAGE))


def target_of(scheme: str) -> Target:
    rest = "9.9.9.9/site.example" if scheme in {"dns", "dot", "doh"} else "site.example/"
    return replace(SITE, url=f"{scheme}://{rest}")


def said(
    steps: Sequence[Step],
    control: Sequence[Sequence[Step]] = (),
    peer: tuple[Target, Sequence[Step]] = (PEER, PEER_WELL),
    target: Target = SITE,
) -> Verdict:
    line = read_line([(target, steps), peer], "yes", 0, 0.1)
    table = ControlTable(measured(target, one) for one in control)
    return judge(target, [*steps, line], table.of(target), NO_SIGNATURES, AT)


@given(seen, st.lists(seen, max_size=2), peers, schemes)
def test_a_verdict_is_made_of_the_words_of_the_contract(
    steps: list[Step], control: list[list[Step]], peer: tuple[Target, Sequence[Step]], scheme: str
) -> None:
    got = said(steps, control, peer, target_of(scheme))
    assert got.state in STATES
    assert got.stage in (None, "line", *get_args(Stage))
    assert got.mechanism in (None, *MECHANISMS)
    assert got.rule in {rule.__name__ for rule in RULES}


@given(seen, st.lists(seen, max_size=2), peers, schemes)
def test_what_is_well_has_no_mechanism_and_what_is_accused_has_one(
    steps: list[Step], control: list[list[Step]], peer: tuple[Target, Sequence[Step]], scheme: str
) -> None:
    got = said(steps, control, peer, target_of(scheme))
    if got.state == "ok":
        assert (got.stage, got.mechanism) == (None, None)
    if got.state in ACCUSING:
        assert got.mechanism
        family = got.mechanism.partition(".")[0]
        assert got.stage == family or (got.stage, family) in {("tcp", "ip"), ("http", "ip")}


@given(seen, peers, schemes)
def test_nobody_is_accused_without_a_control_but_on_evidence_from_here(
    steps: list[Step], peer: tuple[Target, Sequence[Step]], scheme: str
) -> None:
    got = said(steps, (), peer, target_of(scheme))
    assert got.state not in ACCUSING or got.rule in WITHOUT_CONTROL
    assert got.controls is UNSET


@given(seen, schemes)
def test_a_dead_line_accuses_nobody_of_a_silence(steps: list[Step], scheme: str) -> None:
    silent = [replace(step, failure=names.TIMEOUT, answers=(), chain=(), answered=False) for step in steps]
    got = said(silent, [silent], (PEER, PEER_DEAD), target_of(scheme))
    assert got.state not in ACCUSING


@given(seen)
def test_what_the_control_saw_just_so_is_never_likely_blocked(steps: list[Step]) -> None:
    ours = [step for step in steps if step.role == "" and not step.hop]
    got = said(ours, [ours])
    assert got.state != "likely_blocked", got.rule


@given(seen, st.lists(seen, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_no_order_means_anything(steps: list[Step], control: list[list[Step]], chance: object) -> None:
    mixed, others = list(steps), list(control)
    chance.shuffle(mixed)  # type: ignore[attr-defined]  # a random.Random of hypothesis
    chance.shuffle(others)  # type: ignore[attr-defined]  # as above
    assert said(mixed, others) == said(steps, control)


@given(seen, st.lists(seen, max_size=2), schemes)
def test_the_line_is_read_without_complaint(steps: list[Step], others: list[list[Step]], scheme: str) -> None:
    target = target_of(scheme)
    line = read_line([(target, steps), *((SITE, one) for one in others)], "", 0, 0)
    assert 0 <= line.ok <= line.tried == 1 + len(others)
    assert line.foreign_ok <= line.foreign_tried
    assert line.domestic_ok <= line.domestic_tried
    assert line.flaky <= line.tried
    assert line.mode in {"", "down", "portal", "normal", "foreign_cut", "allowlist"}


def test_a_verdict_that_is_another_without_the_controls_names_them() -> None:
    rows = [*test_rules.ROWS, *((*row, SITE) for row in test_handshakes.ROWS)]
    for name, steps, _, control, target in rows:
        got, alone = said(steps, control, target=target), said(steps, (), target=target)
        differs = (got.state, got.mechanism) != (alone.state, alone.mechanism)
        if differs and got.controls is UNSET:
            assert got.rule not in RESTS_ON_CONTROLS, name
            assert got.state not in ACCUSING, f"{name}: {got.rule} rests on controls and does not name them"
