"""kill -9 under load behind Kannel: the small version of `python -m tests.system.kannel_under_fire`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.system.kannel_under_fire import run


@pytest.mark.timeout(180)
async def test_no_text_that_kannel_brings_is_lost_and_none_counted_twice_through_kills(
    tmp_path: Path,
) -> None:
    outcome = await run(tmp_path, texts=250, kills=2)
    assert (outcome.lost, outcome.twice) == (0, 0)
