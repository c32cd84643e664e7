"""Recording rules of what national boards show, so that a board of the country asks for few series.

Rules of this file: every share stands beside its n; a place of which nothing is known is 0, never 1; a place
whose probes fell silent is 5, "no contact", which is not "cut": that takes another witness.
"""

from __future__ import annotations

from typing import Any, Final

from wire import metrics
from wire.levels import CODES, FLOORS
from wire.metrics import INCIDENT_ACTIVE, INCIDENT_CONFIDENCE, INCIDENT_STARTED

Rule = dict[str, Any]
NO_CONTACT: Final = 5
LEAST_PROBES: Final = 3  # fewer are not published, and do not make a place silent
CUT_KINDS: Final = ("connectivity_loss", "international_loss", "allowlist_only")
_CELLS: Final = '{category!="",side!=""}'

COUNTRY_LEVEL: Final = "country:dabyl_level:code"
REGION_LEVEL: Final = "region:dabyl_level:code"
OPERATOR_LEVEL: Final = "operator:dabyl_level:code"
SIDE_RATIO: Final = "side:dabyl_reachability:ratio"
SIDE_PROBES: Final = "side:dabyl_reachability_probes:sum"
CATEGORY_RATIO: Final = "category_side:dabyl_reachability:ratio"
CATEGORY_PROBES: Final = "category_side:dabyl_reachability_probes:sum"
OPERATOR_RATIO: Final = "operator:dabyl_reachability:ratio"
REPORTING: Final = "country:dabyl_probes_reporting:sum"
EXPECTED: Final = "country:dabyl_probes_expected:sum"
REGION_REPORTING: Final = "region:dabyl_probes_reporting:sum"
OPERATOR_REPORTING: Final = "operator:dabyl_probes_reporting:sum"
AGE: Final = "country:dabyl_last_report_age_seconds:min"
REGION_AGE: Final = "region:dabyl_last_report_age_seconds:min"
INCIDENTS: Final = "country:dabyl_incidents:count"
SINCE: Final = "country:dabyl_incident_started_timestamp_seconds:min"
SURE: Final = "country:dabyl_incident_confidence_ratio:max"
SITE_REPORTING: Final = "region_operator:dabyl_probes_reporting:sum"
OPERATOR_MECHANISM: Final = "operator_mechanism:dabyl_interference:max"
STATE_STATIONS: Final = "state:dabyl_stations:sum"
MECHANISM_RATIO: Final = "mechanism:dabyl_interference:max"
CATEGORY_MECHANISM: Final = "category_mechanism:dabyl_interference:max"


def level_rules() -> list[Rule]:
    """The rules, in an order in which each only uses those above it."""
    return [*_ratios(), *_contact(), *_incidents(), *_levels(), *_others()]


def record(name: str, expression: str) -> Rule:
    """A recording rule."""
    return {"record": name, "expr": expression}


def _ratios() -> list[Rule]:
    levels = {SIDE_RATIO: "side", CATEGORY_RATIO: "category, side", OPERATOR_RATIO: "operator"}
    counts = {SIDE_PROBES: "side", CATEGORY_PROBES: "category, side"}
    return [
        *(record(name, mean(by)) for name, by in levels.items()),
        *(record(name, f"sum by ({by}) ({_most_probes(by)})") for name, by in counts.items()),
    ]


def mean(by: str) -> str:
    """The share at a level: every cell weighs as many probes as stand behind it."""
    ratio, probes = f"{metrics.REACHABILITY}{_CELLS}", f"{metrics.REACHABILITY_PROBES}{_CELLS}"
    return f"sum by ({by}) ({ratio} * {probes}) / (sum by ({by}) ({probes}) > 0)"


def _most_probes(by: str) -> str:
    """Probes behind a level: a probe measures many categories, so that of each place the largest counts."""
    return f"max by (region, operator, {by}) ({metrics.REACHABILITY_PROBES}{_CELLS})"


def _contact() -> list[Rule]:
    age = f"time() - max({metrics.PROBES_LAST_REPORT})"
    return [
        record(REPORTING, f"sum({metrics.PROBES_REPORTING})"),
        record(EXPECTED, f"sum({metrics.PROBES_EXPECTED})"),
        record(REGION_REPORTING, f"sum by (region) ({metrics.PROBES_REPORTING})"),
        record(SITE_REPORTING, f"sum by (region, operator) ({metrics.PROBES_REPORTING})"),
        record(OPERATOR_REPORTING, f"sum by (operator) ({metrics.PROBES_REPORTING})"),
        record(AGE, age),
        record(REGION_AGE, f"time() - max by (region) ({metrics.PROBES_LAST_REPORT})"),
    ]


def _incidents() -> list[Rule]:
    return [
        record(INCIDENTS, f"sum({INCIDENT_ACTIVE}) or vector(0)"),
        record(SINCE, f"min({INCIDENT_STARTED})"),
        record(SURE, f"max({INCIDENT_CONFIDENCE})"),
    ]


def _levels() -> list[Rule]:
    silent = f"{NO_CONTACT} * ((sum by (region) ({metrics.PROBES_EXPECTED}) >= bool {LEAST_PROBES}) == 1)"
    no_contact = f"({silent}) and on (region) ({REGION_REPORTING} == 0)"
    region = f"({cut_in('region')}) or ({code_of('region:dabyl_reachability:ratio')}) or ({no_contact})"
    nobody = f"0 * {REGION_REPORTING}"
    return [
        record(COUNTRY_LEVEL, f"({_national_cut()}) or ({code_of(f'min({SIDE_RATIO})')}) or vector(0)"),
        record(REGION_LEVEL, f"{region} or ({nobody})"),
        record(OPERATOR_LEVEL, f"({code_of(OPERATOR_RATIO)}) or (0 * {OPERATOR_REPORTING})"),
    ]


def code_of(ratio: str) -> str:
    """A share as a level's code: 1 ok, 2 degraded, 3 warning, 4 cut."""
    steps = " - ".join(f"({ratio} >= bool {floor})" for floor, _ in FLOORS)
    return f"{CODES['cut']} - {steps}"


def _national_cut() -> str:
    return f"{CODES['cut']} * (max({INCIDENT_ACTIVE}{{{national()}}}) == 1)"


def national() -> str:
    """What selects incidents of the whole country that cut a line."""
    return f'kind=~"{"|".join(CUT_KINDS)}",region="all",operator="all",access="all"'


def cut_in(place: str) -> str:
    """The code of a cut for each place of a kind that an incident names as a whole."""
    kinds = "|".join(CUT_KINDS)
    chosen = f'kind=~"{kinds}",{place}!="all",access="all"'
    rest = ',operator="all"' if place == "region" else ',region="all"'
    return f"{CODES['cut']} * (max by ({place}) ({INCIDENT_ACTIVE}{{{chosen}{rest}}}) == 1)"


def _others() -> list[Rule]:
    return [
        record(STATE_STATIONS, f"sum by (state) ({metrics.STATIONS})"),
        record(MECHANISM_RATIO, f"max by (mechanism) ({metrics.INTERFERENCE})"),
        record(OPERATOR_MECHANISM, f"max by (operator, mechanism) ({metrics.INTERFERENCE})"),
        record(CATEGORY_MECHANISM, f"max by (category, mechanism) ({metrics.INTERFERENCE})"),
    ]
