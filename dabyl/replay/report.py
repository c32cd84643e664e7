"""Truth beside detection: onset and end errors, latency."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from collector.core.times import stamp
from dabyl.replay.script import LISTED, NATIONAL, Truth
from wire.incidents import Incident
from wire.times import epoch_seconds

_END: Final = 4_102_444_800.0  # the year 2100: what lasts ends then


class Line(Struct, frozen=True, kw_only=True):
    """One truth and the incident that tells it (None: not told). Errors and latency in minutes."""

    name: str
    kind: str
    truth_from: str
    truth_until: str | None
    incident: Incident | None
    onset_error_min: float | None = None
    end_error_min: float | None = None
    latency_min: float | None = None


class Window(Struct, frozen=True, kw_only=True):
    """The time between a cut of the country and the next one ("window"); after the last "restoration".

    Errors in minutes: of the first cut's end and the next one's onset, None where these are not told.
    """

    name: str
    truth_from: str
    truth_until: str | None
    onset_error_min: float | None
    end_error_min: float | None


def compare(truths: Sequence[Truth], found: Sequence[Incident]) -> tuple[list[Line], list[Incident]]:
    """A line for each truth, and the incidents that tell none of them."""
    lines = [_line(truth, found) for truth in truths]
    used = {line.incident.id for line in lines if line.incident}
    return lines, [one for one in found if one.id not in used]


def windows(lines: Sequence[Line]) -> list[Window]:
    """When the country was back between its cuts, as its cuts tell it."""
    cuts = [line for line in lines if line.name in {NATIONAL, LISTED}]
    return [
        Window(
            name="window" if following else "restoration",
            truth_from=cut.truth_until,
            truth_until=following.truth_from if following else None,
            onset_error_min=cut.end_error_min,
            end_error_min=following.onset_error_min if following else None,
        )
        for cut, following in zip_longest(cuts, cuts[1:])
        if cut.truth_until is not None and (following is None or cut.truth_until != following.truth_from)
    ]


def _line(truth: Truth, found: Sequence[Incident]) -> Line:
    best = max((one for one in found if _fits(one, truth)), key=lambda one: _shared(one, truth), default=None)
    until = None if truth.until is None else stamp(truth.until)
    line = Line(
        name=truth.name, kind=truth.kind, truth_from=stamp(truth.since), truth_until=until, incident=best
    )
    if best is None:
        return line
    end = None
    if best.ended_at is not None and truth.until is not None:
        end = _minutes(truth.until, best.ended_at)
    return replace(
        line,
        onset_error_min=_minutes(truth.since, best.started_at),
        end_error_min=end,
        latency_min=_minutes(truth.since, best.detected_at),
    )


def _minutes(since: float, moment: str) -> float:
    return round((epoch_seconds(moment) - since) / 60, 2)


def _fits(one: Incident, truth: Truth) -> bool:
    """Whether it may tell the truth: kind, time, a scope as wide, and the kind of access.

    A national cut that comes while mobile networks are cut already is told of the fixed ones, the rest.
    """
    access = ((truth.access,),) if truth.access else ((), ("fixed",))
    wide = one.scope.level in {"national", "service", "operator"}
    fits = one.scope.access in access or one.kind != "connectivity_loss"
    return one.kind == truth.kind and wide and fits and _shared(one, truth) > 0


def _shared(one: Incident, truth: Truth) -> float:
    """How much of the time of both is common to both, 0 to 1."""
    begin, end = epoch_seconds(one.started_at), _END if one.ended_at is None else epoch_seconds(one.ended_at)
    until = _END if truth.until is None else truth.until
    common = min(end, until) - max(begin, truth.since)
    return max(0.0, common) / (max(end, until) - min(begin, truth.since))
