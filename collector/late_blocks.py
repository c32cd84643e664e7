"""Samples that are too old for remote write: a text file, and the blocks that `promtool` makes of it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from pathlib import Path

from collector.core.late import Sample, open_metrics


def write_text(path: Path, samples: Iterable[Sample]) -> None:
    """The samples as OpenMetrics; whole and durable when this returns. Raises `OSError`."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file:
        file.writelines(open_metrics(samples))
        file.flush()
        os.fsync(file.fileno())
    # After a crash here a part of the file may lie beside it; it is written anew.
    beside.replace(path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


async def make_blocks(promtool: str, text: Path, folder: str) -> None:
    """Blocks of the text in Prometheus' folder, which a running server takes up within a minute or two.

    Raises `OSError` when promtool is not there or fails.
    """
    command = (promtool, "tsdb", "create-blocks-from", "openmetrics", str(text), folder)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=pipe)
    _, said = await process.communicate()
    if process.returncode:
        line = (said.decode(errors="replace").strip().splitlines() or ["it said nothing"])[-1]
        raise OSError(f"promtool: {line[:200]}")
