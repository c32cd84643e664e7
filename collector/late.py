"""Late measurements for Prometheus: by remote write, or as a file from which `promtool` makes blocks."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from collector.core.few import LEAST_PROBES
from collector.core.late import LateSeen, Sample, late_of, open_metrics, samples
from collector.core.remote_write import bodies
from collector.core.selection import Selection
from collector.core.times import epoch_seconds
from collector.evidence.lines import Fault
from collector.evidence.source import opened
from collector.evidence.tally import Told, counted, new_tally
from collector.remote import client, deliver
from wire.errors import BadInput


def backfill(
    folder: Path,
    out: Path,
    span: Selection | None = None,
    told: Told = lambda _: None,
    least: int = LEAST_PROBES,
) -> tuple[int, list[Fault]]:
    """Write what came late; how many measurements that were, and the lines that do not hold.

    `span`: only samples of that time (its region is not looked at); None: of all times. `least`: how
    many probes must stand behind a figure. The whole archive is read and every signature checked.
    Raises `BadInput`.
    """
    late, faults = _late(folder, told)
    try:
        with out.open("w", encoding="utf-8") as file:
            file.writelines(open_metrics(_figures(late, span, least)))
    except OSError as error:
        raise BadInput(f"{out}: {error.strerror}") from error
    return len(late), faults


async def send(
    folder: Path,
    url: str,
    span: Selection | None = None,
    told: Told = lambda _: None,
    least: int = LEAST_PROBES,
) -> tuple[Counter[str], list[Fault]]:
    """Send what came late by remote write; samples by what became of them, "taken" or "refused: WHY".

    Prometheus takes them inside its `out_of_order_time_window`; the same ones again change nothing.
    Raises `BadInput` when nobody answers at the URL, or the server fails: try again later.
    """
    late, faults = await asyncio.to_thread(_late, folder, told)
    found: Counter[str] = Counter()
    try:
        async with client() as session:
            for count, body in bodies(_figures(late, span, least)):
                answer = await deliver(session, url, body)
                found["taken" if answer.result == "taken" else f"refused: {answer.said}"] += count
    except OSError as error:
        raise BadInput(f"the samples cannot be sent: {error}") from error
    return found, faults


def _late(folder: Path, told: Told) -> tuple[list[LateSeen], list[Fault]]:
    late: list[LateSeen] = []
    with opened(folder) as source:
        recount, tally = new_tally(source)
        for _, found in counted(source, recount, tally, told):
            late.extend(late_of(found))
    return late, tally.faults


def _figures(late: list[LateSeen], span: Selection | None, least: int) -> Iterator[Sample]:
    return (one for one in samples(late, least) if _within(one.at_ms, span))


def _within(at_ms: int, span: Selection | None) -> bool:
    return span is None or epoch_seconds(span.since) <= at_ms / 1000 < epoch_seconds(span.until)
