from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from collector.core.detect.clean import with_true_times
from collector.core.detect.columns import DOMESTIC, Columns, Place, Role

ARRIVED = np.arange(0.0, 7_200.0, 60.0)
JUMP = 1_000.0  # in the midst of a half hour


def one_probe(at: np.ndarray, arrival: np.ndarray) -> Columns:
    none = np.zeros(len(at), np.int32)
    return Columns(
        at, arrival, none, none, none, np.ones(len(at), np.int8), none, ["p"],
        [Place("KZ-75", "AS9198", "fixed", "inside")], [Role("a.kz", "kz", DOMESTIC)], str,
    )  # fmt: skip


def jumped(by: float) -> np.ndarray:
    return np.where(ARRIVED >= JUMP, ARRIVED + by, ARRIVED) - 2.0


@pytest.mark.parametrize("by", [-10_800.0, -300.0, 10_800.0])
def test_a_clock_that_jumps_is_put_right_from_its_jump_on(by: float) -> None:
    true = with_true_times(one_probe(jumped(by), ARRIVED)).at
    assert np.abs(true - ARRIVED).max() <= 2.0


def spool(rounds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return rounds, np.full(len(rounds), rounds[-1] + 600.0)


def slow_spool(rounds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return rounds, rounds[-1] + 600.0 + np.arange(len(rounds)) * 5.0


@pytest.mark.parametrize("way", [spool, slow_spool])
@pytest.mark.parametrize("cycle", [60.0, 600.0])
def test_what_a_spool_brings_keeps_its_time(
    way: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]], cycle: float
) -> None:
    at, arrival = way(np.arange(0.0, 36_000.0, cycle))
    assert np.array_equal(with_true_times(one_probe(at, arrival)).at, at)


def test_nothing_is_measured_after_it_arrived() -> None:
    assert (with_true_times(one_probe(ARRIVED + 500, ARRIVED)).at <= ARRIVED).all()
