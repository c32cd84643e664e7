"""Services: what is blocked for minutes only is told like what is blocked for days."""

from __future__ import annotations

import pytest

from collector.core.detect import detect
from tests.collector.core.detect.world import Event, World, simulate


@pytest.mark.parametrize("minute", [0, 4, 8, 11, 14])
def test_a_short_block_is_told_wherever_it_lies_in_its_quarter_of_an_hour(minute: int) -> None:
    begin = 2.0 + minute / 60
    block = Event("block", begin, begin + 8 / 60, targets=("telegram/dc1", "telegram/web"))
    (told,) = detect(simulate(World((block,), probes=60, cycle=60.0, hours=4.0, sleepers=0.0)))
    assert (told.kind, told.scope.targets[0]) == ("service_block", "telegram")
