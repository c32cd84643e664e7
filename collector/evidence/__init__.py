"""Evidence: what can be proven from the exact signed bytes alone, now and in ten years."""

from __future__ import annotations

from collector.core.selection import Selection
from collector.evidence.bundle import Manifest, Wish, export
from collector.evidence.bundle_check import Checked, verify_bundle
from collector.evidence.incident import selection_of
from collector.evidence.lines import Fault
from collector.evidence.parquet import export_parquet
from collector.evidence.purge import Order, purge
from collector.evidence.rebuild import check, rebuild
from collector.evidence.tally import Tally
from collector.evidence.verify import verify

__all__ = [
    "Checked",
    "Fault",
    "Manifest",
    "Order",
    "Selection",
    "Tally",
    "Wish",
    "check",
    "export",
    "export_parquet",
    "purge",
    "rebuild",
    "selection_of",
    "verify",
    "verify_bundle",
]
