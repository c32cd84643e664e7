"""Which ports are tried, and what is said of them."""

from __future__ import annotations

import pytest

from probes.core.beacon import Transport
from probes.core.port_search import (
    LIKELY,
    SOMEBODY_ELSE,
    TRY_BYTES,
    Found,
    Try,
    plan,
    read_ports,
    record,
    table,
)
from wire import BadInput, names
from wire.records import Network, Step


def found(transport: Transport, port: int, *failures: str | None) -> Found:
    steps = [("tcp", failure) for failure in failures[:-1]] + [("beacon", failures[-1])]
    if transport == "tcp" and len(failures) == 1:
        steps = [("tcp", failures[0])]
    return Found(
        tried=Try(transport, port),
        steps=tuple(
            Step(step=name, failure=failure, t0=0, t=1, transport=transport) for name, failure in steps
        ),
    )


@pytest.mark.parametrize(
    ("one", "state"),
    [
        (found("tcp", 443, None, None), "open"),
        (found("tcp", 443, None, SOMEBODY_ELSE), "somebody else"),
        (found("tcp", 443, None, names.TIMEOUT), "mute"),
        (found("tcp", 443, None, names.EOF), "mute"),
        (found("tcp", 443, None, names.RESET), "mute"),
        (found("tcp", 443, names.REFUSED), "closed"),
        (found("tcp", 443, names.HOST_UNREACHABLE), "closed"),
        (found("tcp", 443, names.TIMEOUT), "silent"),
        (found("udp", 53, None), "open"),
        (found("udp", 53, SOMEBODY_ELSE), "somebody else"),
        (found("udp", 53, names.TIMEOUT), "silent"),
        (found("udp", 53, names.REFUSED), "closed"),
    ],
)
def test_a_port_is_in_one_state(one: Found, state: str) -> None:
    assert one.state == state


def test_a_plan_takes_both_transports_of_a_port_before_the_next() -> None:
    assert plan([443, 80], [53], 10_000) == [Try("tcp", 443), Try("udp", 53), Try("tcp", 80)]


def test_a_plan_stays_within_its_budget() -> None:
    budget = 5_000
    tries = plan(LIKELY, LIKELY, budget)
    assert 0 < sum(TRY_BYTES[one.transport] for one in tries) <= budget
    assert plan(LIKELY, LIKELY, 1) == []


def test_the_likely_ports_fit_the_default_budget() -> None:
    assert len(plan(LIKELY, LIKELY, 50_000)) == 2 * len(LIKELY)


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("", ()),
        ("53", (53,)),
        ("80, 53,80", (80, 53)),
        ("8000-8003,1", (8000, 8001, 8002, 8003, 1)),
        ("9-8", ()),
    ],
)
def test_a_list_of_ports_is_read(text: str, ports: tuple[int, ...]) -> None:
    assert read_ports(text) == ports


@pytest.mark.parametrize(
    "text", ["0", "65536", "x", "1-", "-1", "٣", "1-99999", "1-65535", "99999999999999999999"]
)
def test_a_list_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_ports(text)


def test_an_open_port_is_ok_and_a_closed_one_accuses_nobody() -> None:
    made = [
        record(one, "2001:db8::1", "2026-11-20T12:00:00.000Z", "b-1", Network())
        for one in (found("tcp", 443, None, None), found("udp", 53, names.TIMEOUT))
    ]
    assert [(one.verdict.state, one.verdict.rule) for one in made] == [
        ("ok", "port_search"),
        ("insufficient", "port_search"),
    ]
    assert (made[0].target.id, made[0].target.url) == ("port/tcp/443", "tcp://[2001:db8::1]:443")


def test_the_table_has_a_line_for_each_state() -> None:
    shown = table([found("tcp", 443, None, None), found("udp", 443, None), found("tcp", 80, names.TIMEOUT)])
    assert shown == "open           443/tcp 443/udp\nsilent         80/tcp"
    assert table([]) == "nothing was tried"
