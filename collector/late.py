"""Late measurements for Prometheus: by remote write, or as a file from which `promtool` makes blocks."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import aiohttp

from collector.core.late import LateSeen, Sample, late_of, open_metrics, samples
from collector.core.remote_write import HEADERS, bodies
from collector.core.selection import Selection
from collector.core.times import epoch_seconds
from collector.evidence.lines import Fault
from collector.evidence.source import opened
from collector.evidence.tally import Told, counted, new_tally
from wire.errors import BadInput

ANSWER_S: Final = 60.0
SERVER_FAILED: Final = 500
TOO_OLD: Final = "too old sample"


def backfill(
    folder: Path, out: Path, span: Selection | None = None, told: Told = lambda _: None
) -> tuple[int, list[Fault]]:
    """Write what came late; how many measurements that were, and the lines that do not hold.

    `span`: only samples of that time (its region is not looked at); None: of all times. The whole
    archive is read and every signature checked. Raises `BadInput`.
    """
    late, faults = _late(folder, told)
    try:
        with out.open("w", encoding="utf-8") as file:
            file.writelines(open_metrics(_figures(late, span)))
    except OSError as error:
        raise BadInput(f"{out}: {error.strerror}") from error
    return len(late), faults


async def send(
    folder: Path, url: str, span: Selection | None = None, told: Told = lambda _: None
) -> tuple[Counter[str], list[Fault]]:
    """Send what came late by remote write; samples by what became of them, "taken" or "refused: WHY".

    Prometheus takes them inside its `out_of_order_time_window`; the same ones again change nothing.
    Raises `BadInput` when nobody answers at the URL, or the server fails: try again later.
    """
    late, faults = await asyncio.to_thread(_late, folder, told)
    found: Counter[str] = Counter()
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(ANSWER_S)) as client:
            for count, body in bodies(_figures(late, span)):
                found[await _send(client, url, body)] += count
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise BadInput(f"the samples cannot be sent: {error}") from error
    return found, faults


async def _send(client: aiohttp.ClientSession, url: str, body: bytes) -> str:
    async with client.post(url, data=body, headers=HEADERS) as answer:
        said = (await answer.text(errors="replace")).strip().partition("\n")[0]
        # Prometheus 2.42 says 500 to what lies before its window, though no second try can help.
        if answer.status >= SERVER_FAILED and TOO_OLD not in said:
            raise BadInput(f"the server failed with {answer.status}: {said[:200]}")
        return "taken" if answer.ok else f"refused: {said[:200]}"


def _late(folder: Path, told: Told) -> tuple[list[LateSeen], list[Fault]]:
    late: list[LateSeen] = []
    with opened(folder) as source:
        recount, tally = new_tally(source)
        for _, found in counted(source, recount, tally, told):
            late.extend(late_of(found))
    return late, tally.faults


def _figures(late: list[LateSeen], span: Selection | None) -> Iterator[Sample]:
    return (one for one in samples(late) if _within(one.at_ms, span))


def _within(at_ms: int, span: Selection | None) -> bool:
    return span is None or epoch_seconds(span.since) <= at_ms / 1000 < epoch_seconds(span.until)
