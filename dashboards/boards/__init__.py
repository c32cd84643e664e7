"""Grafana's boards as code, built once for each language: no panel's title is ever translated by Grafana."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from dashboards.boards.cameras import cameras
from dashboards.boards.country import country
from dashboards.boards.pipeline import pipeline
from dashboards.boards.places import operator, region
from dashboards.boards.services import services
from dashboards.boards.sheets import sheets
from dashboards.boards.stations import stations
from dashboards.boards.words import Words, words_in
from wire.facts import LANGUAGES

Maker = Callable[[Words, str], Any]
BOARDS: Final[dict[str, Maker]] = {
    "country": country, "region": region, "operator": operator, "services": services, "stations": stations,
    "cameras": cameras, "sheets": sheets, "pipeline": pipeline,
}  # fmt: skip


def boards() -> dict[str, str]:
    """Every board's JSON by its path (`kk/country.json`), the same bytes each time."""
    return {
        f"{language}/{name}.json": _text(make(words_in(language), language))
        for language in LANGUAGES
        for name, make in BOARDS.items()
    }


def _text(made: Any) -> str:
    return json.dumps(made.build(), cls=JSONEncoder, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
