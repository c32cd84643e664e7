"""What a reader asks for: the language and whether the page reloads itself. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from msgspec import Struct

from wire.facts import LANGUAGES, Language

RELOAD_S: Final = 60  # often enough for news, seldom enough for a weak line and for a screen reader
_MAX_HEADER: Final = 200  # a longer Accept-Language is cut: no reader has that many languages
_CODES: Final[dict[str, Language]] = {language: language for language in LANGUAGES}


class Choice(Struct, frozen=True, kw_only=True):
    """What to show. Two equal choices give the same page. `at`: a past moment (wire time), or ""."""

    language: Language
    reload: bool = True
    path: str = "/"
    at: str = ""

    def link(self, language: Language | None = None, *, reload: bool | None = None) -> str:
        """The address of this page, with another language or other reloading."""
        wanted: dict[str, str] = {"lang": language or self.language}
        if not (self.reload if reload is None else reload):
            wanted["reload"] = "off"
        if self.at:
            wanted["at"] = self.at
        return f"{self.path}?{urlencode(wanted)}"


def choose(query: Mapping[str, str], accept_language: str, path: str = "/") -> Choice:
    """From the address (`?lang=kk|ru|en`, `?reload=off`), then Accept-Language, then Kazakh."""
    asked = _CODES.get(query.get("lang", "").lower())
    language, reload = asked or preferred(accept_language), query.get("reload") != "off"
    return Choice(language=language, reload=reload, path=path)


def preferred(accept_language: str) -> Language:
    """The best of our languages in an Accept-Language header (RFC 9110, 12.5.4); Kazakh when none is."""
    ranges = [_weighed(part) for part in accept_language[:_MAX_HEADER].split(",")]
    best = max((weight for language, weight in ranges if language), default=0.0)
    return next((language for language, weight in ranges if language and weight == best > 0), "kk")


def _weighed(part: str) -> tuple[Language | None, float]:
    tag, _, parameter = part.strip().partition(";")
    return _CODES.get(tag.strip().lower().split("-")[0]), _weight(parameter)


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        weight = float(value)
    except ValueError:
        return 0.0
    return weight if 0.0 <= weight <= 1.0 else 0.0  # also drops nan
