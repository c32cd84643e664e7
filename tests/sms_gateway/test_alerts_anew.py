"""An outage that begins anew since Prometheus or the collector was away: what people believe is told once, and ended once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sms_gateway import alerts
from sms_gateway.alerts import BELIEVED_S
from sms_gateway.core.alerts import alerts_of, lasts
from sms_gateway.schema import connect
from tests.sms_gateway.core.test_alerts import alert, body

FIRST, SECOND, THIRD = (f"2026-11-22T04:{minute:02}:00Z" for minute in (0, 10, 20))
NOW = 1_000_000.0


class People:
    """What people were told, by the jobs that the gateway does."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection, self.now = connection, NOW

    def hear(self, starts: str, status: str = "firing", region: str = "KZ-71") -> None:
        self.now += 60
        alerts.take(
            self.connection, alerts_of(body(alert(status=status, starts=starts, region=region))), self.now
        )

    def told(self, state: str = "firing") -> list[str]:
        """Tell what waits; the times of it."""
        waiting = [one.told for one in alerts.waiting(self.connection, state)]
        alerts.tell(self.connection, waiting, [])
        return [one.starts_at for one in waiting]


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    connection = connect(tmp_path / "sms.sqlite3")
    yield People(connection)
    connection.close()


def test_prometheus_was_away_and_the_outage_is_told_once_and_ended_once(people: People) -> None:
    people.hear(FIRST)
    assert people.told() == [FIRST]
    people.hear(FIRST, "resolved")  # Alertmanager's own word
    people.hear(SECOND)
    assert people.told() == []
    assert people.told("resolved") == [], "the end that was none is forgotten"
    people.hear(SECOND, "resolved")
    assert people.told("resolved") == [SECOND]
    people.hear(THIRD)
    assert people.told() == [THIRD], "and the next outage is one of its own"


def test_an_end_under_another_beginning_is_the_end_of_what_was_told(people: People) -> None:
    people.hear(FIRST)
    people.told()
    people.hear(SECOND, "resolved")  # the collector was away so shortly that Alertmanager said nothing of it
    assert people.told("resolved") == [SECOND]
    people.hear(FIRST, "resolved")
    assert people.told("resolved") == [], "it ends once"


def test_a_new_beginning_without_an_end_is_not_told_again(people: People) -> None:
    people.hear(FIRST)
    people.told()
    people.hear(SECOND)
    people.hear(THIRD)
    assert people.told() == []
    people.hear(SECOND, "resolved")
    people.hear(THIRD, "resolved")
    assert people.told("resolved") == [THIRD], "one end for all of them"


def test_who_heard_nothing_for_half_a_day_is_told_anew(people: People) -> None:
    people.hear(FIRST)
    people.told()
    people.now += BELIEVED_S
    people.hear(SECOND)
    assert people.told() == [SECOND]


def test_what_alertmanager_repeats_is_believed_on(people: People) -> None:
    people.hear(FIRST)
    people.told()
    for _ in range(4):
        people.now += BELIEVED_S / 2
        people.hear(FIRST)
    people.hear(SECOND)
    assert people.told() == []


def test_another_region_is_another_outage(people: People) -> None:
    people.hear(FIRST)
    people.told()
    people.hear(SECOND, region="KZ-75")
    assert people.told() == [SECOND]
    people.hear(SECOND, "resolved", region="KZ-75")
    assert people.told("resolved") == [SECOND]
    people.hear(FIRST, "resolved")
    assert people.told("resolved") == [FIRST]


def test_what_ended_before_it_was_told_is_never_told(people: People) -> None:
    people.hear(FIRST)
    people.hear(FIRST, "resolved")
    people.hear(SECOND, "resolved")
    assert people.told() == people.told("resolved") == []


def test_the_end_of_what_is_no_incident_wants_a_monitoring_that_lives_on(people: People) -> None:
    assert alerts.is_watched(people.connection, NOW), "without a Watchdog nothing is asked of it"
    for heard, watched in ((1, False), (2, False), (3, True)):
        alerts.take(people.connection, alerts_of(body(alert("Watchdog"))), NOW + 60 * heard)
        assert alerts.is_watched(people.connection, NOW) is watched
    assert not alerts.is_watched(people.connection, NOW + 60), "three signs after it, not before"


def _page(value: str, region: str = "all", operator: str = "all", kind: str = "international_loss") -> str:
    labels = f'kind="{kind}",region="{region}",operator="{operator}",access="all"'
    return f"# HELP x\ndabyl_incident_active{{{labels}}} {value}\n"


@pytest.mark.parametrize(
    ("page", "place", "wanted"),
    [
        (_page("1"), "", True),
        (_page("1.0"), "", True),
        (_page("0"), "", False),
        ("", "", False),
        (_page("1"), "KZ-71", True),
        (_page("1", "KZ-71"), "", True),
        (_page("1", "KZ-71"), "KZ-71", True),
        (_page("1", "KZ-71"), "KZ-75", False),
        (_page("1", "KZ-71"), "KZ-71 AS9198", True),
        (_page("1", "KZ-71", "AS29355"), "KZ-71 AS9198", False),
        (_page("1", "all", "AS9198"), "AS9198", True),
        (_page("1", kind="throttling"), "", False),
        (_page("0") + _page("1", "KZ-75"), "", True),
        (_page("1"), "modem", True),
    ],
)
def test_nothing_is_over_while_a_part_of_it_lasts(page: str, place: str, wanted: bool) -> None:
    assert lasts(page, "international_loss", place) is wanted


def test_an_alert_about_no_incident_does_not_wait_for_one() -> None:
    assert not lasts(_page("1"), "", "KZ-71")
