"""kill -9 under load over SMPP, with the collector away: the small version of `python -m tests.system.smpp_under_fire`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.system.smpp_under_fire import run


@pytest.mark.timeout(120)
async def test_no_acknowledged_text_is_lost_and_none_counted_twice_through_kills(
    tmp_path: Path,
) -> None:
    outcome = await run(tmp_path, texts=1_500, kills=2)
    assert (outcome.lost, outcome.twice) == (0, 0)
    assert outcome.again > 0
