"""Cuts that change while they last: what half of a place felt is felt by the rest, what was lost gets a list."""

from __future__ import annotations

import pytest

from collector.core.detect import detect
from tests.collector.core.detect.world import HOUR, START, Event, World, simulate
from wire.times import epoch_seconds

MOBILE = ("mobile",)
LIST = ("egov.kz", "akorda.kz", "24.kz")


def _hours(text: str) -> float:
    return (epoch_seconds(text) - START) / HOUR


@pytest.mark.parametrize(
    ("hour", "until"), [(6.0, 11.0), (14.0, 17.0)], ids=["in the morning", "in the first evening"]
)
def test_a_cut_that_half_of_the_mobile_probes_feel_first_and_then_all_is_one(
    hour: float, until: float
) -> None:
    half = Event("silent", hour, 24.0, access=MOBILE, share=0.45)
    rest = Event("silent", hour + 1.5, 24.0, access=MOBILE, share=0.85)
    columns = simulate(World((half, rest), probes=60, cycle=600.0, sleepers=0.0, hours=until))
    (one,) = detect(columns)
    assert (one.kind, one.scope.level, one.scope.access) == ("connectivity_loss", "national", MOBILE)
    assert abs(_hours(one.started_at) - hour) < 0.1
    assert (one.ended_at, one.silent) == (None, True)
    assert one.probes.affected > 25


def test_a_list_begins_on_time_though_some_lines_were_lost_before_and_some_were_well() -> None:
    mobile, some = (
        Event("cut", 2.0, 10.0, access=MOBILE),
        Event("silent", 5.0, 10.0, access=("fixed",), share=0.35),
    )
    listed = Event("allow", 10.0, 14.0, targets=LIST)
    world = World((mobile, some, listed), probes=60, cycle=600.0, hours=14.5, seed=5)
    (one,) = [one for one in detect(simulate(world)) if one.kind == "allowlist_only"]
    assert one.scope.level == "national"
    assert abs(_hours(one.started_at) - 10.0) * 60 < 0.5
