"""kill -9 under load, over a bank of modems, with the collector away: 0 lost, 0 twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.system import links_kill
from tests.system.modem_kill import run, text_of

TEXTS = 600


@pytest.mark.timeout(120)
async def test_every_text_that_left_a_memory_is_kept_once_through_three_kills(tmp_path: Path) -> None:
    found = await run(TEXTS, 3, tmp_path)
    assert (found.texts, found.distinct, found.counted, found.unread, found.odd) == (
        TEXTS,
        TEXTS,
        TEXTS,
        0,
        0,
    )


def test_no_two_texts_of_the_long_run_are_equal() -> None:
    assert len({text_of(one) for one in range(20_000)}) == 20_000


@pytest.mark.timeout(120)
async def test_spools_and_phones_lose_nothing_and_count_nothing_twice_either(tmp_path: Path) -> None:
    assert await links_kill.run(150, 3, tmp_path) == links_kill.wanted(150)
