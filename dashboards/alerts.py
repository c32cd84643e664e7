"""Alerts about the country: the detector's word, brought to people; and about Dabyl's own health.

Rules of this file: an alert never says more than was measured. "No contact" is not "cut". What ends here is
not "restored": the gateway says so only after fresh proof from probes. Each alert names its runbook.
"""

from __future__ import annotations

from typing import Final

from dashboards.levels import CUT_KINDS, NO_CONTACT, REGION_LEVEL, Rule, national
from dashboards.night import AUDIT_OLD_S, MERGE_WITHIN_S, REGION_MISMATCHES, REGION_OVERDUE
from wire import metrics
from wire.metrics import INCIDENT_ACTIVE

# The judge uses a control for 14 days; half of that leaves a week to mend the vantage.
CONTROL_OLD_S: Final = 7 * 86_400
TEXT_WAITS_S: Final = 300
BLIND_S: Final = 900
NO_CONTACT_FOR: Final = "10m"
_RUNBOOKS: Final = "docs/runbooks"


def country_alerts() -> list[Rule]:
    """What happens in the country; `scope` is what inhibition goes by: nation over region over service."""
    cut, other = "|".join(CUT_KINDS), "service_block|throttling|tls_interception|dark_from_abroad"
    named = 'region!="all"'
    return [
        _alert(
            "DabylCountryCut", _lasting(national()), "1m", "national",
            "{{ $labels.kind }}: the whole country",
        ),
        _alert(
            "DabylOperatorCut", f"{_part('operator')} or {_part('access')}", "1m", "region",
            "{{ $labels.kind }}: the country, operator {{ $labels.operator }}, access {{ $labels.access }}",
        ),
        _alert(
            "DabylRegionCut", _lasting(f'kind=~"{cut}",{named}'), "1m", "region",
            "{{ $labels.kind }}: {{ $labels.region }} (operator {{ $labels.operator }})",
        ),
        _alert(
            "DabylInterference", _lasting(f'kind=~"{other}"'), "2m", "service",
            "{{ $labels.kind }}: region {{ $labels.region }}, operator {{ $labels.operator }}",
        ),
        _alert(
            "DabylNoContact", f'{REGION_LEVEL}{{region=~"KZ-.."}} == {NO_CONTACT}', NO_CONTACT_FOR, "region",
            "No contact with {{ $labels.region }}: its probes are silent; that alone is no proof of a cut",
        ),
    ]  # fmt: skip


def _part(label: str) -> str:
    """Cuts of a part of the country that is no region: an operator, a way of access."""
    rest = ',operator="all"' if label == "access" else ""
    kinds = "|".join(CUT_KINDS)
    return "(" + _lasting(f'kind=~"{kinds}",region="all",{label}!="all"{rest}') + ")"


def _lasting(chosen: str) -> str:
    """Incidents that last, without the address they were scraped from: people are told of places."""
    return f"max by (kind, region, operator, access) ({INCIDENT_ACTIVE}{{{chosen}}}) == 1"


def night_alerts() -> list[Rule]:
    """Result sheets and the ledger: what must be looked at within a minute."""
    return [
        _counted(
            "DabylSheetMismatch", f"{REGION_MISMATCHES} > 0",
            "Sheets that do not match what was told of them before: {{ $value }}",
        ),
        _alert(
            "DabylLedgerLate", f"max({metrics.LEDGER_UNMERGED}) > {MERGE_WITHIN_S}", "0s", "sheets",
            "An entry has waited for {{ $value | humanizeDuration }} to stand under the ledger's signed head",
        ),
        _alert(
            "DabylLedgerAudit", f"min({metrics.LEDGER_AUDIT_OK}) == 0", "0s", "sheets",
            "The ledger does not hold: its own audit failed",
        ),
        _alert(
            "DabylLedgerAuditOld",
            f"time() - max({metrics.LEDGER_AUDIT_TIMESTAMP}) > {AUDIT_OLD_S}", "1m", "own",
            "The ledger has not audited itself for {{ $value | humanizeDuration }}",
        ),
        _alert(
            "DabylCountOverdue", f"{REGION_OVERDUE} > 0", "1m", "sheets",
            "{{ $value }} stations of {{ $labels.region }}: no sheet 12 hours after the polls closed",
        ),
    ]  # fmt: skip


def health_alerts() -> list[Rule]:
    """What is wrong with Dabyl itself."""
    return [
        _alert("Watchdog", "vector(1)", "0s", "watchdog", "Always there: its absence means we are blind"),
        _alert(
            "DabylBlind", f"time() - max({metrics.PROBES_LAST_REPORT}) > {BLIND_S}", "1m", "own",
            "No probe was heard for {{ $value | humanizeDuration }}",
        ),
        _alert(
            "DabylCollectorSilent", 'up{job=~"dabyl|dabyl-stations"} == 0', "2m", "own",
            "The collector's metrics do not answer",
        ),
        _alert(
            "DabylControlOld", f"time() - {metrics.CONTROL_TIMESTAMP} > {CONTROL_OLD_S}", "10m", "own",
            "The vantage {{ $labels.vantage }} sends no control; after 14 days nothing can be judged by it",
        ),
        _alert(
            "DabylSmsLinkDown", f"{metrics.SMS_LINK_UP} == 0", "5m", "own",
            "The SMS link {{ $labels.link }} is down",
        ),
        _alert(
            "DabylSmsWaits", f"{metrics.SMS_OLDEST} > {TEXT_WAITS_S}", "5m", "own",
            "Texts wait on the link {{ $labels.link }} for {{ $value | humanizeDuration }}",
        ),
    ]  # fmt: skip


def _counted(name: str, expression: str, summary: str) -> Rule:
    """What never ends, only grows: each new number is an alert of its own, told once and never restored."""
    made = _alert(name, expression, "0s", "sheets", summary)
    return made | {"labels": made["labels"] | {"total": "{{ $value }}"}}


_SEVERITIES: Final = {
    "national": "critical",
    "region": "critical",
    "service": "warning",
    "sheets": "critical",
    "watchdog": "none",
    "own": "warning",
}


def _alert(name: str, expression: str, lasting: str, scope: str, summary: str) -> Rule:
    return {
        "alert": name,
        "expr": expression,
        "for": lasting,
        "labels": {"severity": _SEVERITIES[scope], "scope": scope},
        "annotations": {"summary": summary, "runbook": f"{_RUNBOOKS}/{name}.md"},
    }
