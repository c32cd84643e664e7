"""What rules and boards ask for is what the collector and the gateway really expose, by its name and its labels."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from collector.core.exposition import exposed, exposed_stations
from collector.core.live import Live
from dashboards import rules
from dashboards.boards import boards
from sms_gateway import KannelLink
from sms_gateway.metrics import Metrics
from sms_gateway.queues import Queue

SELECTOR = re.compile(r"(?<![:a-z0-9_])(dabyl_[a-z0-9_]+)(?![a-z0-9_:])(?:\{([^}]*)\})?")
SUFFIXES = ("_bucket", "_count", "_sum")


def families() -> dict[str, frozenset[str]]:
    """Every family of the collector with its labels."""
    live = Live(0.0)
    found = [*exposed(live, 0, 10.0), *exposed_stations(live, 10.0)]
    return {one.name: frozenset(one.labels) | {"le"} for one in found}


def gateways() -> set[str]:
    """The names of the gateway's families."""
    figures = Metrics((KannelLink(operator="AS29355"),))
    figures.link_is("kannel", up=True, signal=None)
    text = figures.text({"kannel": Queue(length=2, since=1.0)}, 60.0).decode()
    return set(re.findall(r"^# TYPE (\S+)", text, re.MULTILINE))


FAMILIES, GATEWAYS = families(), gateways()


def expressions() -> Iterator[str]:
    for group in rules()["groups"]:
        yield from (rule["expr"] for rule in group["rules"])
    for text in boards().values():
        for panel in json.loads(text)["panels"]:
            yield from (target["expr"] for target in panel["targets"])


def asked() -> list[tuple[str, str]]:
    found = {(name, labels) for one in expressions() for name, labels in SELECTOR.findall(one)}
    return sorted(found)


def bare(name: str) -> str:
    return next((name.removesuffix(one) for one in SUFFIXES if name.endswith(one)), name)


@pytest.mark.parametrize(("name", "chosen"), asked())
def test_a_metric_that_is_asked_for_is_exposed_with_the_labels_by_which_it_is_chosen(
    name: str, chosen: str
) -> None:
    labels = set(re.findall(r"([a-z]+)(?==|!=)", re.sub(r'"[^"]*"', '""', chosen)))
    if name.startswith("dabyl_sms_"):
        assert GATEWAYS & {name, bare(name), name.removesuffix("_total")}
    else:
        assert labels <= FAMILIES.get(name, FAMILIES.get(bare(name), frozenset())), name
        assert name in FAMILIES or bare(name) in FAMILIES


def test_recorded_names_are_not_taken_for_metrics() -> None:
    assert SELECTOR.findall('region:dabyl_level:code{region="KZ-71"} + dabyl_stations{state="open"}') == [
        ("dabyl_stations", 'state="open"')
    ]
