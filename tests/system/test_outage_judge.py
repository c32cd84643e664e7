"""Who judges a run of outages finds what is wrong with it: a judge that finds nothing proves nothing."""

from __future__ import annotations

import pytest

from tests.system.alert_drive import Key, Spans
from tests.system.outage.monitoring import quicker
from tests.system.outage.phone import Text, Truth, judge

CUT, BLOCK = "no international internet", "sites blocked"
TRUTHS = [Truth(CUT, 100, 200), Truth(BLOCK, 300, 400)]
WELL = [
    Text(110, f"ALERT {CUT}"), Text(210, f"RESTORED {CUT}"), Text(320, f"ALERT {BLOCK}: Almaty"),
    Text(450, f"RESTORED {BLOCK}: Almaty"),
]  # fmt: skip


def test_a_run_in_which_all_went_well() -> None:
    found = judge(WELL, TRUTHS)
    assert found[:4] == (0, 0, 0, 0)
    assert (found.told_after_s, found.ended_after_s) == ((10, 20), (10, 50))


@pytest.mark.parametrize(
    ("texts", "wrong"),
    [
        ([*WELL[:1], Text(150, f"RESTORED {CUT}"), *WELL[1:]], (1, 0, 0, 1)),
        ([*WELL[:2], *WELL[3:]], (0, 1, 0, 0)),
        (WELL[:3], (0, 0, 1, 0)),
        ([*WELL[:1], Text(120, f"ALERT {CUT}"), *WELL[1:]], (0, 0, 0, 1)),
        ([Text(50, f"ALERT {CUT}"), *WELL[1:]], (0, 1, 0, 0)),
        ([], (0, 2, 2, 0)),
    ],
    ids=["restored too early", "not told", "end not told", "told twice", "told before it was", "silence"],
)
def test_what_went_wrong_is_found(texts: list[Text], wrong: tuple[int, int, int, int]) -> None:
    assert judge(texts, TRUTHS)[:4] == wrong


def test_a_text_of_the_next_outage_is_none_of_the_one_before() -> None:
    truths = [Truth(CUT, 100, 200), Truth(CUT, 300, 400)]
    assert judge([Text(310, f"ALERT {CUT}"), Text(410, f"RESTORED {CUT}")], truths)[1:3] == (1, 1)


@pytest.mark.parametrize(
    ("given", "quick"),
    [
        ("  for: 10m", "  for: 6000ms"),
        ("    group_interval: 5m", "    group_interval: 3000ms"),
        ("- group_wait: 0s", "- group_wait: 0ms"),
        ("  scrape_interval: 15s", "  scrape_interval: 1000ms"),
        ("  evaluation_interval: 15s", "  evaluation_interval: 500ms"),
        ("  expr: rate(x[5m])", "  expr: rate(x[5m])"),
    ],
)
def test_durations_are_shortened_and_what_is_asked_is_not(given: str, quick: str) -> None:
    assert quicker(given, 100) == quick


def test_spans_count_from_the_moment_at_which_an_expression_holds_and_ends() -> None:
    cut: Key = ("Cut", (("region", "all"),))
    spans = Spans()
    for now, holding, firing in ((0, {cut}, set()), (3, {cut}, {cut}), (5, {cut}, {cut}), (9, set(), {cut}), (14, set(), set())):  # fmt: skip
        spans.look(now, holding, firing)
    assert spans.fired_after == {"Cut": [3]}
    assert spans.cleared_after == {"Cut": [5]}


def test_what_holds_too_shortly_to_fire_is_no_alert() -> None:
    cut: Key = ("Cut", ())
    spans = Spans()
    spans.look(0, {cut}, set())
    spans.look(1, set(), set())
    assert spans.fired_after == spans.cleared_after == {}
