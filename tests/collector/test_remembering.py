"""What a running collector does with what it finds: batches it cannot read, those a failed commit left, a full archive."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from collector.core.live import Live
from collector.serve import remember
from collector.store import Found, Loaded
from tests.collector.core.scenes import NOW, key, row, seen
from tests.collector.harness import running, sealed

PROBE = key(1)


def found(number: int, raw: bytes) -> Found:
    return Found(number=number, probe=1, received_ms=round(NOW * 1000), raw=raw)


def test_a_batch_that_cannot_be_read_any_more_is_told_and_passed_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    live = Live(NOW)
    batches = [found(1, b"of another age"), found(2, sealed(PROBE, [seen("a", probe=PROBE.id)]))]
    remember(live, Loaded(members=[row(1)], control=[], reports=[], recent=batches))
    assert live.overview(NOW).reach.probes == 1
    assert "cannot be read by this version" in caplog.text


async def test_an_archive_that_cannot_be_written_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "archive").touch()  # a file where the folder should be
    async with running(tmp_path, archive_every_s=0.05) as collector:
        await collector.enrol(PROBE)
        assert (await collector.send(PROBE, [seen("a", probe=PROBE.id)]))[0] == 200
        await asyncio.sleep(0.3)
        assert (await collector.send(PROBE, [seen("a", probe=PROBE.id)], 2))[0] == 200
    assert "cannot archive now" in caplog.text
