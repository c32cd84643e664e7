"""Cuts that come and go: one incident while the calm between is short, several where it lasts half an hour."""

from __future__ import annotations

import numpy as np
import pytest

from collector.core.detect import detect
from collector.core.detect.decoding import Ground
from collector.core.detect.explain import short_pause
from tests.collector.core.detect.world import Event, World, simulate
from wire.incidents import Incident

CITY = ("KZ-75",)


def _told(cycle: float, on: float, off: float, times: int) -> list[Incident]:
    """What is told of a region that is cut and back so many times. Minutes."""
    begins = [6.0 + number * (on + off) / 60 for number in range(times)]
    cuts = tuple(Event("cut", begin, begin + on / 60, regions=CITY) for begin in begins)
    return detect(simulate(World(cuts, probes=100, cycle=cycle, sleepers=0.0, hours=9.5)))


@pytest.mark.parametrize(("cycle", "on", "off"), [(60.0, 10, 12), (300.0, 10, 10), (600.0, 15, 15)])
def test_a_region_that_comes_and_goes_is_told_once(cycle: float, on: float, off: float) -> None:
    (one,) = _told(cycle, on, off, 5)
    assert (one.kind, one.scope.regions, one.pauses) == ("connectivity_loss", CITY, 4)


@pytest.mark.parametrize("cycle", [60.0, 300.0, 600.0])
def test_what_was_back_for_half_an_hour_is_told_twice(cycle: float) -> None:
    assert [one.scope.regions for one in _told(cycle, 60, 35, 2)] == [CITY, CITY]


@pytest.mark.parametrize(("half_interval", "minutes"), [(1, 15), (3, 15), (5, 20), (10, 30), (30, 90)])
def test_a_pause_is_short_by_the_rounds_of_the_probes(half_interval: int, minutes: int) -> None:
    ground = Ground([], np.empty(0, np.int64), np.empty(0), (), half_interval)
    assert short_pause(ground) == minutes
