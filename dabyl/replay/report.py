"""Truth beside detection: onset and end errors, latency."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from collector.core.times import stamp
from dabyl.replay.script import Truth
from wire.incidents import Incident
from wire.times import epoch_seconds


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


def compare(truths: Sequence[Truth], found: Sequence[Incident]) -> tuple[list[Line], list[Incident]]:
    """A line for each truth, and the incidents that tell none of them."""
    lines = [_line(truth, found) for truth in truths]
    used = {line.incident.id for line in lines if line.incident}
    return lines, [one for one in found if one.id not in used]


def _line(truth: Truth, found: Sequence[Incident]) -> Line:
    fitting = [one for one in found if _fits(one, truth)]
    best = min(fitting, key=lambda one: abs(epoch_seconds(one.started_at) - truth.since), default=None)
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
    overlaps = epoch_seconds(one.started_at) < (truth.until or 1e12) and (
        one.ended_at is None or epoch_seconds(one.ended_at) > truth.since
    )
    wide = one.scope.level in {"national", "service", "operator"}
    access = one.scope.access == ((truth.access,) if truth.access else ()) or one.kind != "connectivity_loss"
    return one.kind == truth.kind and overlaps and wide and access
