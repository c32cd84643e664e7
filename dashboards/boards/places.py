"""One region, one operator: what the country's board leads to."""

from __future__ import annotations

from typing import Any, Final

from dashboards import levels
from dashboards.boards import frame, kit, naming
from dashboards.boards.words import Words
from wire import metrics

_REGION = 'region=~"$region"'
_WORST: Final = 40
_OPERATOR = 'operator=~"$operator"'


def region(words: Words, language: str) -> Any:
    """Regions that are chosen: level in time, operators, services, probes, stations."""
    made = frame.board(words, language, "region").with_variable(
        frame.choice(words, "region", metrics.PROBES_EXPECTED)
    )
    for panel in _region(words):
        made = made.with_panel(panel)
    return made


def _region(words: Words) -> list[Any]:
    operators = _worst_sites(_REGION)
    keys = {"region": "label-region", "operator": "label-operator"}
    heard = [
        kit.Column(f"{levels.REGION_REPORTING}{{{_REGION}}}", "n"),
        kit.Column(f"{levels.REGION_AGE}{{{_REGION}}}", "age", kit.SECONDS),
    ]
    services = f"min by (category) (region_category:dabyl_reachability:ratio{{{_REGION}}})"
    sides = f"min by (side) (region_side:dabyl_reachability:ratio{{{_REGION}}})"
    stations = f"sum by (state) ({metrics.STATIONS}{{{_REGION}}})"
    return [
        kit.levels_in_time(
            words, "regions-in-time", f"{levels.REGION_LEVEL}{{{_REGION}}}", "{{region}}", size=(24, 8)
        ),
        kit.rows(words, "operators-now", keys, operators, size=(14, 9)),
        kit.rows(words, "contact", {"region": "label-region"}, heard, size=(10, 9)),
        kit.lines(words, "worst-services-in-time", [(services, "{{category}}")], kit.RATIO, size=(24, 9)),
        kit.lines(words, "worst-sides-in-time", [(sides, "{{side}}")], kit.RATIO),
        kit.lines(words, "stations-in-time", [(stations, "{{state}}")]),
    ]


def _worst_sites(chosen: str) -> list[kit.Column]:
    """The operators of regions that do worst, with the probes behind each: of 580 no more than are read."""
    worst = f"bottomk({_WORST}, region_operator:dabyl_reachability:ratio{{{chosen}}})"
    behind = f"{levels.SITE_REPORTING}{{{chosen}}} and on (region, operator) {worst}"
    return [
        kit.Column(worst, "reach", kit.RATIO, naming.ratio_steps()),
        kit.Column(behind, "n"),
    ]


def operator(words: Words, language: str) -> Any:
    """Operators that are chosen: level in time, services, mechanisms."""
    made = frame.board(words, language, "operator").with_variable(
        frame.choice(words, "operator", metrics.PROBES_EXPECTED)
    )
    for panel in _operator(words):
        made = made.with_panel(panel)
    return made


def _operator(words: Words) -> list[Any]:
    share = naming.ratio_steps()
    reach = [
        kit.Column(f"{levels.OPERATOR_RATIO}{{{_OPERATOR}}}", "reach", kit.RATIO, share),
        kit.Column(f"{levels.OPERATOR_REPORTING}{{{_OPERATOR}}}", "n"),
    ]
    places = _worst_sites(_OPERATOR)
    keys = {"region": "label-region", "operator": "label-operator"}
    found = f"max by (mechanism) ({levels.OPERATOR_MECHANISM}{{{_OPERATOR}}})"
    return [
        kit.levels_in_time(
            words,
            "operators-in-time",
            f"{levels.OPERATOR_LEVEL}{{{_OPERATOR}}}",
            "{{operator}}",
            size=(24, 9),
        ),
        kit.rows(words, "operators-now", {"operator": "label-operator"}, reach, size=(10, 10)),
        kit.rows(words, "operators-by-region", keys, places, size=(14, 10)),
        kit.lines(
            words,
            "mechanisms-in-time",
            [(found, "{{mechanism}}")],
            kit.RATIO,
            size=(24, 10),
        ),
    ]
