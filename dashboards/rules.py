"""Prometheus' rules as plain data: what boards ask often, and alerts about Dabyl's own health.

Recording rules are named `level:metric:operation`. No alert here says that a cut began or ended: that is
the detector's word. Killing Prometheus makes Alertmanager say "resolved" by itself, so that nothing may tell
people "restored" on its word.
"""

from __future__ import annotations

from typing import Any, Final

from wire import metrics

Rule = dict[str, Any]

# The judge uses a control for 14 days; half of that leaves a week to mend the vantage.
CONTROL_OLD_S: Final = 7 * 86_400
TEXT_WAITS_S: Final = 300


def rules() -> dict[str, Any]:
    """The content of the rules file."""
    return {
        "groups": [
            {"name": "dabyl-levels", "rules": [*_reachability(), *_reporting(), *_stations()]},
            {"name": "dabyl-health", "rules": _health()},
        ]
    }


def _record(name: str, expression: str) -> Rule:
    return {"record": name, "expr": expression}


def _reachability() -> list[Rule]:
    levels = (("region",), ("region", "operator"), ("region", "category"), ("region", "side"))
    return [_record(f"{'_'.join(level)}:dabyl_reachability:ratio", _mean(level)) for level in levels]


def _mean(level: tuple[str, ...]) -> str:
    """The ratio at a level: every cell weighs as many probes as stand behind it; nothing where none does.

    Only the finest cells are taken: an empty category or side would be a sum that counts them again.
    """
    by = f"sum by ({', '.join(level)})"
    cells = '{category!="",side!=""}'
    ratio, probes = f"{metrics.REACHABILITY}{cells}", f"{metrics.REACHABILITY_PROBES}{cells}"
    return f"{by} ({ratio} * {probes}) / ({by} ({probes}) > 0)"


def _reporting() -> list[Rule]:
    by = "sum by (region)"
    return [
        _record(
            "region:dabyl_probes_reporting:ratio",
            f"{by} ({metrics.PROBES_REPORTING}) / ({by} ({metrics.PROBES_EXPECTED}) > 0)",
        ),
        _record("region_operator:dabyl_measurements:rate5m", _rate("region, operator", metrics.MEASUREMENTS)),
        _record("reason:dabyl_batches_rejected:rate5m", _rate("reason", metrics.BATCHES_REJECTED)),
    ]


def _rate(level: str, counter: str) -> str:
    return f"sum by ({level}) (rate({counter}[5m]))"


def _stations() -> list[Rule]:
    longest = f"max by (region) (time() - {metrics.STATION_LAST_SEEN})"
    return [_record("region:dabyl_station_silence_seconds:max", longest)]


def _health() -> list[Rule]:
    return [
        _alert(
            "DabylCollectorSilent",
            'up{job=~"dabyl|dabyl-stations"} == 0',
            "2m",
            "The collector's metrics do not answer",
        ),
        _alert(
            "DabylControlOld",
            f"time() - {metrics.CONTROL_TIMESTAMP} > {CONTROL_OLD_S}",
            "10m",
            "The vantage {{ $labels.vantage }} sends no control; after 14 days nothing can be judged by it",
        ),
        _alert(
            "DabylSmsLinkDown", f"{metrics.SMS_LINK_UP} == 0", "5m", "The SMS link {{ $labels.link }} is down"
        ),
        _alert(
            "DabylSmsWaits",
            f"{metrics.SMS_OLDEST} > {TEXT_WAITS_S}",
            "5m",
            "Texts wait on the link {{ $labels.link }} for {{ $value | humanizeDuration }}",
        ),
    ]


def _alert(name: str, expression: str, lasting: str, summary: str) -> Rule:
    return {
        "alert": name,
        "expr": expression,
        "for": lasting,
        "labels": {"severity": "warning"},
        "annotations": {"summary": summary},
    }
