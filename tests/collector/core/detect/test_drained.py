"""A country that empties within an hour or more, probe by probe, and days on which that is nobody's doing."""

from __future__ import annotations

import numpy as np
import pytest

from collector.core.detect import detect
from tests.collector.core.detect.world import Event, World, simulate
from wire.incidents import Incident
from wire.times import epoch_seconds

HOUR = 3_600.0


def emptied(world: World, at_h: float, takes_h: float, until_h: float, share: float = 1.0) -> list[Incident]:
    """What is told when a share of the probes leave one after another, and all are back at once."""
    columns = simulate(world)
    count = len(columns.probes)
    order = np.random.default_rng(5).permutation(count)
    start = float(np.floor(columns.at.min() / HOUR) * HOUR)
    gone = np.where(order < share * count, start + (at_h + takes_h * order / count) * HOUR, np.inf)
    silent = (columns.at >= gone[columns.probe]) & (columns.at < start + until_h * HOUR)
    return detect(columns.only(~silent))


@pytest.mark.parametrize("takes_h", [0.75, 1.5])
def test_a_country_that_empties_slowly_is_told_once(takes_h: float) -> None:
    (one,) = emptied(World((), probes=60, cycle=120.0, hours=12.0), 5.0, takes_h, 10.0)
    assert (one.kind, one.scope.level) == ("connectivity_loss", "national")
    told_h = (epoch_seconds(one.detected_at) - epoch_seconds(one.started_at)) / HOUR
    assert 0.3 * takes_h < told_h < 1.1 * takes_h, "not before most had left"


def test_half_a_country_that_goes_home_is_no_cut() -> None:
    assert emptied(World((), probes=60, cycle=120.0, hours=12.0), 5.0, 1.5, 10.0, share=0.5) == []


def test_a_country_that_goes_to_bed_is_no_cut() -> None:
    assert emptied(World((), probes=60, cycle=300.0, hours=30.0), 14.0, 3.0, 26.0) == []


def test_an_event_beside_it_is_told_as_ever() -> None:
    (one,) = detect(simulate(World((Event("silent", 5.0, 8.0),), probes=60, cycle=120.0, hours=12.0)))
    assert one.scope.level == "national"
