"""The answer while an incident lasts: what the detector concluded stands above what the figures show.

Rules of this file: pure. Figures that are worse than the incident win, and so do figures of the whole country
over an incident of a part of it; an incident of a few lines is never the country's headline.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from collector.core.book import Revision, is_active
from collector.core.few import LEAST_PROBES
from collector.core.overview import Overview, level_of
from collector.page.answer import Answer
from collector.page.figures import Mark
from collector.page.incidents import leading, mark_of, title
from collector.page.words import Words
from wire.facts import Language
from wire.incidents import Incident

_WORSE: Final[tuple[Mark, ...]] = ("unknown", "ok", "degraded", "silent", "warning", "cut")


def with_incidents(
    words: Words, seen: Overview, language: Language, found: Answer, told: Sequence[Revision]
) -> Answer:
    """The answer of the figures, or that of the widest incident that lasts."""
    lasts = leading(told)
    if lasts is None or not _leads(seen, found, lasts):
        return found
    return replace(
        found,
        mark=mark_of(lasts),
        headline=title(words, lasts, language),
        lede=getattr(lasts.sentence, language),
        notes=tuple(_notes(words, found, sum(is_active(one.incident) for one in told) - 1)),
        incident=lasts,
    )


def _leads(seen: Overview, found: Answer, lasts: Incident) -> bool:
    if lasts.scope.level == "local":
        return False
    if lasts.scope.level == "national":
        return _as_bad(found, lasts)
    # The country's own figures speak of more than this incident; and a part of it cannot be told of blindly.
    whole = any(level_of(reach) == "cut" for reach in (seen.domestic, seen.foreign))
    few = seen.freshness.probes_reporting < LEAST_PROBES
    return _as_bad(found, lasts) and not (whole or few or found.blind)


def _as_bad(found: Answer, lasts: Incident) -> bool:
    return found.blind or _WORSE.index(mark_of(lasts)) >= _WORSE.index(found.mark)


def _notes(words: Words, found: Answer, others: int) -> list[str]:
    first = [words("note-blind")] if found.blind else []
    return [*first, *([words("note-others", count=others)] if others > 0 else []), *found.notes]
