"""Dabyl itself: rate, errors and duration of each stage, lest a fault of ours be read as the country's."""

from __future__ import annotations

from typing import Any

from dashboards import levels
from dashboards.boards import frame, kit
from dashboards.boards.words import Words
from wire import metrics


def pipeline(words: Words, language: str) -> Any:
    """Probes, collector, delivery, controls."""
    made = frame.board(words, language, "pipeline")
    for panel in (*_health(words), *_flow(words), *_waits(words)):
        made = made.with_panel(panel)
    return made


def _health(words: Words) -> list[Any]:
    controls = [kit.Column(f"time() - max by (vantage) ({metrics.CONTROL_TIMESTAMP})", "age", kit.SECONDS)]
    return [
        kit.figure(words, "collector-up", 'min(up{job=~"dabyl|dabyl-stations"})', size=(4, 5)),
        kit.figure(words, "reporting", levels.REPORTING, size=(4, 5)),
        kit.figure(words, "expected", levels.EXPECTED, size=(4, 5)),
        kit.figure(words, "age", levels.AGE, kit.SECONDS, size=(4, 5)),
        kit.rows(words, "controls", {"vantage": "label-vantage"}, controls, size=(8, 5)),
    ]


def _flow(words: Words) -> list[Any]:
    taken = "region:dabyl_measurements:rate5m"
    failed = f"sum by (step, failure) (rate({metrics.FAILURES}[5m]))"
    late = f"sum by (destination, result) (rate({metrics.LATE_SAMPLES}[5m]))"
    return [
        kit.lines(words, "measurements-rate", [(taken, "{{region}}")], "cps", size=(12, 8)),
        kit.lines(
            words,
            "rejected-rate",
            [("reason:dabyl_batches_rejected:rate5m", "{{reason}}")],
            "cps",
            size=(12, 8),
        ),
        kit.lines(words, "failures-rate", [(failed, "{{step}} {{failure}}")], "cps", size=(12, 8)),
        kit.lines(words, "late-rate", [(late, "{{destination}} {{result}}")], "cps", size=(12, 8)),
    ]


def _waits(words: Words) -> list[Any]:
    delays = [(_quantile(0.95, metrics.BATCH_DELAY), "95 %"), (_quantile(0.5, metrics.BATCH_DELAY), "50 %")]
    ingest = f"histogram_quantile(0.99, sum by (le, stage) (rate({metrics.INGEST_DURATION}_bucket[5m])))"
    skew = [(_quantile(0.95, metrics.CLOCK_SKEW), "95 %")]
    return [
        kit.lines(words, "batch-delay", delays, kit.SECONDS, size=(8, 8)),
        kit.lines(words, "ingest-duration", [(ingest, "{{stage}}")], kit.SECONDS, size=(8, 8)),
        kit.lines(
            words, "ingest-queue", [(f"max by (stage) ({metrics.INGEST_QUEUE})", "{{stage}}")], size=(8, 8)
        ),
        kit.lines(words, "clock-skew", skew, kit.SECONDS, size=(12, 7)),
        kit.figure(words, "ledger-size", f"max({metrics.LEDGER_SIZE})", size=(6, 7)),
        kit.figure(words, "ledger-head", f"max({metrics.LEDGER_CHECKPOINT}) * 1000", kit.AGO, size=(6, 7)),
    ]


def _quantile(share: float, metric: str) -> str:
    return f"histogram_quantile({share}, sum by (le) (rate({metric}_bucket[5m])))"
