"""Prometheus' rules as plain data: what boards ask often, and the alerts.

Recording rules are named `level:metric:operation`. That a cut began or ended is the detector's word; alerts
only bring it. Killing Prometheus makes Alertmanager say "resolved" by itself, so that nothing may tell people
"restored" on its word.
"""

from __future__ import annotations

from typing import Any

from dashboards.alerts import country_alerts, health_alerts, night_alerts
from dashboards.levels import Rule, level_rules, mean, record
from dashboards.night import night_rules
from wire import metrics


def rules() -> dict[str, Any]:
    """The content of the rules file."""
    return {
        "groups": [
            {
                "name": "dabyl-levels",
                "rules": [*_reachability(), *_reporting(), *_stations(), *level_rules(), *night_rules()],
            },
            {"name": "dabyl-country", "rules": country_alerts()},
            {"name": "dabyl-night", "rules": night_alerts()},
            {"name": "dabyl-health", "rules": health_alerts()},
        ]
    }


def _reachability() -> list[Rule]:
    levels = (("region",), ("region", "operator"), ("region", "category"), ("region", "side"))
    return [record(f"{'_'.join(level)}:dabyl_reachability:ratio", mean(", ".join(level))) for level in levels]


def _reporting() -> list[Rule]:
    by = "sum by (region)"
    return [
        record(
            "region:dabyl_probes_reporting:ratio",
            f"{by} ({metrics.PROBES_REPORTING}) / ({by} ({metrics.PROBES_EXPECTED}) > 0)",
        ),
        record("region:dabyl_measurements:rate5m", _rate("region", metrics.MEASUREMENTS)),
        record("region_operator:dabyl_measurements:rate5m", _rate("region, operator", metrics.MEASUREMENTS)),
        record("reason:dabyl_batches_rejected:rate5m", _rate("reason", metrics.BATCHES_REJECTED)),
    ]


def _rate(level: str, counter: str) -> str:
    return f"sum by ({level}) (rate({counter}[5m]))"


def _stations() -> list[Rule]:
    longest = f"max by (region) (time() - {metrics.STATION_LAST_SEEN})"
    return [record("region:dabyl_station_silence_seconds:max", longest)]
