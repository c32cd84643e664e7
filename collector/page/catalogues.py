"""The page's texts: one Fluent catalogue for each language, shipped as `locales/*.ftl`."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final

from fluent.runtime import FluentBundle, FluentResource

from collector.page.words import Value, Words
from wire.facts import Language

# British English writes the day before the month, as Kazakh and Russian do.
_LOCALES: Final[dict[Language, str]] = {"kk": "kk", "ru": "ru", "en": "en-GB"}


@cache
def words_in(language: Language) -> Words:
    """The texts of one language."""
    bundle = FluentBundle([_LOCALES[language]], use_isolating=False)
    bundle.add_resource(FluentResource(catalogue(language)))

    def say(message: str, **values: Value) -> str:
        pattern = bundle.get_message(message).value
        text, errors = bundle.format_pattern(pattern, values) if pattern else ("", ["no text"])
        if errors:
            raise KeyError(f"{message} ({language}): {errors}")
        return str(text)

    return say


@cache
def catalogue(language: Language) -> str:
    """The catalogue's source, in Fluent's syntax: that of the status page, then that of result sheets."""
    folder = resources.files("collector.page").joinpath("locales")
    names = (f"{language}.ftl", f"sheets-{language}.ftl")
    return "\n".join(folder.joinpath(name).read_text(encoding="utf-8") for name in names)
