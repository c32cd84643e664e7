"""The report of a bundle for people: one HTML page for each language, whole in itself, and a CSV.

Rules of this file: it says what was measured, not by whom it was caused or why; a row of fewer than
three probes tells no counts; nothing is loaded from anywhere.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from importlib import resources
from typing import Final

import msgspec
from msgspec import Struct

from collector.core.selection import Cell, Selection
from wire.facts import Language, operator_brand, regions
from wire.names import STATES

LANGUAGES: Final[tuple[Language, ...]] = ("kk", "ru", "en")
Rows = Sequence[tuple[Cell, int, tuple[int, ...] | None]]


class Texts(Struct, frozen=True, kw_only=True):
    """The words of one language; `states` in the order of `wire.names.STATES`."""

    title: str
    span: str
    whole: str
    counts: str
    meaning: str
    few: str
    head: tuple[str, ...]
    states: Mapping[str, str]
    proof: str


STYLE: Final = (
    "body{font:1rem/1.5 sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}"
    "body{color:#111;background:#fff}table{border-collapse:collapse}"
    "th,td{border:1px solid #767676;padding:.2rem .5rem;text-align:left}"
)


@cache
def texts_in(language: Language) -> Texts:
    """The words of a language."""
    whole = resources.files("collector.evidence").joinpath("report.json").read_bytes()
    return msgspec.json.decode(whole, type=dict[str, Texts])[language]


def csv_report(rows: Rows) -> str:
    """The rows with names from the records; empty counts where there were too few probes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["hour", "region", "operator", "category", "probes", *STATES])
    for cell, probes, counts in rows:
        writer.writerow([*cell, probes, *counts] if counts else [*cell, "<3", *[""] * len(STATES)])
    return out.getvalue()


def html_report(language: Language, selection: Selection, counts: Mapping[str, int], rows: Rows) -> str:
    """The page of one language."""
    texts = texts_in(language)
    region = texts.whole if selection.region is None else _region(selection.region, language)
    span = texts.span.format(since=_moment(selection.since), until=_moment(selection.until), region=region)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in (*texts.head, *_states(texts)))
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8"><title>{escape(texts.title)}'
        f"</title><style>{STYLE}</style></head>\n<body>\n<h1>{escape(texts.title)}</h1>\n<p>{escape(span)}</p>\n"
        f"<p>{escape(texts.counts.format(**counts))}</p>\n<p>{escape(texts.meaning)}"
        f" {escape(texts.few)}</p>\n"
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{''.join(_row(row, language) for row in rows)}"
        f"</tbody>\n</table>\n<p>{escape(texts.proof)}</p>\n</body>\n</html>\n"
    )


def _row(row: tuple[Cell, int, tuple[int, ...] | None], language: Language) -> str:
    cell, probes, counts = row
    shown = [_moment(cell.hour), _region(cell.region, language), _operator(cell.operator), cell.category]
    figures = [str(probes), *map(str, counts)] if counts else ["<3", *["–"] * len(STATES)]
    return "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in (*shown, *figures)) + "</tr>\n"


def _states(texts: Texts) -> list[str]:
    return [texts.states[state] for state in STATES]


def _region(code: str, language: Language) -> str:
    found = regions().get(code)
    return code if found is None else f"{found.name(language)} ({code})"


def _operator(asn: str) -> str:
    brand = operator_brand(asn)
    return asn if brand in {"", asn} else f"{brand} ({asn})"


def _moment(time: str) -> str:
    return time[:16].replace("T", " ")
