"""Prometheus' own tool reads what we write, and its rules give the figures that we mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards import render, write
from tests.servers.promtool import cell, expected, incident, promtool, rule_test, series


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(render("http://127.0.0.1:8080"), tmp_path)
    return tmp_path / "prometheus"


def test_promtool_takes_the_configuration_and_its_rules(folder: Path) -> None:
    said = promtool("check", "config", folder / "prometheus.yml")
    assert "1 rule files found" in said


def test_promtool_takes_the_rules(folder: Path) -> None:
    assert "SUCCESS" in promtool("check", "rules", "--lint-fatal", folder / "dabyl.rules.yml")


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


def test_a_probe_of_several_categories_counts_once(folder: Path) -> None:
    other = {"region": "KZ-71", "operator": "AS9198", "category": "bank", "side": "foreign"}
    name = "side:dabyl_reachability_probes:sum"
    rule_test(
        folder,
        input_series=[*cell("KZ-71", "AS9198", 1.0, 9), series("dabyl_reachability_probes", other, "7x60")],
        promql_expr_test=[expected(name, (f'{name}{{side="foreign"}}', 9))],
    )
