"""Incidents as text: the newest, the leading one, one with all its revisions. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from collector.core.book import Revision, is_active
from collector.core.times import stamp
from collector.core.witnesses import Witness
from collector.page.figures import Chip, Mark, percent_of
from collector.page.moments import Moment, moment, narrow
from collector.page.words import Words, small
from wire.facts import Language, operator_brand, regions
from wire.incidents import Incident, Kind
from wire.times import after

NEWEST: Final = 6
_SURE: Final = ((0.8, "sure-high"), (0.5, "sure-medium"), (0.0, "sure-low"))
_WIDEST: Final = ("national", "operator", "region", "service", "local")
KIND_WORDS: Final[dict[Kind, str]] = {
    "connectivity_loss": "kind-connectivity-loss",
    "international_loss": "kind-international-loss",
    "allowlist_only": "kind-allowlist-only",
    "service_block": "kind-service-block",
    "throttling": "kind-throttling",
    "tls_interception": "kind-tls-interception",
    "dark_from_abroad": "kind-dark-from-abroad",
}
_ACCESS_WORDS: Final = {"mobile": "access-mobile", "fixed": "access-fixed", "unknown": "access-unknown"}
SAW_WORDS: Final = {
    "nothing": "saw-nothing",
    "works": "saw-works",
    "fails": "saw-fails",
    "forged": "saw-forged",
    "slow": "saw-slow",
    "down": "saw-down",
    "line": "saw-line",
}
SOON_S: Final = 120.0
MOST_NAMED: Final = 4
_CUTS: Final = frozenset({"connectivity_loss", "international_loss", "allowlist_only"})
_LIGHTER: Final = frozenset({"throttling", "service_block"})


class Shown(Struct, frozen=True, kw_only=True):
    """One incident. `link` without a language; `ended` is None while it lasts; `sure`: word and percent."""

    link: str
    chip: Chip
    title: str
    sentence: str
    began: Moment
    ended: Moment | None
    sure: str
    probes: str


class Told(Struct, frozen=True, kw_only=True):
    """One revision. `at`, `began`, `ended` by both clocks; `ended` is "" while it lasts."""

    number: int
    at: str
    state: str
    began: str
    ended: str
    sure: str
    probes: str


class Seen(Struct, frozen=True, kw_only=True):
    """What a witness saw, in words; `id` and `probe` are public names."""

    id: str
    probe: str
    at: str
    where: str
    target: str
    saw: str


class IncidentView(Struct, frozen=True, kw_only=True):
    """An incident's own page. `silent`: a sentence, or "". `past`: a moment soon after its start.

    `where`, `targets`: every place and every target, whatever the headline has room for.
    """

    language: Language
    id: str
    shown: Shown
    where: str
    targets: str
    said: Moment
    silent: str
    revisions: tuple[Told, ...]
    witnesses: tuple[str, ...]
    evidence: tuple[Seen, ...]
    past: str


def leading(told: Sequence[Revision]) -> Incident | None:
    """The incident that lasts and weighs most."""
    return next(iter(by_weight(told)), None)


def by_weight(told: Sequence[Revision]) -> list[Incident]:
    """Those that last, the widest first.

    Of equals: what was measured before what is only silent, cuts of lines before the rest, the surest, the
    oldest.
    """
    return sorted((one.incident for one in told if is_active(one.incident)), key=_weight)


def _weight(one: Incident) -> tuple[int, bool, bool, float, str]:
    wide, other = _WIDEST.index(one.scope.level), one.kind not in _CUTS
    return wide, mark_of(one) != "cut", other, -one.confidence, one.started_at


def newest(words: Words, told: Sequence[Revision], language: Language, now: str) -> tuple[Shown, ...]:
    """The newest incidents, those that last first; withdrawn ones are left out."""
    known = [one.incident for one in told if not one.incident.withdrawn]
    latest = sorted(known, key=lambda one: (is_active(one), one.started_at), reverse=True)[:NEWEST]
    return tuple(shown(words, one, language, now) for one in latest)


def shown(words: Words, one: Incident, language: Language, now: str) -> Shown:
    """One incident in one language, seen from `now` (a wire time)."""
    return Shown(
        link=f"/incidents/{one.id}",
        chip=_chip(words, one),
        title=title(words, one, language),
        sentence=getattr(one.sentence, language),
        began=moment(words, one.started_at, now),
        ended=None if one.ended_at is None else moment(words, one.ended_at, now),
        sure=sure_of(words, one),
        probes=_probes(words, one),
    )


def mark_of(one: Incident) -> Mark:
    """How an incident that lasts is marked."""
    if one.silent:
        return "silent"
    return "warning" if one.kind in _LIGHTER else "cut"


def title(words: Words, one: Incident, language: Language) -> str:
    """What and where, in a few words."""
    told = f"{where(words, one, language)}: {small(words(KIND_WORDS[one.kind]))}"
    targets = one.scope.named_targets
    return f"{told} ({listed(words, targets)})" if targets else told


def where(words: Words, one: Incident, language: Language) -> str:
    """The places of an incident by their names, as many as a headline has room for."""
    return ", ".join([listed(words, _places(words, one, language)), *_access(words, one)])


def everywhere(words: Words, one: Incident, language: Language) -> str:
    """All places of an incident by their names."""
    return ", ".join([*_places(words, one, language), *_access(words, one)])


def listed(words: Words, names: Sequence[str]) -> str:
    """A few names, and how many more there are."""
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    shown = MOST_NAMED - 1
    return words("where-more", names=", ".join(names[:shown]), more=len(names) - shown)


def _places(words: Words, one: Incident, language: Language) -> list[str]:
    known, scope = regions(), one.scope
    names = [known[code].name(language) if code in known else code for code in scope.regions]
    names += [operator_brand(asn) for asn in scope.operators]
    return names or [words("scope-country")]


def _access(words: Words, one: Incident) -> list[str]:
    return [words(_ACCESS_WORDS.get(access, "access-unknown")) for access in one.scope.access]


def incident_view(words: Words, told: Sequence[Revision], language: Language, now: str) -> IncidentView:
    """The page of an incident with at least one revision."""
    last = told[-1].incident
    return IncidentView(
        language=language,
        id=last.id,
        shown=shown(words, last, language, now),
        where=everywhere(words, last, language),
        targets=", ".join(last.scope.targets),
        said=moment(words, last.detected_at, now),
        silent=words("incident-silent") if last.silent else "",
        revisions=tuple(_told(words, one, now) for one in reversed(told)),
        witnesses=last.witnesses,
        evidence=tuple(_seen(words, one, language, now) for one in told[-1].evidence),
        past=after(last.started_at, SOON_S),
    )


def _seen(words: Words, one: Witness, language: Language, now: str) -> Seen:
    known = regions()
    place = known[one.region].name(language) if one.region in known else words("where-unknown")
    names = (place, operator_brand(one.operator), words(_ACCESS_WORDS.get(one.access, "access-unknown")))
    return Seen(
        id=one.id,
        probe=one.probe,
        at=narrow(words, one.at, now),
        where=", ".join(names),
        target=one.target,
        saw=words(SAW_WORDS[one.saw]),
    )


def _told(words: Words, one: Revision, now: str) -> Told:
    told = one.incident
    return Told(
        number=told.revision,
        at=narrow(words, stamp(one.known_at), now),
        state=_chip(words, told).word,
        began=narrow(words, told.started_at, now),
        ended="" if told.ended_at is None else narrow(words, told.ended_at, now),
        sure=sure_of(words, told),
        probes=_probes(words, told),
    )


def _chip(words: Words, one: Incident) -> Chip:
    if one.withdrawn:
        return Chip(mark="unknown", word=words("incident-withdrawn"))
    if one.ended_at is not None:
        return Chip(mark="ok", word=words("incident-over"))
    return Chip(mark=mark_of(one), word=words("incident-lasts"))


def sure_of(words: Words, one: Incident) -> str:
    """How sure we are of an incident, as a word and a share."""
    word = next(name for least, name in _SURE if one.confidence >= least)
    return f"{words(word)}, {words('percent', value=percent_of(one.confidence))}"


def _probes(words: Words, one: Incident) -> str:
    return words("probes-of", probes=one.probes.affected, expected=one.probes.expected)
