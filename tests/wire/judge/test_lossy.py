"""A line that loses packets accuses nobody; a censor on a sound line does not hide behind one lost packet."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from tests.wire.judge.scenes import (
    AT,
    OTHER,
    PEER,
    PEER_WELL,
    SITE,
    TRUE,
    WELL,
    dns,
    http,
    measured,
    tcp,
    tls,
)
from wire import names
from wire.judge import NO_SIGNATURES, judge, read_line, worked_later
from wire.judge.loss import is_lossy
from wire.records import Step, Target, Verdict

DEAD = (dns(TRUE), tcp(failure=names.TIMEOUT))
AGAIN = tuple(replace(step, role="again", t0=step.t0 + 5, t=step.t + 5) for step in WELL)
SLOW_START = replace(tcp(OTHER), t0=0.01, t=1.04, rtt_s=0.02)


def judged(steps: Sequence[Step], line: Step) -> Verdict:
    return judge(SITE, [*steps, line], [measured(SITE, WELL)], NO_SIGNATURES, AT)


def other(name: str, steps: Sequence[Step]) -> tuple[Target, Sequence[Step]]:
    return Target(id=name, url=f"https://{name}.example/", category="news", side="foreign"), steps


def test_what_works_on_the_second_look_is_not_blamed() -> None:
    assert worked_later(SITE, [*DEAD, *AGAIN])
    line = read_line([(SITE, [*DEAD, *AGAIN]), (PEER, PEER_WELL)], "yes", 0, 9)
    assert line.flaky == 1
    got = judged([*DEAD, *AGAIN], line)
    assert (got.state, got.mechanism, got.rule) == ("insufficient", "line.lossy", "worked_again")


def test_what_fails_on_both_looks_is_blamed_where_the_line_is_sound() -> None:
    twice = [*DEAD, *(replace(step, role="again") for step in DEAD)]
    assert not worked_later(SITE, twice)
    got = judged(twice, read_line([(SITE, twice), (PEER, PEER_WELL)], "yes", 0, 9))
    assert (got.state, got.mechanism) == ("likely_blocked", "tcp.timeout")


@pytest.mark.parametrize("failure", [names.DNS_SERVFAIL, names.TIMEOUT])
def test_a_name_that_is_found_later_is_not_blamed_on_its_resolver_whatever_fails_then(failure: str) -> None:
    shut = (dns(TRUE), tcp(failure=names.REFUSED))
    later = [replace(step, role="again", t0=step.t0 + 5, t=step.t + 5) for step in shut]
    line = read_line([(SITE, [dns(failure=failure)]), (PEER, PEER_WELL)], "yes", 0, 9)
    got = judged([dns(failure=failure), *later], line)
    assert (got.state, got.stage, got.rule) == ("insufficient", "dns", "found_later")
    never = [replace(dns(failure=failure), role="again")]
    assert judged([dns(failure=failure), *never], line).state == "likely_blocked"


def test_one_lost_packet_among_many_targets_does_not_excuse_a_censor() -> None:
    peers = [other(f"p{n}", WELL) for n in range(20)]
    line = read_line([(SITE, DEAD), other("flaky", [*DEAD, *AGAIN]), *peers], "yes", 0, 9)
    assert not is_lossy(line)
    assert judged(DEAD, line).state == "likely_blocked"


def test_many_second_tries_excuse_every_silence_and_no_answer() -> None:
    slow = [dns(OTHER), SLOW_START, tls(OTHER), http()]
    line = read_line([(SITE, DEAD), other("a", slow), other("b", slow), (PEER, PEER_WELL)], "yes", 0, 9)
    assert (line.retried, is_lossy(line)) == (2, True)
    assert judged(DEAD, line).rule == "own_line_lossy"
    refused = (dns(TRUE), tcp(failure=names.REFUSED))
    assert judged(refused, line).state == "likely_blocked"


def test_a_busy_machine_is_not_a_lossy_line() -> None:
    late = [dns(OTHER), replace(SLOW_START, resent=0), tls(OTHER), http()]
    lost = [dns(OTHER), replace(SLOW_START, resent=1), tls(OTHER), http()]
    line = read_line([other("a", late), other("b", late), other("c", lost)], "yes", 0, 9)
    assert line.retried == 1


def test_a_long_way_is_not_a_lossy_one() -> None:
    satellite = replace(SLOW_START, rtt_s=0.9)
    line = read_line(
        [other(f"s{n}", [dns(OTHER), satellite, tls(OTHER), http()]) for n in range(3)], "yes", 0, 9
    )
    assert line.retried == 0
