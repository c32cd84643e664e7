from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from collector.core.asked import asked
from collector.core.book import MISSING_S, Book, Revision
from collector.core.incident_metrics import exposed_incidents
from collector.core.refusals import Refused
from collector.core.times import stamp
from tests.collector.core.scenes import NOW
from wire.incidents import Incident, Kind, ProbeCount, Scope, Sentence

HOUR = 3_600.0
FLOOR = NOW - 24 * HOUR


def incident(
    name: str = "i-1", began: float = NOW - HOUR, ended: float | None = None, *,
    kind: Kind = "connectivity_loss", regions: Sequence[str] = ("KZ-75",), **more: Any,
) -> Incident:  # fmt: skip
    return Incident(
        id=name, kind=kind, scope=more.pop("scope", Scope(level="region", regions=tuple(regions))),
        started_at=stamp(began), ended_at=None if ended is None else stamp(ended),
        detected_at=stamp(began + 180), confidence=more.pop("confidence", 0.8),
        probes=ProbeCount(affected=10, reporting=0, expected=12), witnesses=("m1", "m2"),
        sentence=Sentence(kk=f"Алматы {name}", ru=f"Алматы: {name}", en=f"Almaty: {name}"), **more,
    )  # fmt: skip


def told(book: Book, found: Sequence[Incident], now: float = NOW, floor: float = FLOOR) -> list[Incident]:
    news = book.news(found, now, floor)
    for one in news:
        book.put(one)
    return [one.incident for one in news]


def test_what_is_found_again_unchanged_is_no_news() -> None:
    book = Book()
    assert told(book, [incident()]) == [incident()]
    assert told(book, [incident("i-2", began=NOW - HOUR + 10)]) == []


def test_an_event_keeps_its_id_and_its_first_detection_while_its_edges_move() -> None:
    book = Book()
    told(book, [incident()])
    (later,) = told(book, [incident("i-2", NOW - HOUR - 120, NOW)], NOW + 60)
    assert (later.id, later.revision, later.detected_at) == ("i-1", 2, incident().detected_at)


def test_an_event_that_was_called_by_a_wrong_name_is_detected_when_its_right_one_could_be_said() -> None:
    book = Book()
    told(book, [incident()])
    renamed = incident("i-2", NOW - HOUR + 120, kind="international_loss")
    (later,) = told(book, [renamed], NOW + 60)
    assert (later.id, later.revision, later.kind) == ("i-1", 2, "international_loss")
    assert later.detected_at == renamed.detected_at


def test_what_follows_upon_an_event_under_another_name_is_one_of_its_own() -> None:
    book = Book()
    told(book, [incident()])
    (later,) = told(book, [incident("i-2", NOW - 600, kind="allowlist_only")], NOW + 60)
    assert (later.id, later.revision) == ("i-2", 1)


def test_nothing_is_detected_before_it_began() -> None:
    book = Book()
    told(book, [incident()])
    (later,) = told(book, [incident("i-2", NOW - 600)], NOW + 60)
    assert later.id == "i-1"
    assert later.detected_at >= later.started_at


@pytest.mark.parametrize(
    "other",
    [
        incident("i-2", regions=("KZ-71",)),
        incident("i-2", kind="throttling"),
        incident("i-2", NOW - 9 * HOUR, NOW - 8 * HOUR),
        incident("i-2", scope=Scope(level="service", targets=("telegram",))),
    ],
    ids=["another region", "another kind", "another time", "a service"],
)
def test_another_event_has_another_id(other: Incident) -> None:
    book = Book()
    told(book, [incident()])
    assert told(book, [incident(), other]) == [other]


def test_what_late_data_do_not_show_any_more_is_withdrawn_after_a_while_and_may_come_back() -> None:
    book = Book()
    told(book, [incident()])
    assert told(book, [], NOW + 60) == []
    (gone,) = told(book, [], NOW + 60 + MISSING_S)
    assert (gone.withdrawn, gone.revision) == (True, 2)
    assert told(book, [], NOW + 9 * HOUR) == []
    (back,) = told(book, [incident()], NOW + 9 * HOUR)
    assert (back.id, back.withdrawn, back.revision, back.ended_at) == ("i-1", False, 3, None)


def test_what_a_rare_look_does_not_find_again_is_withdrawn_at_once() -> None:
    book = Book()
    told(book, [incident("whole"), incident("part", NOW - HOUR / 2)])
    (gone,) = told(book, [incident("whole")], NOW + 1_800)
    assert (gone.id, gone.withdrawn) == ("part", True)


def test_what_was_withdrawn_takes_no_finding_from_what_is_still_told() -> None:
    book = Book()
    told(book, [incident("first", ended=NOW - 3_000)])
    told(book, [], NOW + MISSING_S)
    told(book, [incident("second", NOW - 1_800)], NOW + 600)
    (wider,) = told(book, [incident("first", NOW - HOUR)], NOW + 660)
    assert (wider.id, wider.started_at, wider.withdrawn) == ("second", stamp(NOW - HOUR), False)


def test_what_was_withdrawn_comes_back_beside_what_is_still_told() -> None:
    book = Book()
    told(book, [incident("first", ended=NOW - 3_000)])
    told(book, [], NOW + MISSING_S)
    second = incident("second", NOW - 1_800)
    told(book, [second], NOW + 600)
    (back,) = told(book, [incident("first", ended=NOW - 3_000), second], NOW + 660)
    assert (back.id, back.withdrawn, back.revision) == ("first", False, 3)


def test_an_id_that_another_event_has_is_not_given_again() -> None:
    book = Book()
    told(book, [incident(began=NOW - 9 * HOUR, ended=NOW - 8 * HOUR)])
    (later,) = told(book, [incident()], NOW + 60)
    assert (later.id, later.revision) == ("i-1-2", 1)
    assert told(book, [incident(began=NOW - 9 * HOUR, ended=NOW - 8 * HOUR), incident("x")], NOW + 120) == []


def test_what_began_before_the_data_is_ended_never_withdrawn() -> None:
    book = Book()
    told(book, [incident()])
    told(book, [], NOW + 60, floor=NOW)
    (over,) = told(book, [], NOW + 60 + MISSING_S, floor=NOW)
    assert (over.withdrawn, over.ended_at) == (False, stamp(NOW))
    assert told(book, [], NOW + 9 * HOUR, floor=NOW) == []


def test_what_was_known_then_can_be_asked_again() -> None:
    book = Book()
    told(book, [incident()])
    told(book, [incident(ended=NOW)], NOW + 60)
    now, then, before = (
        asked(query).of(book) for query in ({}, {"as_of": stamp(NOW)}, {"as_of": stamp(NOW - 1)})
    )
    assert [one.incident.ended_at for one in now] == [stamp(NOW)]
    assert [one.incident.ended_at for one in then] == [None]
    assert before == []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["a", "b", "c"]),
        ({"active": "true"}, ["c"]),
        ({"active": "0"}, ["a", "b"]),
        ({"kind": "throttling"}, ["b"]),
        ({"region": "KZ-71"}, ["b", "c"]),
        ({"since": stamp(NOW - 4 * HOUR)}, ["b", "c"]),
        ({"until": stamp(NOW - 4 * HOUR)}, ["a"]),
        ({"since": "2026-11-18T11:06:40 05:00"}, ["b", "c"]),
    ],
)  # fmt: skip
def test_incidents_are_chosen_by(query: dict[str, str], names: list[str]) -> None:
    known = [
        incident("a", NOW - 9 * HOUR, NOW - 8 * HOUR),
        incident("b", NOW - 3 * HOUR, NOW - 2 * HOUR, kind="throttling", regions=("KZ-71",)),
        incident("c", NOW - HOUR, scope=Scope(level="national")),
    ]
    book = Book([Revision(known_at=NOW, incident=one) for one in known])
    assert [one.incident.id for one in asked(query).of(book)] == names


@pytest.mark.parametrize(
    "query", [{"kind": "war"}, {"region": "71"}, {"active": "yes"}, {"since": "now"}, {"regions": "KZ-71"}]
)
def test_a_question_that_makes_no_sense_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        asked(query)
    assert refused.value.reason == "query"


def test_metrics_say_what_lasts_and_what_is_just_over() -> None:
    known = [incident("a", ended=NOW - 60), incident("b", scope=Scope(level="national", access=("mobile",)))]
    book = Book([Revision(known_at=NOW, incident=one) for one in known])
    series = {
        (family.name, region, access): value
        for family in exposed_incidents(book, NOW)
        for (_, region, _, access), value in family.values.items()
    }
    assert series == {
        ("dabyl_incident_active", "KZ-75", "all"): 0.0,
        ("dabyl_incident_active", "all", "mobile"): 1.0,
        ("dabyl_incident_started_timestamp_seconds", "all", "mobile"): NOW - HOUR,
        ("dabyl_incident_confidence_ratio", "all", "mobile"): 0.8,
    }
