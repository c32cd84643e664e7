"""Incidents as Prometheus' metric families.

Rules of this file: a place that an incident does not name is `all`; one series for each kind and
place, however many incidents share it; an incident that is over stays as a 0 for a day, so that an
alert can be seen to end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product
from typing import Final

from collector.core.book import Book, is_active, span_of
from collector.core.families import Family
from wire import metrics as names
from wire.incidents import Incident

SHOWN_S: Final = 86_400.0
_LABELS: Final = ("kind", "region", "operator", "access")
_Key = tuple[str, str, str, str]


def exposed_incidents(book: Book, now: float) -> Iterator[Family]:
    """The families, at `now` (Unix seconds)."""
    known = [one.incident for one in book.last()]
    active = [one for one in known if is_active(one)]
    over = [one for one in known if not is_active(one) and now - span_of(one)[1] < SHOWN_S]
    ended = {key: 0.0 for one in over for key in _keys(one)}
    lasts = {key: 1.0 for one in active for key in _keys(one)}
    yield _gauge(names.INCIDENT_ACTIVE, "Whether an incident lasts there.", ended | lasts)
    began = _each(active, lambda one: -span_of(one)[0])
    yield _gauge(
        names.INCIDENT_STARTED, "When the oldest that lasts began.", {key: -at for key, at in began.items()}
    )
    sure = _each(active, lambda one: one.confidence)
    yield _gauge(names.INCIDENT_CONFIDENCE, "How sure the surest that lasts is.", sure)


def _each(found: Iterable[Incident], of: Callable[[Incident], float]) -> dict[_Key, float]:
    """The highest value of each series."""
    values: dict[_Key, float] = {}
    for one in found:
        for key in _keys(one):
            values[key] = max(of(one), values.get(key, float("-inf")))
    return values


def _keys(one: Incident) -> list[_Key]:
    scope = one.scope
    places = product(scope.regions or ("all",), scope.operators or ("all",), scope.access or ("all",))
    return [(one.kind, *place) for place in places]


def _gauge(name: str, text: str, values: Mapping[_Key, float]) -> Family:
    return Family(name, "gauge", text, _LABELS, values)
