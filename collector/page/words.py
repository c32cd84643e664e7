"""The page's texts: one Fluent catalogue for each language, shipped as `locales/*.ftl`."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources
from typing import Final, Protocol

from fluent.runtime import FluentBundle, FluentResource

from wire.facts import Language

# British English writes the day before the month, as Kazakh and Russian do.
_LOCALES: Final[dict[Language, str]] = {"kk": "kk", "ru": "ru", "en": "en-GB"}
Value = str | int | date


class Words(Protocol):
    """Gives the text of a message in one language."""

    def __call__(self, message: str, **values: Value) -> str:
        """The text, plural forms chosen; raises `KeyError` for a message or a value that is missing."""
        ...


@cache
def words_in(language: Language) -> Words:
    """The texts of one language."""
    bundle = FluentBundle([_LOCALES[language]], use_isolating=False)
    bundle.add_resource(FluentResource(catalogue(language)))

    def say(message: str, **values: Value) -> str:
        pattern = bundle.get_message(message).value
        if pattern is None:
            raise KeyError(message)
        text, errors = bundle.format_pattern(pattern, values)
        if errors or not isinstance(text, str):
            raise KeyError(f"{message} ({language}): {errors}")
        return text

    return say


@cache
def catalogue(language: Language) -> str:
    """The catalogue's source, in Fluent's syntax."""
    return (
        resources.files("collector.page").joinpath("locales", f"{language}.ftl").read_text(encoding="utf-8")
    )
