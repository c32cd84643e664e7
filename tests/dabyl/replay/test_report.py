"""Truth beside detection: which incident tells which truth, and how far it is off."""

from __future__ import annotations

import pytest

from collector.core.times import stamp
from dabyl.replay.report import Window, compare, windows
from dabyl.replay.script import Truth
from wire.incidents import Incident, Kind, ProbeCount, Scope, ScopeLevel, Sentence

NOON = 1_641_384_000.0
HOUR = 3_600.0
CUT = Truth("national cut", "connectivity_loss", "", NOON, NOON + 2 * HOUR)
MOBILE = Truth("mobile cut", "connectivity_loss", "mobile", NOON, NOON + 2 * HOUR)


def incident(
    begin: float, end: float | None, *, kind: Kind = "connectivity_loss", level: ScopeLevel = "national",
    access: tuple[str, ...] = (), name: str = "i",
) -> Incident:  # fmt: skip
    """Hours from noon."""
    return Incident(
        id=name, kind=kind, scope=Scope(level=level, access=access),
        started_at=stamp(NOON + begin * HOUR), ended_at=None if end is None else stamp(NOON + end * HOUR),
        detected_at=stamp(NOON + begin * HOUR + 180), confidence=0.9,
        probes=ProbeCount(affected=9, reporting=9, expected=9), witnesses=(), revision=1,
        sentence=Sentence(kk="", ru="", en=""),
    )  # fmt: skip


def test_errors_are_minutes_from_the_truth() -> None:
    (line,), rest = compare([CUT], [incident(0.1, 1.5)])
    assert (line.onset_error_min, line.end_error_min, line.latency_min, rest) == (6.0, -30.0, 9.0, [])


def test_what_lasts_has_no_end_to_compare() -> None:
    (line,), _ = compare([CUT], [incident(0.0, None)])
    assert (line.onset_error_min, line.end_error_min) == (0.0, None)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (incident(0, 2), True),
        (incident(0, 2, access=("fixed",)), True),
        (incident(0, 2, access=("mobile",)), False),
        (incident(0, 2, level="region"), False),
        (incident(0, 2, kind="allowlist_only"), False),
        (incident(2, 3), False),
        (incident(-3, 0), False),
    ],
    ids=["the same", "the fixed networks, the mobile ones being cut", "mobile only", "a region", "a kind", "later", "before"],
)  # fmt: skip
def test_an_incident_tells_a_national_cut_or_not(found: Incident, told: bool) -> None:
    (line,), rest = compare([CUT], [found])
    assert (line.incident == found, rest == []) == (told, told)


def test_a_mobile_cut_is_told_by_an_incident_of_mobile_networks() -> None:
    (line,), rest = compare([MOBILE], [incident(0, 2), incident(0, 2, access=("mobile",), name="m")])
    assert line.incident is not None
    assert (line.incident.id, [one.id for one in rest]) == ("m", ["i"])


def test_the_incident_that_shares_most_of_the_time_is_compared() -> None:
    (line,), _ = compare([CUT], [incident(0.0, 0.2, name="short"), incident(-0.1, 2.2, name="long")])
    assert line.incident is not None
    assert line.incident.id == "long"


def test_a_truth_that_nobody_told_is_a_line_of_its_own() -> None:
    (line,), rest = compare([CUT], [])
    assert (line.incident, line.onset_error_min, rest) == (None, None, [])


def test_the_time_between_cuts_is_a_window_and_the_last_end_the_restoration() -> None:
    later = Truth("allowlist", "allowlist_only", "", NOON + 4 * HOUR, NOON + 6 * HOUR)
    lines, _ = compare([MOBILE, CUT, later], [incident(0, 2.1), incident(3.9, 6, kind="allowlist_only")])
    assert windows(lines) == [
        Window(
            name="window", truth_from=stamp(CUT.until or 0), truth_until=stamp(later.since),
            onset_error_min=6.0, end_error_min=-6.0,
        ),
        Window(
            name="restoration", truth_from=stamp(later.until or 0), truth_until=None,
            onset_error_min=0.0, end_error_min=None,
        ),
    ]  # fmt: skip


def test_a_window_whose_cuts_are_not_told_has_no_errors() -> None:
    lines, _ = compare([CUT], [])
    assert [(one.onset_error_min, one.truth_until) for one in windows(lines)] == [(None, None)]


def test_cuts_that_follow_at_once_have_no_window_between_them() -> None:
    later = Truth("allowlist", "allowlist_only", "", NOON + 2 * HOUR, NOON + 6 * HOUR)
    lines, _ = compare([CUT, later], [])
    assert [one.truth_from for one in windows(lines)] == [stamp(later.until or 0)]


def test_a_cut_that_lasts_has_a_window_before_it_and_none_after() -> None:
    lasting = Truth("allowlist", "allowlist_only", "", NOON + 4 * HOUR, None)
    lines, _ = compare([CUT, lasting], [])
    assert [(one.name, one.truth_until) for one in windows(lines)] == [("window", stamp(lasting.since))]
