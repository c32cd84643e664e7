"""What came late stands at the time when it was measured, as it would have stood then."""

from __future__ import annotations

from collector.core.late import LATE_S, LateSeen, Sample, late_of, open_metrics, samples
from collector.core.reading import Batch, reread
from tests.collector.core.scenes import ALMATY, NOW, key, member, seen
from tests.collector.harness import sealed
from wire.records import Measurement

START = NOW - NOW % 60


def batch(number: int, records: list[Measurement], arrived: float, role: str = "probe") -> Batch:
    who = member(number, role=role)
    return reread(who, sealed(key(number), records), arrived)


def late(number: int, *records: Measurement, arrived: float = START + 86_400) -> list[LateSeen]:
    return late_of(batch(number, list(records), arrived))


def at(number: int, name: str, state: str, minute: float, **given: object) -> Measurement:
    return seen(name, state, probe=key(number).id, at=START + 60 * minute, **given)  # type: ignore[arg-type]  # short words


def told(found: list[LateSeen], name: str = "dabyl_reachability_ratio") -> list[tuple[float, str, float]]:
    return [
        ((one.at_ms / 1000 - START) / 60, dict(one.labels)["region"], one.value)
        for one in samples(found)
        if one.name == name
    ]


def test_only_what_came_more_than_five_minutes_late_counts() -> None:
    records = [at(1, "a", "ok", 0), at(1, "b", "ok", 1)]
    assert [one.seen.url for one in late(1, *records, arrived=START + LATE_S + 1)] == ["https://a/"]
    assert late(1, *records, arrived=START + LATE_S) == []
    assert late_of(batch(3, [at(3, "a", "ok", 0)], START + 86_400, "vantage")) == []


def test_a_figure_lasts_as_long_as_the_live_window() -> None:
    found = told(late(1, at(1, "a", "blocked", 0), at(1, "b", "ok", 2.5)))
    assert found[:4] == [(0, "KZ-71", 0.0), (1, "KZ-71", 0.0), (2, "KZ-71", 0.0), (3, "KZ-71", 0.5)]
    assert found[-1] == (17, "KZ-71", 1.0), "the blocked one was forgotten after 15 minutes"
    assert len(found) == 18


def test_a_hole_of_hours_stays_a_hole() -> None:
    minutes = [minute for minute, *_ in told(late(1, at(1, "a", "ok", 0.5), at(1, "a", "ok", 300)))]
    assert minutes == [*range(1, 16), *range(300, 316)]


def test_every_probe_weighs_the_same_and_the_order_of_arrival_does_not_matter() -> None:
    found = [
        *late(1, at(1, "a", "ok", 0), at(1, "b", "blocked", 0)),
        *late(2, at(2, "a", "blocked", 0), at(2, "a", "down", 0, network=ALMATY)),
        *late(4, at(4, "a", "ok", 0, network=ALMATY)),
    ]
    first = list(samples(found))
    found.reverse()
    assert list(samples(found)) == first
    assert len({(one.name, one.labels, one.at_ms) for one in first}) == len(first), "no sample twice"
    assert told(found, "dabyl_reachability_probes")[0] == (0, "KZ-71", 1.0)


def test_the_text_is_openmetrics() -> None:
    labels = (("instance", "late"), ("region", "KZ-71"))
    found = [
        Sample("b", labels, 60_000, 2.0),
        Sample("a", labels, 60_000, 0.5),
        Sample("b", labels, 120_000, 1.0),
    ]
    assert "".join(open_metrics(found)).splitlines() == [
        "# TYPE a gauge",
        'a{instance="late",region="KZ-71"} 0.5 60',
        "# TYPE b gauge",
        'b{instance="late",region="KZ-71"} 2.0 60',
        'b{instance="late",region="KZ-71"} 1.0 120',
        "# EOF",
    ]
    assert "".join(open_metrics([])) == "# EOF\n"
