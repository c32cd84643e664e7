"""Rules and alerts of election night, by Prometheus' own tool: cameras, sheets, the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards import render, write
from dashboards.night import CAMERA_STATES
from tests.servers.promtool import alert, expected, rule_test, series
from wire import metrics

SHEETS = {"severity": "critical", "scope": "sheets"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(render("http://127.0.0.1:8080"), tmp_path)
    return tmp_path / "prometheus"


def camera(station: str, state: str) -> dict[str, str]:
    labels = {"station": station, "region": station[:5]}
    return series(metrics.STATION_CAMERA, labels, f"{CAMERA_STATES.index(state)}x60")


def mismatches(values: str, region: str = "KZ-71", channel: str = "https") -> dict[str, str]:
    return series(metrics.SHEET_MISMATCHES, {"region": region, "channel": channel}, values)


def test_cameras_are_counted_by_state_and_by_region(folder: Path) -> None:
    state, watched, trouble = (
        "state:dabyl_station_cameras:count",
        "region:dabyl_station_cameras:count",
        "region:dabyl_station_cameras_in_trouble:count",
    )
    rule_test(
        folder,
        input_series=[
            camera("KZ-71-0001", "fine"), camera("KZ-71-0002", "frozen"), camera("KZ-71-0003", "unknown"),
            camera("KZ-75-0001", "no_power"), camera("KZ-10-0001", "thin"),
        ],
        promql_expr_test=[
            expected(state, *((f'{state}{{state="{one}"}}', 1) for one in ("fine", "frozen", "unknown", "no_power", "thin"))),
            expected(watched, *((f'{watched}{{region="{code}"}}', 1 if code != "KZ-71" else 2) for code in ("KZ-71", "KZ-75", "KZ-10"))),
            expected(trouble, *((f'{trouble}{{region="{code}"}}', int(code != "KZ-10")) for code in ("KZ-71", "KZ-75", "KZ-10"))),
        ],
    )  # fmt: skip


def test_the_first_mismatch_of_a_region_is_told_at_once_and_the_next_one_too(folder: Path) -> None:
    first, second = (SHEETS | {"region": "KZ-71", "total": total} for total in "12")
    about = "Sheets that do not match what was told of them before: "
    rule_test(
        folder,
        input_series=[mismatches("_x4 1x20 2x30"), mismatches("0x60", "KZ-75")],
        alert_rule_test=[
            alert("DabylSheetMismatch", 3),
            alert("DabylSheetMismatch", 5, first, f"{about}1"),
            alert("DabylSheetMismatch", 15, first, f"{about}1"),
            alert("DabylSheetMismatch", 27, second, f"{about}2"),
        ],
    )


def test_mismatches_that_come_by_several_ways_are_one_alert(folder: Path) -> None:
    rule_test(
        folder,
        input_series=[mismatches("0x5 2x20"), mismatches("0x5 1x20", channel="sms")],
        alert_rule_test=[
            alert(
                "DabylSheetMismatch",
                7,
                SHEETS | {"region": "KZ-71", "total": "3"},
                "Sheets that do not match what was told of them before: 3",
            )
        ],
    )


@pytest.mark.parametrize(
    ("given", "name", "labels", "about"),
    [
        (
            (metrics.LEDGER_UNMERGED, "0 30 61x30"), "DabylLedgerLate", SHEETS,
            "An entry has waited for 1m 1s to stand under the ledger's signed head",
        ),
        ((metrics.LEDGER_AUDIT_OK, "1 1 0x30"), "DabylLedgerAudit", SHEETS, "The ledger does not hold: its own audit failed"),
        (
            (metrics.STATIONS_OVERDUE, "0 0 3x30"), "DabylCountOverdue", SHEETS | {"region": "KZ-71"},
            "3 stations of KZ-71: no sheet 12 hours after the polls closed",
        ),
    ],
)  # fmt: skip
def test_the_ledger_and_the_clock_are_watched(
    folder: Path, given: tuple[str, str], name: str, labels: dict[str, str], about: str
) -> None:
    metric, values = given
    place = {"region": "KZ-71"} if "region" in labels else {}
    rule_test(
        folder,
        input_series=[series(metric, place, values)],
        alert_rule_test=[alert(name, 1), alert(name, 4, labels, about)],
    )


def test_an_audit_that_is_long_ago_is_told(folder: Path) -> None:
    rule_test(
        folder,
        input_series=[series(metrics.LEDGER_AUDIT_TIMESTAMP, {}, "0x120")],
        alert_rule_test=[
            alert("DabylLedgerAuditOld", 59),
            alert("DabylLedgerAuditOld", 70, {"severity": "warning", "scope": "own"}, "The ledger has not audited itself for 1h 10m 0s"),
        ],
    )  # fmt: skip
