"""docs/collector.md says what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import fields

from collector import Settings
from collector.api.page_routes import PAGE_ROUTES
from collector.api.routes import ROUTES
from collector.core.exposition import exposed, exposed_stations
from collector.core.families import Family
from collector.core.intake import Limits
from collector.core.live import Live
from collector.core.refusals import RULES, Reason
from collector.settings import Late, Ledger, Sheets

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "collector.md").read_text(encoding="utf-8")
FAMILIES = [*exposed(Live(0.0), 0, 1.0), *exposed_stations(Live(0.0), 1.0)]


@pytest.mark.parametrize("reason", RULES)
def test_every_refusal_stands_in_the_docs(reason: Reason) -> None:
    rule = RULES[reason]
    assert f"| `{reason}` | {rule.status} | {'yes' if rule.retry else 'no'} | {rule.meaning} |" in TEXT


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: str(family.name))
def test_every_metric_stands_in_the_docs(family: Family) -> None:
    labels = ", ".join(family.labels)
    assert f"| `{family.name}` | {family.type} | {labels} | {family.documentation} |" in TEXT


@pytest.mark.parametrize("route", [*ROUTES, *PAGE_ROUTES], ids=lambda route: route.path)
def test_every_path_stands_in_the_docs(route: object) -> None:
    assert f"{route.method} {route.path}" in TEXT  # type: ignore[attr-defined]  # a route


def test_every_setting_stands_in_the_docs() -> None:
    for field in fields(Settings):
        assert field.name in {"limits", "late", "ledger", "sheets"} or f"| `{field.name}` |" in TEXT
    for field in fields(Limits):
        assert f"`limits.{field.name}`" in TEXT
    for field in fields(Late):
        assert f"`late.{field.name}`" in TEXT
    for name, table in (("ledger", Ledger), ("sheets", Sheets)):
        text = (DOCS / f"{name}.md").read_text(encoding="utf-8")
        for field in fields(table):
            assert f"| `{field.name}` |" in text, f"[{name}] {field.name}"
