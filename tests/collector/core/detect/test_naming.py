"""Findings inside wider ones: what these tell already is told once, what is of another kind stays."""

from __future__ import annotations

import numpy as np
import pytest

from collector.core.detect.case import LineCase
from collector.core.detect.groups import groups_of
from collector.core.detect.lines import ground_of
from collector.core.detect.merging import Finding
from collector.core.detect.modes import ALLOWLIST, FOREIGN_CUT, LOSS
from collector.core.detect.naming import named
from collector.core.detect.scene import Moment, scene_of
from tests.collector.core.detect.world import START, Event, World, simulate

MOBILE = ("mobile",)
LISTED = Event("allow", 2.0, 4.0, targets=("egov.kz",))
FOREIGN, CUT = Event("foreign", 2.0, 4.0), Event("cut", 2.0, 4.0, access=MOBILE)


def _case(*events: Event) -> LineCase:
    columns = simulate(World(events, probes=60, hours=5.0, cycle=120.0, sleepers=0.0))
    heard = float(columns.arrival.max())
    moment, ignored = Moment(START, heard, heard), np.zeros(len(columns), dtype=np.bool_)
    scene = scene_of(columns, moment, ignored)
    nothing = np.zeros((scene.cells, 1), np.float32)
    return LineCase(
        columns, moment, ignored, scene, ground_of(columns, scene), nothing, nothing, 0.0, (columns, scene)
    )


def _found(case: LineCase, mode: int, family: str, key: tuple[str, ...], span: tuple[int, int]) -> Finding:
    groups = groups_of(case.ground.places, case.ground.cells, (family,))
    group = next(one for one in groups if one.key == key)
    return Finding(mode, (group,), group.cells, *span, False, 100.0)


@pytest.mark.parametrize(
    ("events", "wide", "inside", "span", "told"),
    [
        ((LISTED,), ALLOWLIST, LOSS, (120, 240), [ALLOWLIST]),
        ((LISTED,), ALLOWLIST, ALLOWLIST, (150, 180), [ALLOWLIST]),
        ((LISTED,), ALLOWLIST, LOSS, (90, 240), [ALLOWLIST, LOSS]),
        ((FOREIGN, CUT), FOREIGN_CUT, LOSS, (120, 240), [FOREIGN_CUT, LOSS]),
    ],
    ids=["called by a wrong name", "a while of it", "begun before it", "another kind"],
)
def test_a_finding_inside_a_wider_one(
    events: tuple[Event, ...], wide: int, inside: int, span: tuple[int, int], told: list[int]
) -> None:
    case = _case(*events)
    both = [_found(case, wide, "nation", (), (120, 240)), _found(case, inside, "access", MOBILE, span)]
    assert [one.mode for one in named(both, case)] == told
