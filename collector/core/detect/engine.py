"""All of it in order: columns and a moment in, incidents out."""

from __future__ import annotations

from msgspec.structs import replace

from collector.core.detect import abroad, lines, services
from collector.core.detect.clean import with_true_times
from collector.core.detect.columns import Columns
from collector.core.detect.faults import ignored_records
from collector.core.detect.grid import start_of
from collector.core.detect.scene import Moment, last_heard
from collector.core.detect.telling import own_id
from wire.incidents import Incident


def detect(columns: Columns, now: float | None = None) -> list[Incident]:
    """Every incident that can be told from what had arrived by `now` (Unix seconds; None: from everything).

    Sorted by their start. Silence after `now` is no evidence: the stream may simply end there.
    """
    known = columns
    if now is not None and len(columns) and columns.arrival[-1] > now:
        known = columns.only(columns.arrival <= now)
    if not len(known):
        return []
    heard = last_heard(known) if now is None else now
    known = with_true_times(known)
    moment = Moment(start_of(known), heard, max(heard, float(known.arrival.max())))
    ignored = ignored_records(known, moment.start)
    found, case = lines.incidents(known, moment, ignored)
    found += services.incidents(case)
    found += abroad.incidents(known, moment, case.scene)
    return _each_with_its_id(sorted(found, key=lambda one: (one.started_at, one.kind, one.id)))


def _each_with_its_id(found: list[Incident]) -> list[Incident]:
    ids: dict[str, None] = {}
    for one in found:
        ids[own_id(one.id, ids)] = None
    return [replace(one, id=name) for one, name in zip(found, ids, strict=True)]
