"""Alerts fire and end when they should, by Prometheus' own tool; Alertmanager takes its configuration."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from dashboards import render, write
from tests.servers.promtool import alert, cell, expected, incident, probes, rule_test, series

CRITICAL = {"severity": "critical", "operator": "all", "access": "all", "kind": "connectivity_loss"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(render("http://127.0.0.1:8080"), tmp_path)
    return tmp_path / "prometheus"


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


def test_vmagent_takes_its_configuration(folder: Path) -> None:
    config = folder.parent / "vmagent" / "vmagent.yml"
    command = ("vmagent", f"-promscrape.config={config}", "-promscrape.config.strictParse", "-dryRun")
    where = (
        "-remoteWrite.url=http://127.0.0.1:9/api/v1/write",
        f"-remoteWrite.tmpDataPath={folder / 'queue'}",
    )
    done = subprocess.run([*command, *where], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_alertmanager_takes_its_configuration(folder: Path) -> None:
    path = folder.parent / "alertmanager" / "alertmanager.yml"
    done = subprocess.run(["amtool", "check-config", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
