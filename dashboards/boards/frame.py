"""A board's frame: its identity, its links to those of the same language, its variables, its annotations."""

from __future__ import annotations

from typing import Any, Final

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.models.dashboard import (
    DashboardLinkType,
    VariableHide,
    VariableOption,
    VariableRefresh,
    VariableSort,
)

from dashboards.boards.kit import SOURCE
from dashboards.boards.words import Words
from wire.levels import COLOURS
from wire.metrics import INCIDENT_ACTIVE


def board(
    words: Words, language: str, name: str, *, refresh: str = "30s", back: str = "now-6h"
) -> dashboard.Dashboard:
    """An empty board: its identity, links to those of the same language, its datasource, its annotations."""
    made = (
        dashboard.Dashboard(words(f"{name}-title"))
        .uid(f"dabyl-{name}-{language}")
        .description(words(f"{name}-about"))
        .tags(["dabyl", f"dabyl-{language}"])
        .timezone("Asia/Almaty")
        .refresh(refresh)
        .time(back, "now")
        .readonly()
        .link(_link(words, language))
    )
    return made.with_variable(
        dashboard.DatasourceVariable("source")
        .label(words("datasource"))
        .type("prometheus")
        .hide(VariableHide.HIDE_VARIABLE)
    ).annotation(_incidents(words))


def _link(words: Words, language: str) -> Any:
    return (
        dashboard.DashboardLink(words("boards"))
        .type(DashboardLinkType.DASHBOARDS)
        .tags([f"dabyl-{language}"])
        .as_dropdown(True)
        .keep_time(True)
        .include_vars(True)
    )


def _incidents(words: Words) -> Any:
    return (
        dashboard.AnnotationQuery()
        .name(words("incidents"))
        .datasource(SOURCE)
        .enable(True)
        .icon_color(COLOURS["cut"])
        .expr(f"{INCIDENT_ACTIVE} == 1")
        .step("60s")
    )


# What a board opens with, where all values would be hundreds of lines: the capital, the largest operator.
FIRST: Final = {"region": "KZ-71", "operator": "AS9198"}


# Probes abroad, and those that did not say where they are, stand under other words.
_OURS: Final = {"region": '{region=~"KZ-.."}', "operator": '{operator=~"AS.+"}'}


def choice(words: Words, label: str, metric: str) -> Any:
    """A variable over the values of a label, of which several or all may be chosen."""
    made = (
        dashboard.QueryVariable(label)
        .label(words(f"label-{label}"))
        .datasource(SOURCE)
        .query(f"label_values({metric}{_OURS.get(label, '')}, {label})")
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.ALPHABETICAL_ASC)
    )
    if first := FIRST.get(label):
        made = made.current(VariableOption(selected=True, text=first, value=first))
    return made.include_all(True).multi(True).all_value(".*")
