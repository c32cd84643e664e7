"""What a reader of result sheets asks for: the language and the search. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import asdict

from collector.core.sheets import SHEET_STATUSES, SheetQuery
from collector.page.choice import choose
from wire.facts import Language, regions

PAGE: Final = 50
SHEETS_PATH: Final = "/sheets"
STATION: Final = re.compile(r"KZ-[0-9]{2}-[0-9]{4}")
NOWHERE: Final = "?"  # what was typed is no station: nothing is found, and the reader sees why
_AFTER: Final = re.compile(r"KZ-[0-9]{2}-[0-9]{4}/[0-9]{1,2}")
_NUMBER: Final = re.compile(r"[0-9]{1,4}")
_SHEET: Final = re.compile(r"[1-9]")
_LONGEST: Final = 80


class Asked(Struct, frozen=True, kw_only=True):
    """A page of sheets in a language. Two equal ones give the same page."""

    language: Language
    path: str = SHEETS_PATH
    query: SheetQuery = SheetQuery(limit=PAGE)

    def link(self, language: Language | None = None, *, after: str | None = None) -> str:
        """The address of this page, in another language or from another sheet on."""
        wanted = {name: value for name, value in asdict(self.query).items() if value and name != "limit"}
        if after is not None:
            wanted["after"] = after
        return f"{self.path}?{urlencode({'lang': language or self.language, **wanted})}"


def asked(query: Mapping[str, str], accept_language: str) -> Asked:
    """The search that an address asks for; a value that cannot be is left out."""
    region = query.get("region", "") if query.get("region", "") in regions() else ""
    return Asked(
        language=choose(query, accept_language).language,
        query=SheetQuery(
            region=region,
            district=query.get("district", "").strip()[:_LONGEST],
            station=station_of(query.get("station", ""), region),
            sheet=_matching(_SHEET, query.get("sheet", "")),
            status=query.get("status", "") if query.get("status", "") in SHEET_STATUSES else "",
            limit=PAGE,
            after=_matching(_AFTER, query.get("after", "")),
        ),
    )


def asked_station(station: str, query: Mapping[str, str], accept_language: str) -> Asked:
    """The page of one station."""
    language = choose(query, accept_language).language
    return Asked(language=language, path=f"{SHEETS_PATH}/{station}", query=SheetQuery(limit=PAGE))


def station_of(typed: str, region: str) -> str:
    """A station as people type it: `KZ-71-0379`, `kz-71-379`, `379` with a region chosen; "" for none."""
    text = typed.strip().upper()[:_LONGEST]
    if not text:
        return ""
    head, _, number = text.rpartition("-")
    where = head or region
    if where not in regions() or not _NUMBER.fullmatch(number):
        return NOWHERE
    return f"{where}-{int(number):04d}"


def _matching(pattern: re.Pattern[str], text: str) -> str:
    return text if pattern.fullmatch(text) else ""
