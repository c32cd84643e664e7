"""Slow line, slow server, slow name, slow address: four different verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest
from msgspec.structs import replace

from tests.wire.judge.scenes import (
    AT,
    PEER,
    PEER_WELL,
    PLAIN,
    SITE,
    TRUE,
    dns,
    http,
    measured,
    tcp,
    tls,
    verdict,
)
from wire import names
from wire.judge import NO_SIGNATURES, ControlTable, judge, read_line
from wire.judge.goodput import is_comparable, is_worth_pairs, line_goodput_bps
from wire.records import Step, Target

KB = 1_024
HELLO = (dns(TRUE), tcp(), tls())
BARE = (dns(TRUE, host="plain.example"), tcp())


def page(
    seconds: float,
    at: float = 1.0,
    role: str = "",
    *,
    size: int = 100 * KB,
    failure: str | None = None,
    url: str = SITE.url,
) -> Step:
    step = http(failure=failure, size=size, url=url)
    return replace(step, t0=at, t=at + seconds, role=role)


def visited(
    own: Sequence[float],
    harmless: Sequence[float] = (),
    *,
    size: int = 100 * KB,
    other: int = 100 * KB,
    cut: bool = False,
    url: str = SITE.url,
) -> list[Step]:
    """Pages under the wanted name, and those under a harmless one after each."""
    failure = names.TIMEOUT if cut else None
    steps = [
        page(took, 20.0 * n, "again" if n else "", size=size, failure=failure, url=url)
        for n, took in enumerate(own)
    ]
    return [
        *steps,
        *(page(took, 20.0 * n + 10, "name_control", size=other, url=url) for n, took in enumerate(harmless)),
    ]


def coming(took: Sequence[float], role: str = "", gap_s: float = 0.1) -> list[Step]:
    """Pages of which some bytes came and could not be read yet, since they are encrypted in large pieces."""
    steps = (
        page(seconds, 20.0 * n + bool(role), role or ("again" if n else ""), size=0, failure=names.TIMEOUT)
        for n, seconds in enumerate(took)
    )
    return [replace(step, bytes_seen=9 * KB, gap_s=gap_s) for step in steps]


def peer(number: int, seconds: float) -> tuple[Target, Sequence[Step]]:
    target = Target(id=f"p{number}", url=f"https://p{number}.kz/", category="kz", side="domestic")
    return target, (dns(TRUE, host=f"p{number}.kz"), tcp(), tls(), page(seconds, url=target.url))


FAST = [peer(number, 0.2) for number in range(4)]
SLOW = [peer(number, 8.0) for number in range(4)]
QUICK = ((*HELLO, page(0.3)),)
LATE = ((*HELLO, page(8.0)),)
PLAIN_QUICK = ((*BARE, page(0.3, url=PLAIN.url)),)


class Row(NamedTuple):
    name: str
    steps: Sequence[Step]
    peers: Sequence[tuple[Target, Sequence[Step]]]
    control: Sequence[Sequence[Step]]
    expected: tuple[str, str | None]
    target: Target = SITE


ROWS = (
    Row("a slow name", (*HELLO, *visited([8.0] * 4, [0.3] * 4)), FAST, QUICK, ("impaired", "tls.throttle.sni")),
    Row("a slow name, nobody to compare with", (*HELLO, *visited([8.0] * 4, [0.3] * 4)), (), (), ("impaired", "tls.throttle.sni")),
    Row("a slow name of a small page", (*HELLO, *visited([3.0] * 4, [0.1] * 4, size=4 * KB, other=4 * KB)), FAST, QUICK, ("impaired", "tls.throttle.sni")),
    Row("a slow name, cut short by our patience", (*HELLO, *visited([10.0] * 4, [0.5] * 4, size=40 * KB, other=400 * KB, cut=True)), FAST, QUICK, ("impaired", "tls.throttle.sni")),
    Row("too few pairs", (*HELLO, *visited([8.0] * 2, [0.3] * 2)), FAST, QUICK, ("ok", None)),
    Row("slow now and then", (*HELLO, *visited([8.0, 0.3, 8.0, 0.3, 8.0], [0.3] * 5)), FAST, QUICK, ("ok", None)),
    Row("a slow server", (*HELLO, *visited([8.0] * 4, [8.0] * 4)), FAST, LATE, ("ok", None)),
    Row("a slow server, nobody to compare with", (*HELLO, *visited([8.0] * 4, [8.0] * 4)), FAST, (), ("ok", None)),
    Row("a slow line", (*HELLO, *visited([8.0] * 4, [8.0] * 4)), SLOW, QUICK, ("ok", None)),
    Row("a line of which nothing is known", (*HELLO, *visited([8.0] * 4, [8.0] * 4)), (), QUICK, ("ok", None)),
    Row("a slow address", (*HELLO, *visited([8.0] * 4, [8.0] * 4)), FAST, QUICK, ("impaired", "ip.throttle")),
    Row("slow, and the harmless name gives too little to tell", (*HELLO, *visited([8.0] * 5, [0.1] * 5, other=2 * KB)), FAST, QUICK, ("impaired", "tls.throttle")),
    Row("a slow address, where no page comes in time", (*HELLO, *coming([8.0] * 6), *coming([8.0] * 6, "name_control")), FAST, QUICK, ("impaired", "ip.throttle")),
    Row("a page that still comes when its time is over", (*HELLO, *coming([8.0] * 2)), SLOW, QUICK, ("insufficient", "http.throttle")),
    Row("a page that stands still", (*HELLO, *coming([8.0] * 6, gap_s=7.9), *coming([8.0] * 6, "name_control", gap_s=7.9)), FAST, QUICK, ("likely_blocked", "http.timeout")),
    Row("a page of which nothing comes", (*HELLO, page(8.0, failure=names.TIMEOUT, size=0)), FAST, QUICK, ("likely_blocked", "http.timeout")),
    Row("a slow plain page", (*BARE, *visited([8.0] * 4, [0.3] * 4, url=PLAIN.url)), FAST, PLAIN_QUICK, ("impaired", "http.throttle.host"), PLAIN),
    Row("a slow plain page, and the harmless host gives a short one", (*BARE, *visited([8.0] * 5, [0.1] * 5, other=KB, url=PLAIN.url)), FAST, PLAIN_QUICK,
        ("impaired", "http.throttle"), PLAIN),
    Row("a server that thinks for long", (*HELLO, *visited([2.0] * 4, [2.1] * 4, size=2 * KB, other=2 * KB)), FAST, QUICK, ("ok", None)),
    Row("a harmless name that answers at once with an error", (*HELLO, *visited([2.0] * 6, [0.02] * 6, size=60 * KB, other=300)), FAST, ((*HELLO, page(1.8, size=60 * KB)),), ("ok", None)),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_judge_is_fair(row: Row) -> None:
    got = verdict(row.steps, row.control, target=row.target, peers=[(PEER, PEER_WELL), *row.peers])
    assert (got.state, got.mechanism) == row.expected, got.rule


def test_a_control_of_yesterday_does_not_know_how_busy_a_server_is() -> None:
    steps = (*HELLO, *visited([8.0] * 4, [8.0] * 4))
    line = read_line([(SITE, steps), *FAST], "yes", 0, 0.1)
    table = ControlTable([measured(SITE, QUICK[0], at="2026-11-19T12:00:00.000Z")])
    assert judge(SITE, [*steps, line], table.of(SITE), NO_SIGNATURES, AT).state == "ok"


def test_the_line_knows_its_rate_from_three_large_pages_on() -> None:
    assert read_line(FAST, "yes", 0, 0.1).goodput_bps == 8 * 100 * KB * 5
    assert line_goodput_bps([steps for _, steps in FAST[:2]]) is None
    assert line_goodput_bps([(page(0.1, size=KB),)] * 5) is None


def test_pairs_are_made_for_what_is_slow_beside_the_line() -> None:
    assert is_worth_pairs(page(8.0), 0.2, None)
    assert is_worth_pairs(page(1.0), 0.2, 8_000_000)
    assert not is_worth_pairs(page(8.0), 7.0, None)
    assert not is_worth_pairs(page(0.5), 0.2, 1_000_000)
    assert not is_worth_pairs(page(8.0, size=0), 0.2, None)


def test_only_pages_of_about_one_size_are_compared() -> None:
    assert is_comparable(page(1, size=10 * KB), page(1, size=19 * KB))
    assert not is_comparable(page(1, size=10 * KB), page(1, size=21 * KB))
    assert not is_comparable(page(1, size=10 * KB), page(1, size=0))
    assert is_comparable(page(9, size=10 * KB, failure=names.TIMEOUT), page(1, size=90 * KB))
