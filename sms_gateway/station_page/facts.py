"""What the page knows: texts in three languages, the form, the regions, the words that can be sealed."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, Final

import msgspec

from sms_gateway.station_page.election import Election
from wire import sheets
from wire.facts import LANGUAGES, regions
from wire.typed import MARKS, QUERIES, WORD_NUMBERS

PLAIN_SCHEMA: Final = "kz-count-1"


@cache
def source(name: str) -> str:
    """One of the page's own files, line ends as HTML has them."""
    found = resources.files("sms_gateway.station_page").joinpath(name).read_text(encoding="utf-8")
    return found.replace("\r\n", "\n")


@cache
def texts() -> dict[str, dict[str, str]]:
    """The one catalogue, by language and name."""
    found: dict[str, dict[str, str]] = json.loads(source("texts.json"))
    return {language: {name: said[language] for name, said in found.items()} for language in LANGUAGES}


def facts(election: Election | None, links: dict[str, Any]) -> dict[str, Any]:
    """All of it as JSON; `links`: gateway, collector, served."""
    form = sheets.schemas()[PLAIN_SCHEMA if election is None else election.schema]
    return {
        **links,
        "election": None if election is None else _election(election),
        "languages": list(LANGUAGES),
        "marks": list(MARKS),
        "regions": {
            code: {language: region.name(language) for language in LANGUAGES}
            for code, region in regions().items()
        },
        "schema": msgspec.to_builtins(form),
        "texts": texts(),
        "words": [
            {"kind": kind, "value": value, "number": number}
            for (kind, value), number in WORD_NUMBERS.items()
            if kind not in QUERIES
        ],
    }


def _election(election: Election) -> dict[str, Any]:
    return {"id": election.election, "sheets": msgspec.to_builtins(election.sheets)}
