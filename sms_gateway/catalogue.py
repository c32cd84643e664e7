"""The answers' texts: Fluent files in `locales/`, one a language."""

from __future__ import annotations

from functools import cache
from importlib import resources

from fluent.runtime import FluentBundle, FluentResource

from wire.facts import Language


@cache
def _bundle(language: Language) -> FluentBundle:
    # No isolating marks around what is put in: they would make every answer a UCS-2 text.
    bundle = FluentBundle([language], use_isolating=False)
    text = resources.files("sms_gateway").joinpath("locales", f"{language}.ftl").read_text(encoding="utf-8")
    bundle.add_resource(FluentResource(text))
    return bundle


def say(language: Language, name: str, values: dict[str, str]) -> str:
    """A message with its values; raises `LookupError` for a name that the language lacks."""
    bundle = _bundle(language)
    message = bundle.get_message(name)
    if message.value is None:
        raise LookupError(f"{language}.ftl: {name} has no text")
    text, faults = bundle.format_pattern(message.value, dict(values))
    if faults:
        raise LookupError(f"{language}.ftl: {name}: {faults[0]}")
    return str(text)
