"""The boards' texts: one Fluent catalogue for each language; a text that is missing stops the build."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Final

from fluent.runtime import FluentBundle, FluentResource

from wire.facts import Language

_LOCALES: Final[dict[Language, str]] = {"kk": "kk", "ru": "ru", "en": "en-GB"}
Words = Callable[[str], str]


@cache
def words_in(language: Language) -> Words:
    """The texts of one language; asking for one that is not there raises `KeyError`."""
    bundle = FluentBundle([_LOCALES[language]], use_isolating=False)
    bundle.add_resource(FluentResource(catalogue(language)))

    def say(message: str) -> str:
        pattern = bundle.get_message(message).value
        text, errors = bundle.format_pattern(pattern, {}) if pattern else ("", ["no text"])
        if errors:
            raise KeyError(f"{message} ({language}): {errors}")
        return str(text)

    return say


@cache
def catalogue(language: Language) -> str:
    """The catalogue's source."""
    return resources.files("dashboards").joinpath("locales", f"{language}.ftl").read_text(encoding="utf-8")
