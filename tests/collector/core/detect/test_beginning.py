"""The first minutes of a stream, when nobody's rounds are known, and streams that begin in the middle of an event."""

from __future__ import annotations

import pytest

from collector.core.detect import detect
from tests.collector.core.detect.world import REGIONS, START, Event, World, simulate

MESSENGERS = ("telegram/dc1", "telegram/web", "whatsapp/e1", "signal/chat")


@pytest.mark.parametrize("cycle", [60.0, 300.0, 600.0])
def test_a_collector_that_has_just_begun_takes_no_pause_for_silence(cycle: float) -> None:
    columns = simulate(World((), probes=24, abroad=2, cycle=cycle, hours=1.0, sleepers=0.0))
    assert [found for second in range(60, 3600, 300) for found in detect(columns, START + second)] == []


def test_a_cut_is_told_though_messengers_were_blocked_from_the_first_moment_on() -> None:
    elsewhere = tuple(region for region in REGIONS if region != "KZ-71")
    block, cut = Event("block", 0.0, 9.0, targets=MESSENGERS, regions=elsewhere), Event("cut", 6.0, 8.0)
    found = detect(simulate(World((block, cut), probes=60, cycle=300.0, hours=9.0)))
    (lost,) = [one for one in found if one.kind == "connectivity_loss"]
    assert (lost.scope.level, lost.scope.access) == ("national", ())
    assert lost.probes.affected > 30, "who never saw all well had a line too"
