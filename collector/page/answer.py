"""The one sentence on top: what the data allow to say, and no more.

The rules are tried in the order of `_RULES`; the first that finds something answers. Blindness
comes first: without fresh data nothing else may be said. `ok` comes last and needs every
watched target of every reporting probe to be reachable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct

from collector.core.few import LEAST_PROBES
from collector.core.overview import Overview, RegionNow, level_of
from collector.page.figures import TROUBLE, Mark, level_with, place_mark
from collector.page.moments import span, window
from collector.page.words import Words, small
from wire.incidents import Incident


class Answer(Struct, frozen=True, kw_only=True):
    """The sentence, its mark, and what must be said with it.

    `blind`: nothing below means now. `incident`: the one that is answered with; None: the figures answer.
    """

    mark: Mark
    headline: str
    lede: str
    notes: tuple[str, ...] = ()
    blind: bool = False
    incident: Incident | None = None


Rule = Callable[[Words, Overview], Answer | None]


def answer(words: Words, seen: Overview) -> Answer:
    """The answer for one overview."""
    found = next(made for rule in _RULES if (made := rule(words, seen)) is not None)
    if found.blind or found.mark == "unknown" or seen.freshness.probes_reporting >= LEAST_PROBES:
        return found
    return _said_by_few(words, found, seen.freshness.probes_reporting)


def troubled(seen: Overview) -> list[RegionNow]:
    """The regions with serious trouble, the worst first."""
    found = [region for region in seen.regions if place_mark(region) in TROUBLE]
    return sorted(found, key=lambda region: (region.level != "cut", region.code))


def thin(seen: Overview) -> list[RegionNow]:
    """The regions in trouble of which only one or two probes tell."""
    return [region for region in troubled(seen) if region.probes < LEAST_PROBES]


def silent(seen: Overview) -> list[RegionNow]:
    """The regions where so many probes fell silent that it is no one's switched-off computer."""
    return [region for region in seen.regions if place_mark(region) == "silent"]


def reporting(seen: Overview) -> list[RegionNow]:
    """The regions that say something now."""
    return [region for region in seen.regions if region.probes > 0]


def category_name(words: Words, category: str) -> str:
    """A category as people call it."""
    return words(f"category-{category}")


def _never(words: Words, seen: Overview) -> Answer | None:
    if seen.freshness.last_heard is not None:
        return None
    return Answer(mark="unknown", headline=words("answer-never"), lede=words("lede-never"), blind=True)


def _blind(words: Words, seen: Overview) -> Answer | None:
    if not seen.freshness.blind:
        return None
    headline = words("answer-blind", span=span(words, seen.freshness.age_s or 0.0))
    return Answer(mark="silent", headline=headline, lede=words("lede-blind"), blind=True)


def _late(words: Words, seen: Overview) -> Answer | None:
    if seen.freshness.probes_reporting > 0:
        return None
    lede = words("lede-late", window=window(words, seen.window_s))
    return Answer(mark="unknown", headline=words("answer-late"), lede=lede, blind=True)


def _too_few(words: Words, seen: Overview) -> Answer | None:
    if seen.reach.ratio is not None or not 0 < seen.reach.probes < LEAST_PROBES:
        return None
    headline = words("answer-too-few", probes=seen.reach.probes)
    return Answer(mark="unknown", headline=headline, lede=words("lede-too-few"))


def _undecided(words: Words, seen: Overview) -> Answer | None:
    if seen.reach.ratio is not None:
        return None
    return Answer(mark="unknown", headline=words("answer-undecided"), lede=words("lede-undecided"))


def _cut(words: Words, seen: Overview) -> Answer | None:
    home, abroad = (level_of(reach) == "cut" for reach in (seen.domestic, seen.foreign))
    if home and abroad:
        return _trouble_answer(words, seen, "cut", words("answer-cut-both"))
    if abroad:
        return _trouble_answer(words, seen, "cut", words("answer-cut-foreign"))
    if home:
        return _trouble_answer(words, seen, "cut", words("answer-cut-domestic"))
    return None


def _regional(words: Words, seen: Overview) -> Answer | None:
    count = len(troubled(seen))
    if count == 0:
        return None
    everywhere = count > 1 and count == len(reporting(seen))
    message = "answer-trouble-all" if everywhere else "answer-trouble"
    mark: Mark = "cut" if any(region.level == "cut" for region in troubled(seen)) else "warning"
    return _trouble_answer(words, seen, mark, words(message, regions=count))


def _nowhere(words: Words, seen: Overview) -> Answer | None:
    level = level_with(seen.level, seen.reach)
    return _trouble_answer(words, seen, level, words("answer-trouble-nowhere")) if level in TROUBLE else None


def _fallen_silent(words: Words, seen: Overview) -> Answer | None:
    count = len(silent(seen))
    if count == 0:
        return None
    headline = words("answer-silent", regions=count)
    return Answer(mark="silent", headline=headline, lede=words("lede-silent"))


def _services(words: Words, seen: Overview) -> Answer | None:
    names = _troubled_services(words, seen)
    if not names:
        return None
    lede = words("lede-trouble", window=window(words, seen.window_s))
    return Answer(mark="warning", headline=words("answer-services", names=names), lede=lede)


def _degraded(words: Words, seen: Overview) -> Answer | None:
    if level_with(seen.level, seen.reach) != "degraded":
        return None
    return _trouble_answer(words, seen, "degraded", words("answer-degraded"))


def _calm(words: Words, seen: Overview) -> Answer:
    whole = seen.reach.ratio == 1.0
    lede = words("lede-calm", window=window(words, seen.window_s))
    return Answer(mark="ok", headline=words("answer-ok" if whole else "answer-almost"), lede=lede)


_RULES: Final[tuple[Rule, ...]] = (
    _never, _blind, _late, _too_few, _undecided, _cut, _regional, _nowhere, _fallen_silent, _services,
    _degraded, _calm,
)  # fmt: skip


def _trouble_answer(words: Words, seen: Overview, mark: Mark, headline: str) -> Answer:
    lede = words("lede-trouble", window=window(words, seen.window_s))
    return Answer(mark=mark, headline=headline, lede=lede, notes=tuple(_notes(words, seen)))


def _notes(words: Words, seen: Overview) -> Iterator[str]:
    if count := len(thin(seen)):
        yield words("note-thin", regions=count)
    if names := _troubled_services(words, seen):
        yield words("note-services", names=names)
    if count := len(silent(seen)):
        yield words("note-silent", regions=count)


def _troubled_services(words: Words, seen: Overview) -> str:
    names = [category_name(words, one.category) for one in seen.categories if one.level in TROUBLE]
    return ", ".join(small(name) for name in names)


def _said_by_few(words: Words, found: Answer, probes: int) -> Answer:
    return Answer(
        mark=found.mark,
        headline=words("answer-few", probes=probes, answer=small(found.headline)),
        lede=found.lede,
        notes=(*found.notes, words("note-few")),
    )
