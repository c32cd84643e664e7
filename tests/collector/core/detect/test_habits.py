from __future__ import annotations

import numpy as np

from collector.core.detect.grid import start_of, visits_of
from collector.core.detect.silence import absence
from tests.collector.core.detect.world import HOUR, World, simulate


def test_who_is_seen_for_the_first_day_may_go_home_or_to_bed_and_then_is_known_to_stay() -> None:
    columns = simulate(World((), probes=12, cycle=600.0, hours=44.0, sleepers=0.0, missing=0.0))
    visits = visits_of(
        columns, start_of(columns), float(columns.at.max()), np.zeros(len(columns), dtype=np.bool_)
    )
    odds, hour = absence(visits), (visits.at - visits.start) / HOUR

    def likeliest(begin: float, end: float) -> float:
        return float(odds[(hour >= begin) & (hour < end)].max())

    # The world begins at five in the morning by the clocks of Kazakhstan.
    afternoon, evening, night = likeliest(4, 11.5), likeliest(12.5, 16.5), likeliest(17.5, 22)
    assert afternoon == 0.0 < evening < night
    assert likeliest(36.5, 40.5) == 0.0, "the second evening"
