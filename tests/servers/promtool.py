"""Prometheus' own tool, asked what our rules make of a few series."""

from __future__ import annotations

import subprocess
from pathlib import Path

import yaml


def promtool(*arguments: str | Path) -> str:
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


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


def incident(kind: str, region: str, values: str, operator: str = "all") -> dict[str, str]:
    labels = {"kind": kind, "region": region, "operator": operator, "access": "all"}
    return series("dabyl_incident_active", labels, values)


def probes(region: str, reporting: str, expected: int) -> list[dict[str, str]]:
    labels = {"region": region, "operator": "AS9198", "access": "fixed"}
    return [
        series("dabyl_probes_reporting", labels, reporting),
        series("dabyl_probes_expected", labels, f"{expected}x60"),
    ]
