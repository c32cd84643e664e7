"""The first minutes of a stream, when nobody's rounds are known, and streams that begin in the middle of an event."""

from __future__ import annotations

import numpy as np
import pytest

from collector.core.detect import detect
from collector.core.detect.columns import LINE_DOWN
from tests.collector.core.detect.world import HOUR, REGIONS, START, Event, World, simulate
from wire.incidents import Incident

MESSENGERS = ("telegram/dc1", "telegram/web", "whatsapp/e1", "signal/chat")


@pytest.mark.parametrize("cycle", [60.0, 300.0, 600.0])
def test_a_collector_that_has_just_begun_takes_no_pause_for_silence(cycle: float) -> None:
    columns = simulate(World((), probes=24, abroad=2, cycle=cycle, hours=1.0, sleepers=0.0))
    assert [found for second in range(60, 3600, 300) for found in detect(columns, START + second)] == []


def test_a_cut_is_told_though_messengers_were_blocked_from_the_first_moment_on() -> None:
    elsewhere = tuple(region for region in REGIONS if region != "KZ-71")
    block, cut = Event("block", 0.0, 9.0, targets=MESSENGERS, regions=elsewhere), Event("cut", 6.0, 8.0)
    found = detect(simulate(World((block, cut), probes=60, cycle=300.0, hours=9.0)))
    (lost,) = [one for one in found if one.kind == "connectivity_loss"]
    assert (lost.scope.level, lost.scope.access) == ("national", ())
    assert lost.probes.affected > 30, "who never saw all well had a line too"


def _without_three(hour: float) -> list[Incident]:
    """What is told when the three probes of one small place fall silent for five hours."""
    columns = simulate(World((), probes=90, cycle=300.0, hours=30.0, sleepers=0.0, regions=REGIONS[:5]))
    place = np.zeros(len(columns.probes), np.int64)
    place[columns.probe] = columns.place
    few = next(one for one in np.unique(place) if (place == one).sum() == 3)
    away = (
        (columns.place == few)
        & (columns.at >= START + hour * HOUR)
        & (columns.at < START + (hour + 5) * HOUR)
    )
    return detect(columns.only(~away))


def test_three_machines_that_are_switched_off_in_the_first_night_are_no_cut() -> None:
    assert _without_three(18.5) == [], "half past eleven at night"


def test_three_that_fall_silent_together_by_day_are_told_of_their_place() -> None:
    (one,) = _without_three(8.5)
    assert (one.kind, one.scope.level, one.silent) == ("connectivity_loss", "local", True)


def test_a_cut_soon_after_the_beginning_makes_no_target_one_that_never_worked() -> None:
    columns = simulate(World((Event("foreign", 0.13, 0.27),), probes=60, cycle=60.0, hours=1.5))
    for minutes in range(20, 90, 7):
        (told,) = detect(columns, START + minutes * 60)
        assert (told.kind, told.scope.level, told.scope.access) == ("international_loss", "national", ())
        assert told.probes.affected > 30, f"after {minutes} minutes"


def test_a_place_that_says_nothing_of_any_target_stops_nobody() -> None:
    columns = simulate(World((), probes=60, cycle=60.0, hours=1.5))
    columns.outcome[columns.place == columns.place.max()] = LINE_DOWN
    assert [one.kind for one in detect(columns)] in ([], ["connectivity_loss"])


def test_a_target_that_never_worked_is_no_news_though_all_fails_for_some_minutes_too() -> None:
    never = Event("block", 0.0, 6.0, targets=MESSENGERS[2:])
    columns = simulate(World((never, Event("foreign", 0.5, 0.7)), probes=60, cycle=60.0, hours=6.0))
    assert [one.kind for one in detect(columns)] == ["international_loss"]
