"""What all findings of lines share, and where one of them stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from collector.core.detect.arrays import Bools, Codes, Ints, Singles
from collector.core.detect.columns import Columns
from collector.core.detect.decoding import Ground
from collector.core.detect.evidence import Scene
from collector.core.detect.merging import Finding
from collector.core.detect.scene import Moment


@dataclass(frozen=True)
class LineCase:
    """What all findings of one run share."""

    columns: Columns
    moment: Moment
    ignored: Bools
    scene: Scene
    ground: Ground
    live: Singles
    absent: Singles
    delay: float
    heard: tuple[Columns, Scene]


def in_scope(one: Finding, case: LineCase, place: Ints | Codes) -> Bools:
    """Whether each place (by number) lies in the finding's cells."""
    within = np.zeros(len(case.columns.places), bool)
    within[case.ground.cells[one.cells]] = True
    return np.asarray(within[place], dtype=bool)


def trusted(case: LineCase) -> Bools:
    """By probe number: whether it counts at all."""
    found = np.zeros(len(case.columns.probes), bool)
    found[case.scene.visits.probe[case.scene.weight > 0]] = True
    return found
