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
    told = {"summary": summary, "runbook": f"docs/runbooks/{name}.md"}
    usual = {"severity": "warning", "scope": "own"}
    fired = {"exp_labels": {**usual, **(labels or {})}, "exp_annotations": told}
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


def incident(kind: str, region: str, values: str, operator: str = "all") -> dict[str, str]:
    labels = {"kind": kind, "region": region, "operator": operator, "access": "all"}
    return series("dabyl_incident_active", labels, values)


CRITICAL = {"severity": "critical", "operator": "all", "access": "all", "kind": "connectivity_loss"}


def test_a_cut_of_the_country_is_told_after_a_minute_and_ends_with_the_incident(folder: Path) -> None:
    national = {**CRITICAL, "scope": "national", "region": "all"}
    rule_test(
        folder,
        input_series=[incident("connectivity_loss", "all", "0 0 1 1 1 1 0 0 0 0")],
        alert_rule_test=[
            alert("DabylCountryCut", 2),
            alert("DabylCountryCut", 3, national, "connectivity_loss: the whole country"),
            alert("DabylCountryCut", 6),
            alert("DabylRegionCut", 5),
            alert("DabylOperatorCut", 5),
        ],
    )


def test_a_cut_of_a_region_or_an_operator_is_no_cut_of_the_country(folder: Path) -> None:
    region = {**CRITICAL, "scope": "region", "region": "KZ-75"}
    operator = {**CRITICAL, "scope": "region", "region": "all", "operator": "AS29355"}
    rule_test(
        folder,
        input_series=[
            incident("connectivity_loss", "KZ-75", "1x20"),
            incident("connectivity_loss", "all", "1x20", "AS29355"),
        ],
        alert_rule_test=[
            alert("DabylCountryCut", 5),
            alert("DabylRegionCut", 5, region, "connectivity_loss: KZ-75 (operator all)"),
            alert(
                "DabylOperatorCut",
                5,
                operator,
                "connectivity_loss: the country, operator AS29355, access all",
            ),
        ],
    )


def test_a_block_of_a_service_is_a_warning(folder: Path) -> None:
    labels = {
        "scope": "service",
        "kind": "service_block",
        "region": "all",
        "operator": "all",
        "access": "all",
    }
    rule_test(
        folder,
        input_series=[incident("service_block", "all", "1x20")],
        alert_rule_test=[
            alert("DabylCountryCut", 5),
            alert("DabylInterference", 5, labels, "service_block: region all, operator all"),
        ],
    )


def probes(region: str, reporting: str, expected: int) -> list[dict[str, str]]:
    labels = {"region": region, "operator": "AS9198", "access": "fixed"}
    return [
        series("dabyl_probes_reporting", labels, reporting),
        series("dabyl_probes_expected", labels, f"{expected}x60"),
    ]


def test_silence_is_no_contact_and_not_a_cut(folder: Path) -> None:
    level = "region:dabyl_level:code"
    silent = {"severity": "critical", "scope": "region", "region": "KZ-75"}
    about = "No contact with KZ-75: its probes are silent; that alone is no proof of a cut"
    rule_test(
        folder,
        input_series=[
            *probes("KZ-75", "0x60", 40),
            *probes("KZ-10", "0x60", 1),
            *probes("KZ-71", "9x60", 9),
            *cell("KZ-71", "AS9198", 0.9, 9),
            *probes("KZ-62", "0x60", 9),
            incident("connectivity_loss", "KZ-62", "1x60"),
        ],
        promql_expr_test=[
            expected(
                level,
                (f'{level}{{region="KZ-75"}}', 5),
                (f'{level}{{region="KZ-10"}}', 0),
                (f'{level}{{region="KZ-71"}}', 2),
                (f'{level}{{region="KZ-62"}}', 4),
            )
        ],
        alert_rule_test=[
            alert("DabylNoContact", 9),
            alert("DabylNoContact", 11, silent, about),
        ],
    )


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([], 0),
        (cell("KZ-71", "AS9198", 1.0, 9), 1),
        (cell("KZ-71", "AS9198", 0.9, 9), 2),
        (cell("KZ-71", "AS9198", 0.5, 9), 3),
        (cell("KZ-71", "AS9198", 0.1, 9), 4),
        ([*cell("KZ-71", "AS9198", 1.0, 9), incident("international_loss", "all", "1x60")], 4),
        ([*cell("KZ-71", "AS9198", 1.0, 9), incident("international_loss", "all", "0x60")], 1),
        ([*cell("KZ-71", "AS9198", 1.0, 9), incident("service_block", "all", "1x60")], 1),
        ([*cell("KZ-71", "AS9198", 1.0, 9), incident("connectivity_loss", "KZ-10", "1x60")], 1),
    ],
)
def test_the_country_has_one_level_and_unknown_is_not_well(
    folder: Path, given: list[dict[str, str]], code: int
) -> None:
    name = "country:dabyl_level:code"
    rule_test(folder, input_series=given, promql_expr_test=[expected(name, (f"{name}{{}}", code))])


def test_the_watchdog_is_always_there(folder: Path) -> None:
    labels = {"severity": "none", "scope": "watchdog"}
    about = "Always there: its absence means we are blind"
    rule_test(folder, input_series=[], alert_rule_test=[alert("Watchdog", 5, labels, about)])


def test_when_no_probe_was_heard_for_long_we_say_that_we_are_blind(folder: Path) -> None:
    labels = {"region": "KZ-71", "operator": "AS9198", "access": "fixed"}
    rule_test(
        folder,
        input_series=[series("dabyl_probes_last_report_timestamp_seconds", labels, "0x60")],
        alert_rule_test=[
            alert("DabylBlind", 15),
            alert("DabylBlind", 20, {"scope": "own"}, "No probe was heard for 20m 0s"),
        ],
    )


def test_a_probe_of_several_categories_counts_once(folder: Path) -> None:
    other = {"region": "KZ-71", "operator": "AS9198", "category": "bank", "side": "foreign"}
    name = "side:dabyl_reachability_probes:sum"
    rule_test(
        folder,
        input_series=[*cell("KZ-71", "AS9198", 1.0, 9), series("dabyl_reachability_probes", other, "7x60")],
        promql_expr_test=[expected(name, (f'{name}{{side="foreign"}}', 9))],
    )


def test_alertmanager_takes_its_configuration(folder: Path) -> None:
    path = folder.parent / "alertmanager" / "alertmanager.yml"
    done = subprocess.run(["amtool", "check-config", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
