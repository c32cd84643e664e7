"""Every alert has a runbook in three languages, and no runbook is left without its alert."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards import rules

ROOT = Path(__file__).parents[2]
ALERTS = {rule["alert"]: rule for group in rules()["groups"] for rule in group["rules"] if "alert" in rule}


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_has_a_runbook_in_three_languages(name: str) -> None:
    text = (ROOT / ALERTS[name]["annotations"]["runbook"]).read_text(encoding="utf-8")
    assert text.startswith(f"# {name}\n")
    for heading in ("## Қазақша", "## Русский", "## English"):
        assert len(text.partition(heading)[2].partition("##")[0].split()) > 15


def test_no_runbook_is_left_over() -> None:
    assert {path.stem for path in (ROOT / "docs" / "runbooks").glob("*.md")} == set(ALERTS)


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_waits_has_a_severity_and_a_scope(name: str) -> None:
    rule = ALERTS[name]
    assert rule["for"]
    assert rule["labels"]["severity"] in {"critical", "warning", "none"}
    assert rule["labels"]["scope"] in {"national", "region", "service", "sheets", "own", "watchdog"}
