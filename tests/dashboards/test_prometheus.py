"""Prometheus' configuration and rules; that Prometheus takes them is tried in tests/system."""

from __future__ import annotations

import pytest

from dashboards import configuration, rules
from wire import BadInput

COLLECTOR = "http://127.0.0.1:8080"


def test_aggregates_are_scraped_often_and_stations_seldom() -> None:
    jobs = configuration(COLLECTOR)["scrape_configs"]
    assert {job["metrics_path"]: job["scrape_interval"] for job in jobs} == {
        "/metrics": "15s",
        "/metrics/stations": "60s",
    }


def test_late_samples_of_two_days_are_taken() -> None:
    assert configuration(COLLECTOR)["storage"]["tsdb"]["out_of_order_time_window"] == "2d"


@pytest.mark.parametrize(
    ("collector", "scheme", "host"),
    [
        ("http://127.0.0.1:8080", "http", "127.0.0.1:8080"),
        ("HTTPS://collector.example/", "https", "collector.example"),
        ("http://[::1]:8080", "http", "[::1]:8080"),
    ],
)
def test_the_collectors_url_is_taken_apart(collector: str, scheme: str, host: str) -> None:
    job = configuration(collector)["scrape_configs"][0]
    assert (job["scheme"], job["static_configs"]) == (scheme, [{"targets": [host]}])


@pytest.mark.parametrize(
    "collector",
    [
        "",
        "127.0.0.1:8080",
        "ftp://127.0.0.1",
        "http://",
        "http://:8080",
        "http://host:99999",
        "http://host:0",
        "http://host:eighty",
        "http://host:",
        "http://[::1",
        "http://host/metrics",
        "http://host?x=1",
        "http://user:secret@host",
        "http://two words",
    ],
)
def test_a_url_that_cannot_be_a_collectors_is_refused_in_one_line(collector: str) -> None:
    with pytest.raises(BadInput) as refusal:
        configuration(collector)
    assert "\n" not in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_every_recording_rule_is_named_level_metric_operation() -> None:
    for group in rules()["groups"]:
        for rule in group["rules"]:
            assert "alert" in rule or len(rule["record"].split(":")) == 3
