"""Which controls may be used against a target, and which verdicts say so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from tests.wire.judge.scenes import AT, PEER, PEER_WELL, SITE, TRUE, WELL, dns, measured, tcp, tls
from wire import names
from wire.judge import NO_SIGNATURES, judge, read_line
from wire.records import Measurement, Step, Verdict
from wire.times import format_time, parse_time

DEAD = (dns(TRUE), tcp(failure=names.TIMEOUT))
NAMED = (
    dns(TRUE),
    tcp(),
    tls(failure=names.TIMEOUT),
    tls(failure=None, role="name_control", name="example.com"),
    tls(failure=names.TIMEOUT, role="again"),
)
HOUR, DAY = 3_600.0, 86_400.0


def control(
    steps: Sequence[Step], age_s: float = 0.0, who: str = "abroad", verdict: Verdict | None = None
) -> Measurement:
    at = format_time(parse_time(AT) - timedelta(seconds=age_s))
    return replace(measured(SITE, steps, at), probe=who, verdict=verdict or Verdict(state="ok"))


def said(steps: Sequence[Step], *controls: Measurement) -> Verdict:
    line = read_line([(SITE, steps), (PEER, PEER_WELL)], "yes", 0, 0.1)
    return judge(SITE, [*steps, line], controls, NO_SIGNATURES, AT)


@pytest.mark.parametrize(
    ("steps", "age_s", "state", "rule"),
    [
        (DEAD, 13 * DAY, "likely_blocked", "fails_here_only"),
        (DEAD, 15 * DAY, "insufficient", "only_old_controls"),
        (NAMED, 13 * DAY, "likely_blocked", "fails_here_only"),
        (NAMED, 15 * DAY, "likely_blocked", "only_old_controls"),
        (NAMED, 179 * DAY, "likely_blocked", "only_old_controls"),
        (NAMED, 181 * DAY, "insufficient", "no_control"),
    ],
)
def test_an_old_control_accuses_only_beside_other_evidence(
    steps: Sequence[Step], age_s: float, state: str, rule: str
) -> None:
    found = said(steps, control(WELL, age_s))
    assert (found.state, found.rule) == (state, rule)


def test_an_old_control_that_failed_too_says_nothing() -> None:
    assert said(NAMED, control(DEAD, 20 * DAY)).rule == "no_control"


def test_a_young_control_makes_the_old_one_silent() -> None:
    assert said(DEAD, control(WELL, 20 * DAY, "old"), control(DEAD, HOUR, "new")).state == "down"


def test_of_one_vantage_only_the_newest_view_counts() -> None:
    found = said(DEAD, control(WELL, 2 * HOUR), control(DEAD, 0))
    assert (found.state, found.controls) == ("down", ("abroad@2026-11-20T12:00Z",))


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict(state="blocked", stage="tls", mechanism="tls.mitm.ca_signed"),
        Verdict(state="likely_blocked", stage="tcp", mechanism="tcp.timeout"),
        Verdict(state="insufficient", stage="tls", mechanism="tls.timeout.sni", rule="no_control"),
        Verdict(state="insufficient", stage="line", mechanism="line.captive_portal"),
    ],
)
def test_a_vantage_that_is_hampered_itself_is_no_witness(verdict: Verdict) -> None:
    assert said(DEAD, control(DEAD, verdict=verdict)).rule == "no_control"


def test_a_vantage_without_a_control_of_its_own_is_one() -> None:
    alone = Verdict(state="insufficient", stage="tcp", mechanism="tcp.timeout", rule="no_control")
    assert said(DEAD, control(DEAD, verdict=alone)).state == "down"


@pytest.mark.parametrize(
    ("controls", "state"),
    [
        ((control(WELL, who="a"), control(WELL, who="b"), control(DEAD, who="c")), "likely_blocked"),
        ((control(WELL, who="a"), control(DEAD, who="b"), control(DEAD, who="c")), "down"),
        ((control(WELL, who="a"), control(DEAD, who="b")), "likely_blocked"),
        ((control(WELL, DAY, who="a"), control(DEAD, who="b")), "down"),
        ((control(WELL, who="a"), control(DEAD, DAY, who="b")), "likely_blocked"),
    ],
)
def test_where_controls_differ_the_majority_is_believed_and_else_the_newer_failure(
    controls: tuple[Measurement, ...], state: str
) -> None:
    assert said(DEAD, *controls).state == state
    assert said(DEAD, *reversed(controls)) == said(DEAD, *controls)


def test_two_runs_by_hand_are_two_vantages() -> None:
    runs = [
        replace(control(steps, age_s, "local"), id=f"{boot}-1")
        for steps, age_s, boot in ((WELL, 600, "aa"), (DEAD, 0, "bb"))
    ]
    assert said(DEAD, *runs).state == "likely_blocked"


def test_a_verdict_names_its_controls_only_where_they_mattered() -> None:
    assert said(DEAD, control(WELL)).controls == ("abroad@2026-11-20T12:00Z",)
    assert said(WELL, control(WELL)).controls is UNSET
    assert said(DEAD).controls is UNSET


def test_a_repeat_that_this_probe_held_back_names_no_name() -> None:
    held = Step(step="held", failure="unknown_failure: limit", t0=0.05, t=0.05, role="again", address=TRUE)
    found = said((*NAMED[:-1], held), control(WELL, 20 * DAY))
    assert (found.state, found.mechanism) == ("insufficient", "tls.timeout")
