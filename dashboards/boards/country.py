"""The country: is it cut, where, since when, how sure are we, what still works; in five seconds."""

from __future__ import annotations

from typing import Any

from dashboards import levels
from dashboards.boards import frame, kit, naming
from dashboards.boards.map import region_map
from dashboards.boards.words import Words
from wire import metrics


def country(words: Words, language: str) -> Any:
    """Only recording rules, but for the list of what lasts, which is short."""
    made = frame.board(words, language, "country")
    for panel in (*_answer(words), *_where(words), *_works(words)):
        made = made.with_panel(panel)
    return made


def _answer(words: Words) -> list[Any]:
    since = f"{levels.SINCE} * 1000"
    return [
        kit.level(words, "country-level", levels.COUNTRY_LEVEL, size=(6, 5)),
        kit.figure(words, "incidents-now", levels.INCIDENTS, size=(3, 5)),
        kit.figure(words, "since", since, kit.AGO, size=(4, 5)),
        kit.figure(words, "sure", levels.SURE, kit.RATIO, size=(3, 5)),
        kit.figure(words, "reporting", levels.REPORTING, size=(3, 5)),
        kit.figure(words, "expected", levels.EXPECTED, size=(2, 5)),
        kit.figure(words, "age", levels.AGE, kit.SECONDS, size=(3, 5)),
    ]


def _where(words: Words) -> list[Any]:
    keys = {
        "kind": "label-kind",
        "region": "label-region",
        "operator": "label-operator",
        "access": "label-access",
    }
    lasting = f"({metrics.INCIDENT_STARTED} * 1000)"
    columns = [
        kit.Column(lasting, "since", kit.AGO),
        kit.Column(metrics.INCIDENT_CONFIDENCE, "sure", kit.RATIO),
    ]
    return [
        region_map(words, size=(12, 12)),
        kit.rows(words, "incidents-list", keys, columns, size=(12, 12)),
        kit.levels_in_time(words, "regions-in-time", levels.REGION_LEVEL, "{{region}}", size=(24, 12)),
    ]


def _works(words: Words) -> list[Any]:
    share = naming.ratio_steps()
    sides = [
        kit.Column(levels.SIDE_RATIO, "reach", kit.RATIO, share),
        kit.Column(levels.SIDE_PROBES, "n"),
    ]
    services = [
        kit.Column(levels.CATEGORY_RATIO, "reach", kit.RATIO, share),
        kit.Column(levels.CATEGORY_PROBES, "n"),
    ]
    keys = {"category": "label-category", "side": "label-side"}
    return [
        kit.rows(words, "sides", {"side": "label-side"}, sides, size=(6, 10)),
        kit.rows(words, "services-now", keys, services, size=(10, 10)),
        kit.rows(
            words,
            "stations-now",
            {"state": "label-state"},
            [kit.Column(levels.STATE_STATIONS, "n")],
            size=(8, 10),
        ),
    ]
