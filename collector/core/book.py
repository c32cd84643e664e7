"""The incidents that were told, and every revision of each.

Rules of this file: an incident keeps its id for ever; a revision is only added; what was known
at a moment can be asked again. The detector looks at everything anew each time: here its
findings are joined to what was told before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from collector.core.detect import own_id
from collector.core.times import epoch_seconds, stamp
from collector.core.witnesses import Witness
from wire.incidents import Incident

SLACK_S: Final = 900.0  # events whose edges lie so near to each other may be one
MISSING_S: Final = 300.0  # what was last found so long ago is withdrawn, however rarely we look
CONTEXT_S: Final = 6 * 3_600.0  # what began so soon after the data begin cannot be told by them
_EDGE_S: Final = 30.0
_SURER: Final = 0.1
_MORE: Final = 0.2
_CUTS: Final = frozenset({"connectivity_loss", "international_loss", "allowlist_only"})


class Revision(Struct, frozen=True, kw_only=True):
    """An incident as it was told from `known_at` on (Unix seconds), and what its witnesses saw."""

    known_at: float
    incident: Incident
    evidence: tuple[Witness, ...] = ()


class Book:
    """All revisions, by the incident's id."""

    def __init__(self, kept: Sequence[Revision] = ()) -> None:
        """From what was kept, each incident's revisions in their order."""
        self._told: dict[str, list[Revision]] = {}
        self._seen: dict[str, float] = {}  # by id: the last look that found it; of what none found, the first
        for one in kept:
            self.put(one)

    def put(self, one: Revision) -> None:
        """Add a revision."""
        self._told.setdefault(one.incident.id, []).append(one)

    def revisions(self, incident: str) -> list[Revision]:
        """All revisions of an incident, the first one first; none when it is unknown."""
        return list(self._told.get(incident, ()))

    def last(self, as_of: float | None = None) -> list[Revision]:
        """The last revision of each, as it was known then (None: now), by the incidents' start."""
        found = [one for told in self._told.values() if (one := _known(told, as_of)) is not None]
        return sorted(found, key=lambda one: (one.incident.started_at, one.incident.id))

    def news(self, found: Sequence[Incident], now: float, floor: float) -> list[Revision]:
        """What is to be told of the detector's findings: new incidents, revisions, withdrawals.

        `floor`: when the data that it saw begin. Nothing is told before it is `put`.
        """
        pairs = _matched(found, [one.incident for one in self.last()])
        said = [one for new, known in pairs if (one := self._said(new, known, now)) is not None]
        again = {known.id for _, known in pairs if known is not None}
        self._seen |= dict.fromkeys([*again, *(one.id for one in said)], now)
        missing = [one.incident for one in self.last() if one.incident.id not in again]
        said += [gone for one in missing if (gone := self._gone(one, now, floor)) is not None]
        return [Revision(known_at=now, incident=one) for one in said]

    def _said(self, found: Incident, known: Incident | None, now: float) -> Incident | None:
        if known is None:
            first = min(found.detected_at, stamp(now))
            return replace(found, id=own_id(found.id, self._told), revision=1, detected_at=first)
        if not differs(found, known):
            return None
        detected = known.detected_at if _is_known_since(found, known) else min(found.detected_at, stamp(now))
        return replace(found, id=known.id, revision=known.revision + 1, detected_at=detected)

    def _gone(self, known: Incident, now: float, floor: float) -> Incident | None:
        """What is to be said of an incident that the data do not show any more."""
        began = epoch_seconds(known.started_at)
        sees = began >= floor + CONTEXT_S
        if known.withdrawn or (known.ended_at is not None and not sees):
            return None
        seen = self._seen.setdefault(known.id, now)
        if now - seen < MISSING_S:
            return None
        ended = known.ended_at or stamp(max(began, seen))
        return replace(known, revision=known.revision + 1, ended_at=ended, withdrawn=sees)


def is_active(one: Incident) -> bool:
    """Whether it lasts."""
    return one.ended_at is None and not one.withdrawn


def _is_known_since(found: Incident, known: Incident) -> bool:
    """Whether what is found now was said then: the same kind, and it had begun."""
    return found.kind == known.kind and known.detected_at >= found.started_at


def differs(found: Incident, known: Incident) -> bool:
    """Whether a finding says something that is worth a new revision."""
    same = (found.kind, found.scope, found.withdrawn, found.silent) == (
        known.kind, known.scope, known.withdrawn, known.silent,
    )  # fmt: skip
    if not same or (found.ended_at is None) != (known.ended_at is None):
        return True
    moved = max(_apart(found.started_at, known.started_at), _apart(found.ended_at, known.ended_at))
    probes, before = found.probes.affected, known.probes.affected
    return (
        moved > _EDGE_S
        or abs(found.confidence - known.confidence) >= _SURER
        or abs(probes - before) > _MORE * before
    )


def _apart(one: str | None, other: str | None) -> float:
    return 0.0 if one is None or other is None else abs(epoch_seconds(one) - epoch_seconds(other))


def _known(told: Sequence[Revision], as_of: float | None) -> Revision | None:
    return next((one for one in reversed(told) if as_of is None or one.known_at <= as_of), None)


def _matched(found: Sequence[Incident], known: Sequence[Incident]) -> list[tuple[Incident, Incident | None]]:
    """Each finding with the incident that it is, the most alike first; each incident once.

    What was withdrawn is taken up again only by a finding that is nothing else.
    """
    alike = [(_likeness(new, old), i, old) for i, new in enumerate(found) for old in known]
    pairs = [pair for pair in alike if pair[0] > 0]
    pairs.sort(key=lambda pair: (not pair[2].withdrawn, pair[0]), reverse=True)
    matched: dict[int, str] = {}
    for _, i, old in pairs:
        if i not in matched and old.id not in matched.values():
            matched[i] = old.id
    by_id = {one.id: one for one in known}
    return [(one, by_id.get(matched.get(i, ""))) for i, one in enumerate(found)]


def _likeness(new: Incident, old: Incident) -> float:
    """How much they are one event: 0 when they cannot be."""
    kinds = {new.kind, old.kind}
    if (len(kinds) > 1 and not kinds <= _CUTS) or not all(_meet(new, old)):
        return 0.0
    if not _overlap(new, old):
        return 0.0
    apart = abs(epoch_seconds(new.started_at) - epoch_seconds(old.started_at))
    if len(kinds) > 1 and apart > SLACK_S:
        return 0.0  # what follows upon it is another event; what began with it was called by a wrong name
    exact = 4 * (new.id == old.id) + 2 * (new.scope == old.scope) + (len(kinds) == 1)
    return exact + 1 / (1 + apart / SLACK_S)


def _meet(new: Incident, old: Incident) -> Iterator[bool]:
    """Whether the scopes have something in common; a list that is empty means all."""
    yield bool(new.scope.targets) == bool(old.scope.targets)
    for name in ("regions", "operators", "access", "targets"):
        one, other = set(getattr(new.scope, name)), set(getattr(old.scope, name))
        yield not one or not other or bool(one & other)


def _overlap(new: Incident, old: Incident) -> bool:
    (began, ended), (before, after) = span_of(new), span_of(old)
    return began - SLACK_S < after and before - SLACK_S < ended


def span_of(one: Incident) -> tuple[float, float]:
    """From when to when it lasted, in Unix seconds; without end while it lasts."""
    ended = float("inf") if one.ended_at is None else epoch_seconds(one.ended_at)
    return epoch_seconds(one.started_at), ended
