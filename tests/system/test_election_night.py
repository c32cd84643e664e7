"""A small election night: real collector, kill -9, a witness that is away, a second instance, a restored backup."""

from __future__ import annotations

from pathlib import Path

from tests.system.election_night import PROMISE_S, night
from tests.system.night_parts import SHEETS, WRONG_EVERY

STATIONS = 40
KILLS = 2


async def test_nothing_is_lost_forked_or_doubled(tmp_path: Path) -> None:
    found = await night(tmp_path, STATIONS, KILLS)
    assert (found.forks, found.faults, found.lost) == ([], [], 0)
    assert found.proofs_verified == found.entries
    assert found.kinds["sheet"] == found.kinds["claim"] == found.sheets == STATIONS * SHEETS
    assert found.disputed == found.kinds["mismatch"] == found.sheets // WRONG_EVERY
    assert found.public_p99_s < PROMISE_S
    assert found.cosigned_heads > 0
    second, restored = found.refused
    assert second.endswith("another collector uses this folder")
    assert "an old copy?" in restored
