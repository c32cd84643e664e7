"""Prometheus' own tool reads what we write, and its rules give the figures that we mean."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from dashboards import configuration, render, rules, write
from wire import BadInput

COLLECTOR = "http://127.0.0.1:8080"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(render(COLLECTOR), tmp_path)
    return tmp_path / "prometheus"


def promtool(*arguments: str | Path) -> str:
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_promtool_takes_the_configuration_and_its_rules(folder: Path) -> None:
    said = promtool("check", "config", folder / "prometheus.yml")
    assert "1 rule files found" in said


def test_promtool_takes_the_rules(folder: Path) -> None:
    assert "SUCCESS" in promtool("check", "rules", "--lint-fatal", folder / "dabyl.rules.yml")


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


def series(metric: str, labels: dict[str, str], values: str) -> dict[str, str]:
    text = ",".join(f'{key}="{value}"' for key, value in labels.items())
    return {"series": f"{metric}{{{text}}}", "values": values}


def cell(region: str, operator: str, ratio: float, probes: int) -> list[dict[str, str]]:
    labels = {"region": region, "operator": operator, "category": "news", "side": "foreign"}
    return [
        series("dabyl_reachability_ratio", labels, f"{ratio}x60"),
        series("dabyl_reachability_probes", labels, f"{probes}x60"),
    ]


def expected(expression: str, *samples: tuple[str, float]) -> dict[str, object]:
    found = [{"labels": labels, "value": value} for labels, value in samples]
    return {"expr": expression, "eval_time": "10m", "exp_samples": found}


def alert(
    name: str, minutes: int, labels: dict[str, str] | None = None, summary: str = ""
) -> dict[str, object]:
    """The one alert that has to fire then; none when no labels are given."""
    fired = {"exp_labels": {"severity": "warning", **(labels or {})}, "exp_annotations": {"summary": summary}}
    return {"alertname": name, "eval_time": f"{minutes}m", "exp_alerts": [fired] if labels else []}


def rule_test(folder: Path, **test: object) -> None:
    """Run one case of `promtool test rules`: a minute between samples."""
    case = {
        "rule_files": ["dabyl.rules.yml"],
        "evaluation_interval": "1m",
        "tests": [{"interval": "1m", **test}],
    }
    path = folder / "case.yml"
    path.write_text(yaml.safe_dump(case), encoding="utf-8")
    promtool("test", "rules", path)


def test_a_ratio_weighs_each_cell_by_its_probes(folder: Path) -> None:
    rule_test(
        folder,
        input_series=[
            *cell("KZ-71", "AS9198", 1.0, 30),
            *cell("KZ-71", "AS29355", 0.2, 10),
            *cell("KZ-75", "AS9198", 0.5, 4),
        ],
        promql_expr_test=[
            expected(
                "region_operator:dabyl_reachability:ratio",
                ('region_operator:dabyl_reachability:ratio{region="KZ-71",operator="AS9198"}', 1.0),
                ('region_operator:dabyl_reachability:ratio{region="KZ-71",operator="AS29355"}', 0.2),
                ('region_operator:dabyl_reachability:ratio{region="KZ-75",operator="AS9198"}', 0.5),
            ),
            expected(
                "region:dabyl_reachability:ratio",
                ('region:dabyl_reachability:ratio{region="KZ-71"}', 0.8),
                ('region:dabyl_reachability:ratio{region="KZ-75"}', 0.5),
            ),
        ],
    )


def test_sums_over_categories_are_not_counted_again(folder: Path) -> None:
    everything = {"region": "KZ-71", "operator": "AS9198"}
    rule_test(
        folder,
        input_series=[
            *cell("KZ-71", "AS9198", 0.9, 10),
            series("dabyl_reachability_ratio", everything, "0x60"),
            series("dabyl_reachability_probes", everything, "10x60"),
        ],
        promql_expr_test=[
            expected(
                "region:dabyl_reachability:ratio", ('region:dabyl_reachability:ratio{region="KZ-71"}', 0.9)
            )
        ],
    )


def test_a_region_without_probes_has_no_ratio_rather_than_a_wrong_one(folder: Path) -> None:
    rule_test(
        folder,
        input_series=cell("KZ-10", "AS9198", 0.0, 0),
        promql_expr_test=[expected("region:dabyl_reachability:ratio")],
    )


def test_the_longest_silence_of_a_station_counts_for_its_region(folder: Path) -> None:
    name = "dabyl_station_last_seen_timestamp_seconds"
    rule_test(
        folder,
        input_series=[
            series(name, {"station": "KZ-71-0379", "region": "KZ-71"}, "500x60"),
            series(name, {"station": "KZ-71-0380", "region": "KZ-71"}, "60x60"),
        ],
        promql_expr_test=[
            expected(
                "region:dabyl_station_silence_seconds:max",
                ('region:dabyl_station_silence_seconds:max{region="KZ-71"}', 540.0),
            )
        ],
    )


def test_a_collector_that_is_silent_for_a_moment_alarms_nobody(folder: Path) -> None:
    job = {"job": "dabyl", "instance": "127.0.0.1:8080"}
    rule_test(
        folder,
        input_series=[series("up", job, "1 0 1 1 1 0 0 0 0 0")],
        alert_rule_test=[
            alert("DabylCollectorSilent", 2),
            alert("DabylCollectorSilent", 8, job, "The collector's metrics do not answer"),
        ],
    )


def test_a_control_is_missed_a_week_before_it_is_useless(folder: Path) -> None:
    fresh, old = {"vantage": "fresh"}, {"vantage": "old"}
    eight_days = 8 * 24 * 60
    said = "The vantage old sends no control; after 14 days nothing can be judged by it"
    rule_test(
        folder,
        input_series=[
            series("dabyl_control_timestamp_seconds", old, f"0x{eight_days}"),
            series("dabyl_control_timestamp_seconds", fresh, f"0+60x{eight_days}"),
        ],
        alert_rule_test=[alert("DabylControlOld", eight_days, old, said)],
    )


def test_texts_that_wait_are_noticed(folder: Path) -> None:
    link = {"link": "kannel"}
    rule_test(
        folder,
        input_series=[
            series("dabyl_sms_oldest_seconds", link, "0+60x60"),
            series("dabyl_sms_link_up", link, "1x60"),
        ],
        alert_rule_test=[
            alert("DabylSmsWaits", 5),
            alert("DabylSmsWaits", 15, link, "Texts wait on the link kannel for 15m 0s"),
            alert("DabylSmsLinkDown", 15),
        ],
    )


def test_every_recording_rule_is_named_level_metric_operation() -> None:
    for group in rules()["groups"]:
        for rule in group["rules"]:
            assert "alert" in rule or len(rule["record"].split(":")) == 3
