"""A clock that is wrong blames nobody; a certificate that is late, among many that hold, is its own fault."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from tests.wire.judge.scenes import AT, PEER, PEER_WELL, SITE, TRUE, WELL, dns, http, leaf, measured, tcp, tls
from wire import names
from wire.judge import NO_SIGNATURES, ControlTable, judge, read_line
from wire.judge.clock import clock_offset_s
from wire.records import Step, Verdict

YEAR_S = 365 * 86_400.0
PAST = replace(leaf(), not_before="2025-01-01T00:00:00.000Z", not_after="2026-10-20T12:00:00.000Z")
FUTURE = replace(leaf(), not_before="2026-12-20T12:00:00.000Z", not_after="2027-10-20T12:00:00.000Z")


def late(host: str = "site.example", errors: Sequence[str] = ("expired",)) -> tuple[Step, ...]:
    chain = [PAST if "expired" in errors else FUTURE]
    return (
        dns(TRUE, host=host),
        tcp(),
        tls(failure=names.SSL_CERTIFICATE, chain=chain, errors=tuple(errors), name=host),
    )


def dated(host: str, offset_s: float) -> tuple[Step, ...]:
    return dns(TRUE, host=host), tcp(), replace(http(url=f"http://{host}/"), clock_offset_s=offset_s)


def offset(*rounds: Sequence[Step]) -> float | None:
    return clock_offset_s([(AT, steps) for steps in rounds])


@pytest.mark.parametrize(
    ("rounds", "expected"),
    [
        ([dated("a.kz", 7200.0), dated("b.kz", 7260.0)], 7230.0),
        ([dated("a.kz", 0.0), dated("b.kz", 0.0), dated("c.kz", -YEAR_S)], 0.0),
        ([dated("a.kz", 7200.0)], None),
        ([late(f"{n}.kz") for n in range(3)], 31 * 86_400.0),
        ([late(f"{n}.kz", ("not_yet_valid",)) for n in range(3)], -30 * 86_400.0),
        ([late(f"{n}.kz") for n in range(2)], None),
        ([*(late(f"{n}.kz") for n in range(3)), *([WELL] * 4)], None),
        ([*(late(f"{n}.kz") for n in range(3)), dated("a.kz", 0.0), dated("b.kz", 0.0)], 0.0),
        ([late("a.kz", ("expired", "hostname"))] * 4, None),
        ([], None),
    ],
    ids=["two pages", "one server is wrong", "one page alone", "many are late", "many are early", "two are late",
         "three late of seven", "late, but the pages know better", "other faults", "nothing"],
)  # fmt: skip
def test_the_clock_is_read_off_many_hosts(rounds: list[Sequence[Step]], expected: float | None) -> None:
    assert offset(*rounds) == expected


def said(steps: Sequence[Step], offset_s: float | None, control: Sequence[Sequence[Step]]) -> Verdict:
    line = replace(read_line([(SITE, steps), (PEER, PEER_WELL)], "yes", 0, 0.1), clock_offset_s=offset_s)
    table = ControlTable(measured(SITE, one) for one in control)
    return judge(SITE, [*steps, line], table.of(SITE), NO_SIGNATURES, AT)


@pytest.mark.parametrize(
    ("offset_s", "control", "expected", "rule"),
    [
        (YEAR_S, (), "insufficient", "own_clock_wrong"),
        (-YEAR_S, (WELL,), "insufficient", "own_clock_wrong"),
        (60.0, (late(),), "down", "own_certificate_out_of_date"),
        (None, (late(),), "down", "own_certificate_out_of_date"),
    ],
)
def test_dates_alone_blame_nobody_by_a_wrong_clock(
    offset_s: float | None, control: Sequence[Sequence[Step]], expected: str, rule: str
) -> None:
    got = said(late(), offset_s, control)
    assert (got.state, got.rule) == (expected, rule)


def test_a_forged_certificate_is_forged_by_any_clock() -> None:
    forged = (
        dns(TRUE),
        tcp(),
        tls(failure=names.SSL_AUTHORITY, chain=[leaf("f", "CN=Somebody")], errors=("authority", "expired")),
    )
    assert said(forged, YEAR_S, (WELL,)).state == "blocked"
