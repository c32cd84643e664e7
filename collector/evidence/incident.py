"""What a bundle of one incident is about: its time with an hour before it, and its region."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from collector.core.selection import Selection
from collector.core.times import stamp
from collector.evidence.source import opened
from collector.store.contents import told_incidents
from wire.errors import BadInput
from wire.times import after

BEFORE_S: Final = 3_600.0


def selection_of(folder: Path, incident: str) -> Selection:
    """By the incident's last revision; one that lasts ends where it was last told.

    An incident of several regions is one of the whole country here. Raises `BadInput` when the
    folder knows none of that id.
    """
    with opened(folder) as source:
        told = [] if source.connection is None else list(told_incidents(source.connection))
    found = [one for one in told if one.incident.id == incident]
    if not found:
        raise BadInput(f"{incident[:40]}: no incident of that id is known here")
    last = max(found, key=lambda one: one.incident.revision)
    regions = last.incident.scope.regions
    return Selection(
        since=after(last.incident.started_at, -BEFORE_S),
        until=last.incident.ended_at or stamp(last.known_at),
        region=regions[0] if len(regions) == 1 else None,
    )
