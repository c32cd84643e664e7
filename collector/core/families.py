"""Metric families, and the text that Prometheus reads (format 0.0.4).

Rules of this file: a label's text is made once and found again, for there are 100,000 of them and they
hardly change; labels stand sorted by name, as in everybody else's exposition.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

from collector.core.histogram import Histogram

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
MAX_TEXTS: Final = 262_144
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
        for key, value in family.values.items():
            yield from _histogram(family, key, value)
        return
    name, labels = family.name, family.labels
    for key, value in family.values.items():
        yield f"{_series(name, labels, key)} {_number(value)}\n"


def _histogram(family: Family, key: Labels, found: Histogram) -> Iterator[str]:
    before, after = _bucket(family.name, family.labels, key)
    for bound, count in found.buckets():
        yield f"{before}{bound}{after} {count!r}\n"
    yield f"{_series(family.name + '_count', family.labels, key)} {float(sum(found.counts))!r}\n"
    yield f"{_series(family.name + '_sum', family.labels, key)} {_number(found.sum)}\n"


@lru_cache(maxsize=MAX_TEXTS)
def _series(name: str, labels: Labels, key: Hashable) -> str:
    pairs = _pairs(labels, key)
    return f"{name}{{{','.join(text for _, text in sorted(pairs))}}}" if pairs else name


@lru_cache(maxsize=MAX_TEXTS)
def _bucket(name: str, labels: Labels, key: Hashable) -> tuple[str, str]:
    """What stands before and after a bucket's bound."""
    pairs = sorted([*_pairs(labels, key), ("le", 'le="\0"')])
    before, _, after = f"{name}_bucket{{{','.join(text for _, text in pairs)}}}".partition("\0")
    return before, after


def _pairs(labels: Labels, key: Any) -> list[tuple[str, str]]:
    return [(label, f'{label}="{_escaped(value)}"') for label, value in zip(labels, key, strict=True)]


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _number(value: float) -> str:
    found = float(value)
    if found in {_INFINITY, -_INFINITY}:
        return "+Inf" if found > 0 else "-Inf"
    return "NaN" if found != found else repr(found)  # noqa: PLR0124  # NaN is not itself
