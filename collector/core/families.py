"""Metric families, and the text that Prometheus reads (format 0.0.4).

Rules of this file: a label's text is made once and found again, for there are 100,000 of them and they
hardly change; labels stand sorted by name, as in everybody else's exposition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, Literal, NamedTuple

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
MAX_TEXTS: Final = 131_072  # of one metric
MAX_METRICS: Final = 256
_BOUND: Final = 'le="\0"'
_INFINITY: Final = float("inf")
Labels = tuple[str, ...]


class Family(NamedTuple):
    """One metric: `values` by the values of its labels, in their order; of a histogram, histograms."""

    name: str
    type: Literal["gauge", "counter", "histogram"]
    documentation: str
    labels: Labels
    values: Mapping[Any, Any]


def text_of(families: Iterable[Family]) -> bytes:
    """The whole page."""
    return "".join(line for family in families for line in _lines(family)).encode()


def _lines(family: Family) -> Iterator[str]:
    yield f"# HELP {family.name} {family.documentation}\n# TYPE {family.name} {family.type}\n"
    if family.type == "histogram":
        yield from _histograms(family)
        return
    series = _texts(family.name, family.labels)
    for key, value in family.values.items():
        yield f"{series[key]} {_number(value)}\n"


def _histograms(family: Family) -> Iterator[str]:
    name, labels = family.name, family.labels
    buckets = _texts(f"{name}_bucket", labels, _BOUND)
    counts, sums = _texts(f"{name}_count", labels), _texts(f"{name}_sum", labels)
    for key, found in family.values.items():
        before, _, after = buckets[key].partition("\0")
        for bound, count in found.buckets():
            yield f"{before}{bound}{after} {count!r}\n"
        yield f"{counts[key]} {float(sum(found.counts))!r}\n"
        yield f"{sums[key]} {_number(found.sum)}\n"


class _Texts(dict[Any, str]):
    """The text before the value, by the values of the labels; made when it is first asked for."""

    def __init__(self, name: str, labels: Labels, extra: str) -> None:
        pairs = sorted([*((label, f'{label}="%s"') for label in labels), *([("le", extra)] if extra else [])])
        self._form = f"{name}{{{','.join(text for _, text in pairs)}}}" if pairs else name
        self._quotes = self._form.count('"')
        order = sorted(range(len(labels)), key=labels.__getitem__)
        self._sorted: Callable[[Any], Any] = itemgetter(*order) if order else tuple

    def __missing__(self, key: Any) -> str:
        if len(self) >= MAX_TEXTS:
            self.clear()
        found: str = self._form % self._sorted(key)
        if "\\" in found or "\n" in found or found.count('"') != self._quotes:  # hardly ever
            found = self._form % self._sorted([_escaped(value) for value in key])
        self[key] = found
        return found


@lru_cache(maxsize=MAX_METRICS)
def _texts(name: str, labels: Labels, extra: str = "") -> _Texts:
    return _Texts(name, labels, extra)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _number(value: float) -> str:
    found = float(value)
    if found in {_INFINITY, -_INFINITY}:
        return "+Inf" if found > 0 else "-Inf"
    return "NaN" if found != found else repr(found)  # noqa: PLR0124  # NaN is not itself
