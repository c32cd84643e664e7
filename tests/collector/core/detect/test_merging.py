from __future__ import annotations

import numpy as np
import pytest

from collector.core.detect.groups import Group
from collector.core.detect.merging import Finding, bridged
from collector.core.detect.modes import ALLOWLIST, LOSS

CITY = Group("region", ("KZ-75",), np.array([0]))
NATION = Group("nation", (), np.array([0, 1]))


def found(first: int, last: int, group: Group = CITY, mode: int = LOSS) -> Finding:
    return Finding(mode, (group,), group.cells, first, last, False, 10.0)


@pytest.mark.parametrize(("again", "spans"), [(50, [(0, 90)]), (56, [(0, 40), (56, 90)])])
def test_a_short_pause_is_flapping_and_a_longer_one_an_end(again: int, spans: list[tuple[int, int]]) -> None:
    assert [(one.first, one.last) for one in bridged([found(0, 40), found(again, 90)])] == spans


def test_how_short_a_pause_is_depends_on_how_often_probes_report() -> None:
    (one,) = bridged([found(0, 40), found(60, 90)], pause=20)
    assert (one.first, one.last, one.pauses) == (0, 90, 1)


def test_a_pause_that_a_wider_finding_tells_is_none() -> None:
    mine = [found(0, 40), found(612, 900)]
    wide = found(45, 600, NATION, ALLOWLIST)
    assert len(bridged(mine, [wide])) == 2
    (one,) = bridged(mine, [wide], pad=12)  # beside the wider one nothing else can be told
    assert (one.first, one.last, one.pauses) == (0, 900, 0)


def test_another_kind_or_another_place_is_not_bridged() -> None:
    assert len(bridged([found(0, 40), found(42, 90, mode=ALLOWLIST), found(42, 90, NATION)])) == 3
