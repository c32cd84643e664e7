"""The clock of the count: from texts in any order to durations, the overdue and the queues."""

from __future__ import annotations

from typing import Any

import pytest

from collector.core.sheets.clock import LEGAL_LIMIT_S, CountClock
from collector.core.times import epoch_seconds, stamp
from tests.collector.core.sheets.scenes import HASH_A, STATION
from wire.ledger import Entry
from wire.records import StationReport

CLOSE = epoch_seconds("2026-11-22T15:00:00.000Z")
HOUR = 3_600.0


def said(kind: Any, hours: float, station: str = STATION, proof: Any = "seal") -> StationReport:
    return StationReport(
        id=f"{station} {kind} {hours} {proof}",
        station=station,
        kind=kind,
        at=stamp(CLOSE + hours * HOUR),
        proof=proof,
    )


NIGHT = [said("closed", 0), said("count", 0.25), said("sheet", 4), said("copy", 4.5), said("received", 6)]


def entered(hours: float) -> Entry:
    return Entry(kind="sheet", at=stamp(CLOSE + hours * HOUR), station=STATION, sha256=HASH_A)


def test_the_marks_of_a_station_in_their_order() -> None:
    clock = CountClock()
    clock.hear(reversed(NIGHT))
    clock.enter(entered(4.1))
    hours = {mark: (at - CLOSE) / HOUR for mark, at in clock.marks(STATION).items()}
    assert hours == pytest.approx(
        {"closed": 0, "count": 0.25, "sheet": 4, "copy": 4.5, "received": 6, "entered": 4.1}
    )
    assert list(hours) == ["closed", "count", "sheet", "copy", "received", "entered"]


def test_the_earliest_proven_text_counts() -> None:
    clock = CountClock()
    clock.hear([said("closed", 2), said("closed", 1), said("closed", -5, proof="none")])
    assert clock.marks(STATION) == {"closed": CLOSE + HOUR}
    clock.hear([said("count", 3, proof="none"), said("count", 2, proof="none")])
    assert clock.marks(STATION)["count"] == CLOSE + 2 * HOUR


def test_other_texts_are_no_marks() -> None:
    clock = CountClock()
    clock.hear([said("open", 0), said("power", 1)])
    clock.enter(Entry(kind="claim", at=stamp(CLOSE), station=STATION))
    assert clock.marks(STATION) == {}
    assert clock.took() == {}


def test_durations_run_from_the_stations_own_closing_where_no_time_is_set() -> None:
    clock = CountClock()
    clock.hear([said("closed", 1), said("sheet", 3), said("sheet", 3, station="KZ-71-0001")])
    ((key, found),) = clock.took().items()
    assert (key, found.sum) == (("KZ-71", "sheet"), 2 * HOUR)


def test_durations_run_from_the_close_of_the_polls_where_it_is_set() -> None:
    clock = CountClock(polls_close=CLOSE)
    clock.hear([said("closed", 1), said("sheet", 3)])
    assert {mark: found.sum for (_, mark), found in clock.took().items()} == {
        "closed": HOUR,
        "sheet": 3 * HOUR,
    }
    assert clock.took() is clock.took(), "made once as long as nothing changes"


OVERDUE = [
    ("a count of eleven hours", [said("closed", 0)], 11, 0),
    ("a count of twelve hours and a bit", [said("closed", 0)], 12.01, 1),
    ("its sheet was told", NIGHT, 30, 0),
    ("it never said that it closed", [said("open", 0)], 30, 0),
    ("it closed late", [said("closed", 2)], 13, 0),
]


@pytest.mark.parametrize(("reports", "hours", "count"), [r[1:] for r in OVERDUE], ids=[r[0] for r in OVERDUE])
def test_a_count_may_take_twelve_hours(reports: list[StationReport], hours: float, count: int) -> None:
    clock = CountClock()
    clock.hear(reports)
    assert sum(clock.overdue(CLOSE + hours * HOUR).values()) == count


def test_a_copy_in_the_ledger_ends_the_wait() -> None:
    clock = CountClock()
    clock.hear([said("closed", 0)])
    clock.enter(entered(1))
    assert clock.overdue(CLOSE + 2 * LEGAL_LIMIT_S) == {("KZ-71",): 0}


def test_a_silent_station_of_the_list_is_overdue_once_the_time_is_known() -> None:
    listed = {STATION: "Сарыарқа", "KZ-75-0001": ""}
    clock = CountClock(listed, CLOSE)
    assert clock.overdue(CLOSE + LEGAL_LIMIT_S + 1) == {("KZ-71",): 1, ("KZ-75",): 1}
    assert CountClock(listed).overdue(CLOSE + LEGAL_LIMIT_S + 1) == {("KZ-71",): 0, ("KZ-75",): 0}


def test_a_commissions_queue_is_who_has_a_sheet_and_was_not_received() -> None:
    clock = CountClock(
        {STATION: "A", "KZ-71-0001": "A", "KZ-71-0002": "A", "KZ-71-0003": "B", "KZ-71-0004": ""}
    )
    clock.hear(
        [
            *NIGHT,
            said("sheet", 3, "KZ-71-0001"),
            said("copy", 4, "KZ-71-0002"),
            said("count", 1, "KZ-71-0003"),
        ]
    )
    clock.hear([said("sheet", 1, "KZ-71-0004"), said("sheet", 1, "KZ-75-0009")])
    assert clock.queues(CLOSE + 5 * HOUR) == {("KZ-71", "A"): (2, 2 * HOUR), ("KZ-71", "B"): (0, 0.0)}
