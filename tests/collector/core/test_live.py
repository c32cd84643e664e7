from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families

from collector.core.exposition import exposed, exposed_stations
from collector.core.families import text_of
from collector.core.live import Live
from collector.core.reading import reread
from collector.core.times import stamp
from tests.collector.core.scenes import ALMATY, ASTANA, NOW, STEPS, key, row, seen
from tests.collector.harness import sealed
from wire.records import Measurement, StationReport


def live_with(*rows: object) -> Live:
    live = Live(NOW - 60, publish_from=1)
    live.enrol(rows)  # type: ignore[arg-type]  # rows of scenes
    return live


def take(live: Live, number: int, *records: Measurement, arrived: float = NOW, count: bool = True) -> None:
    member = live.roster.get(key(number).id)
    assert member is not None
    own = [replace(record, probe=member.id) for record in records]
    live.take(reread(member, sealed(key(number), own), arrived), count=count)


def samples(live: Live, now: float = NOW) -> dict[tuple[str, frozenset[str]], float]:
    """Every series of both pages, as a scraper reads them: (name, set of label values) to value."""

    text = text_of([*exposed(live, 0, now), *exposed_stations(live, now)]).decode()
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_batch_is_counted_by_closed_labels_alone() -> None:
    live = live_with(row(1))
    take(live, 1, seen("a", "likely_blocked", "tls.reset.sni", steps=STEPS), seen("b", category="odd"))
    found = samples(live)
    assert found["dabyl_measurements_total", frozenset({"KZ-71", "AS9198", "news", "likely_blocked"})] == 1
    assert found["dabyl_measurements_total", frozenset({"KZ-71", "AS9198", "other", "ok"})] == 1
    assert found["dabyl_measurement_failures_total", frozenset({"tls", "connection_reset"})] == 1
    assert found["dabyl_step_duration_seconds_count", frozenset({"AS9198", "news", "tls"})] == 1
    assert found["dabyl_interference_ratio", frozenset({"KZ-71", "AS9198", "news", "tls.reset.sni"})] == 1.0
    assert found["dabyl_batches_total", frozenset({"KZ-71", "https"})] == 1
    assert found["dabyl_probes_reporting", frozenset({"KZ-71", "AS9198", "fixed"})] == 1


def test_what_was_counted_before_a_restart_is_not_counted_again() -> None:
    live = live_with(row(1))
    take(live, 1, seen("a"), count=False)
    found = samples(live)
    assert found["dabyl_reachability_ratio", frozenset({"KZ-71", "AS9198", "news", "foreign"})] == 1.0
    assert not [name for name, _ in found if name == "dabyl_measurements_total"]


def test_who_waits_for_texts_is_not_woken_by_measurements() -> None:
    live, told = live_with(row(1), row(2, role="gateway")), list[Sequence[StationReport]]()
    live.reported = told.append
    take(live, 1, seen("a"))
    assert told == []
    report = StationReport(id="r1", station="KZ-71-0379", kind="open", at=stamp(NOW))
    gateway = live.roster.get(key(2).id)
    assert gateway is not None
    live.take(reread(gateway, sealed(key(2), [report], purpose="dabyl/v1/report"), NOW))
    assert [[one.id for one in reports] for reports in told] == [["r1"]]


def test_delay_and_skew_are_told_apart_where_they_can_be() -> None:
    live = live_with(row(1))
    take(live, 1, seen("a", at=NOW - 100))
    take(live, 1, seen("a", at=NOW + 40))
    found = samples(live)
    assert found["dabyl_batch_delay_seconds_sum", frozenset({"KZ-71"})] == 100
    assert found["dabyl_probe_clock_skew_seconds_sum", frozenset({"KZ-71"})] == 40


def test_a_silent_probe_is_expected_and_not_reporting() -> None:
    live = live_with(row(1, heard=NOW - 3600))
    found = samples(live)
    assert found["dabyl_probes_expected", frozenset({"KZ-71", "AS9198", "fixed"})] == 1
    assert found["dabyl_probes_reporting", frozenset({"KZ-71", "AS9198", "fixed"})] == 0
    assert (
        found["dabyl_probes_last_report_timestamp_seconds", frozenset({"KZ-71", "AS9198", "fixed"})]
        == NOW - 3600
    )


def test_a_probe_is_counted_where_it_reports_from() -> None:
    live = live_with(row(1))
    take(live, 1, seen("a", network=ALMATY))
    found = samples(live)
    assert found["dabyl_probes_expected", frozenset({"KZ-75", "AS21299", "mobile"})] == 1
    assert ("dabyl_probes_expected", frozenset({"KZ-71", "AS9198", "fixed"})) not in found


def test_a_vantage_fills_the_control_and_no_region() -> None:
    live = live_with(row(2, role="vantage"))
    take(live, 2, seen("a", probe=key(2).id))
    assert live.overview(NOW).reach.ratio is None
    found = samples(live)
    assert found["dabyl_control_timestamp_seconds", frozenset({key(2).id})] == NOW
    assert b'"received_at":"' + stamp(NOW).encode() in live.control.lines(NOW)


def test_a_text_from_a_station_shows_at_once() -> None:
    live = live_with(row(3, role="gateway"))
    member = live.roster.get(key(3).id)
    assert member is not None
    assert live.overview(NOW).stations.total == 0
    report = StationReport(id="r", station="KZ-71-0379", kind="power", value="off", at=stamp(NOW))
    live.take(reread(member, sealed(key(3), [report], purpose="dabyl/v1/report"), NOW))
    assert live.overview(NOW).stations.states["trouble"] == 1
    found = samples(live)
    assert found["dabyl_station_state_code", frozenset({"KZ-71-0379", "KZ-71"})] == 2
    assert found["dabyl_stations", frozenset({"KZ-71", "trouble"})] == 1


def test_the_picture_is_kept_for_a_moment() -> None:
    live = live_with(row(1))
    before = live.overview(NOW)
    take(live, 1, seen("a"))
    assert live.overview(NOW + 1) is before
    assert live.overview(NOW + 2).reach.probes == 1


def told_of(number: int) -> set[str]:
    """The names of the series about a place with so many probes, one of them silent for an hour."""
    live = Live(NOW - 60)
    live.enrol([row(one, heard=NOW - 3_600 if one == number else NOW) for one in range(1, number + 1)])
    for one in range(1, number + 1):
        take(live, one, seen("a", "likely_blocked", "tls.reset.sni", steps=STEPS))
    return {name for name, labels in samples(live) if labels & {"KZ-71", "AS9198"}}


def test_a_place_of_fewer_than_three_probes_is_in_no_series() -> None:
    assert told_of(1) == told_of(2) == set()
    assert {"dabyl_reachability_ratio", "dabyl_interference_ratio", "dabyl_probes_reporting"} <= told_of(3)
    assert {"dabyl_measurements_total", "dabyl_batches_total", "dabyl_step_duration_seconds_sum"} <= told_of(
        3
    )


def test_what_is_left_out_cannot_be_found_from_a_total() -> None:
    live = Live(NOW - 60)
    live.enrol([row(one, ASTANA if one < 4 else ALMATY) for one in range(1, 6)])
    for one in range(1, 6):
        take(live, one, seen("a", network=ASTANA if one < 4 else ALMATY))
    assert not [name for name, _ in samples(live) if name == "dabyl_reachability_ratio"]


def test_vantages_and_gateways_are_nobodys_line() -> None:
    live = Live(NOW - 60)
    live.enrol([row(2, role="vantage")])
    take(live, 2, seen("a"))
    assert ("dabyl_measurements_total", frozenset({"KZ-71", "AS9198", "news", "ok"})) in samples(live)
