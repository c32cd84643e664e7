"""Late measurements for Prometheus: a file from which `promtool` makes blocks."""

from __future__ import annotations

from pathlib import Path

from collector.core.late import LateSeen, late_of, open_metrics, samples
from collector.core.selection import Selection
from collector.core.times import epoch_seconds
from collector.evidence.lines import Fault
from collector.evidence.source import opened
from collector.evidence.tally import Told, counted, new_tally
from wire.errors import BadInput


def backfill(
    folder: Path, out: Path, span: Selection | None = None, told: Told = lambda _: None
) -> tuple[int, list[Fault]]:
    """Write what came late; how many measurements that were, and the lines that do not hold.

    `span`: only samples of that time (its region is not looked at); None: of all times. The whole
    archive is read and every signature checked. Raises `BadInput`.
    """
    late: list[LateSeen] = []
    with opened(folder) as source:
        recount, tally = new_tally(source)
        for _, found in counted(source, recount, tally, told):
            late.extend(late_of(found))
    try:
        with out.open("w", encoding="utf-8") as file:
            file.writelines(open_metrics(one for one in samples(late) if _within(one.at_ms, span)))
    except OSError as error:
        raise BadInput(f"{out}: {error.strerror}") from error
    return len(late), tally.faults


def _within(at_ms: int, span: Selection | None) -> bool:
    return span is None or epoch_seconds(span.since) <= at_ms / 1000 < epoch_seconds(span.until)
