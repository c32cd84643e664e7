"""Prometheus' own tool reads what we write, and its rules give the figures that we mean."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from dashboards import render, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(render("http://127.0.0.1:8080"), tmp_path)
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


def rule_test(folder: Path, *, every: str = "1m", **test: object) -> None:
    """Run one case of `promtool test rules`: a sample and an evaluation `every` so often."""
    case = {"rule_files": ["dabyl.rules.yml"], "evaluation_interval": every}
    path = folder / "case.yml"
    path.write_text(yaml.safe_dump({**case, "tests": [{"interval": every, **test}]}), encoding="utf-8")
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
    hours = 8 * 24
    rule_test(
        folder,
        every="1h",
        input_series=[
            series("dabyl_control_timestamp_seconds", old, f"0x{hours}"),
            series("dabyl_control_timestamp_seconds", fresh, f"0+3600x{hours}"),
        ],
        alert_rule_test=[
            alert(
                "DabylControlOld",
                hours * 60,
                old,
                "The vantage old sends no control; after 14 days nothing can be judged by it",
            )
        ],
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
