"""Result sheets and the ledger that holds them: what came, what does not match, whether the ledger holds."""

from __future__ import annotations

from typing import Any, Final

from dashboards import night
from dashboards.boards import frame, kit, naming
from dashboards.boards.words import Words
from wire import metrics

_REGION: Final = 'region=~"$region"'
_LONGEST: Final = 40  # commissions named, of some 220
_QUANTILES: Final = (0.99, 0.5)


def sheets(words: Words, language: str) -> Any:
    """The sheets of the regions that are chosen, and the whole ledger."""
    made = frame.board(words, language, "sheets")
    made = made.with_variable(frame.choice(words, "region", night.REGION_SHEETS))
    for panel in (*_now(words), *_ledger(words), *_by_region(words), *_in_time(words)):
        made = made.with_panel(panel)
    return made


def _now(words: Words) -> list[Any]:
    return [
        kit.figure(words, "sheets-received", f"sum({night.REGION_SHEETS})", size=(6, 5)),
        kit.figure(words, "sheets-mismatched", f"sum({night.REGION_MISMATCHES})", size=(6, 5)),
        kit.figure(words, "stations-overdue", f"sum({night.REGION_OVERDUE})", size=(6, 5)),
        kit.figure(words, "ledger-size", f"max({metrics.LEDGER_SIZE})", size=(6, 5)),
    ]


def _ledger(words: Words) -> list[Any]:
    newest = f"max({metrics.LEDGER_AUDIT_TIMESTAMP}) * 1000"
    audit = kit.figure(words, "ledger-audit", f"min({metrics.LEDGER_AUDIT_OK})", "none", size=(6, 5))
    return [
        audit.mappings(naming.yes_no(words, "ledger-holds", "ledger-broken")),
        kit.figure(words, "ledger-audit-at", newest, kit.AGO, size=(6, 5)),
        kit.figure(words, "ledger-unmerged", f"max({metrics.LEDGER_UNMERGED})", kit.SECONDS, size=(6, 5)),
        kit.figure(words, "ledger-head", f"max({metrics.LEDGER_CHECKPOINT}) * 1000", kit.AGO, size=(6, 5)),
    ]  # fmt: skip


def _by_region(words: Words) -> list[Any]:
    columns = [
        kit.Column(f"{night.REGION_SHEETS}{{{_REGION}}}", "sheets-received"),
        kit.Column(f"{night.REGION_MISMATCHES}{{{_REGION}}}", "sheets-mismatched"),
        kit.Column(f"{night.REGION_OVERDUE}{{{_REGION}}}", "stations-overdue"),
    ]
    # By mark, over all chosen regions at once: a line each, not a hundred.
    clock = _quantile(0.5, metrics.STATION_CLOCK, "mark", f"{{{_REGION}}}")
    waits = f"topk({_LONGEST}, {metrics.COMMISSION_QUEUE}{{{_REGION}}})"
    oldest = f"{metrics.COMMISSION_OLDEST} and on (region, district) {waits}"
    queues = [kit.Column(waits, "queue"), kit.Column(oldest, "age", kit.SECONDS)]
    by_commission = {"region": "label-region", "district": "label-district"}
    return [
        kit.rows(words, "commissions", by_commission, queues, size=(24, 10)),
        kit.rows(words, "sheets-by-region", {"region": "label-region"}, columns, size=(12, 10)),
        kit.lines(words, "station-clock", [(clock, "{{mark}}")], kit.SECONDS, size=(12, 10)),
    ]


def _in_time(words: Words) -> list[Any]:
    delays = [
        (_quantile(share, metrics.SHEET_PUBLIC_DELAY), f"{round(share * 100)} %") for share in _QUANTILES
    ]
    grown = f"{night.REGION_MISMATCHES}{{{_REGION}}}"
    return [
        kit.lines(words, "sheets-rate", [(night.CHANNEL_SHEETS, "{{channel}}")], "cps", size=(8, 8)),
        kit.lines(words, "mismatches-in-time", [(grown, "{{region}}")], size=(8, 8)),
        kit.lines(words, "sheet-delay", delays, kit.SECONDS, size=(8, 8)),
    ]


def _quantile(share: float, metric: str, by: str = "", chosen: str = "") -> str:
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({share}, sum by ({labels}) (rate({metric}_bucket{chosen}[5m])))"
