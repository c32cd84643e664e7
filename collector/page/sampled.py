"""The match report of a sample audit as lines for people. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from collector.core.paper import Compared, Difference, MatchReport, Outcome
from collector.page.words import Words
from wire.facts import Language
from wire.sheets import schemas

_OUTCOME_WORDS: Final[dict[Outcome, str]] = {
    "same": "sampled-same",
    "differs": "sampled-differs",
    "no_paper": "sampled-no-paper",
    "no_sheet": "sampled-no-sheet",
}


def report_lines(words: Words, found: MatchReport, language: Language) -> Iterator[str]:
    """The counts, each unit that is not the same with its numbers, and what it says of all."""
    yield words("sampled-drawn", drawn=found.drawn, population=found.population)
    for outcome, message in _OUTCOME_WORDS.items():
        count = getattr(found, outcome)
        if count:
            yield f"{words(message)}: {count}"
    for one in found.units:
        if one.outcome != "same":
            yield from _about(words, one, language)
    verdict = "sampled-holds" if found.holds else "sampled-fails"
    values = {"risk": _percent(found.risk), "tolerated": _percent(found.tolerated)}
    yield words(verdict, most=found.most_wrong, population=found.population, **values)


def number_label(name: str, language: Language) -> str:
    """What a number is called: the form's label, or the choice as the ballot names it."""
    if name.startswith("votes/"):
        return name.removeprefix("votes/")
    labels = {field.name: field.label(language) for form in schemas().values() for field in form.fields}
    return labels.get(name, name)


def _about(words: Words, one: Compared, language: Language) -> Iterator[str]:
    named = f"{one.station} {one.sheet}".rstrip()
    yield f"{named}: {words(_OUTCOME_WORDS[one.outcome])}"
    for difference in one.differences:
        yield f"  {_difference(words, difference, language)}"


def _difference(words: Words, one: Difference, language: Language) -> str:
    published = words("sampled-nothing") if one.published is None else str(one.published)
    label = number_label(one.name, language)
    return words("sampled-difference", sheet=one.sheet, label=label, paper=one.paper, published=published)


def _percent(share: str) -> str:
    return f"{float(share) * 100:g}"
