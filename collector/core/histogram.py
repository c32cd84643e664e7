"""Histograms as Prometheus knows them: counts by upper bound, and a sum."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final

STEP_S: Final = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
DELAY_S: Final = (1.0, 10.0, 60.0, 300.0, 900.0, 3_600.0, 6 * 3_600.0, 86_400.0, 7 * 86_400.0)
SKEW_S: Final = (0.5, 1.0, 5.0, 30.0, 120.0, 300.0, 600.0)
WORK_S: Final = (0.000_3, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)


class Histogram:
    """One series; `bounds` are the upper ends of its buckets, the last bucket has none."""

    __slots__ = ("bounds", "counts", "sum")

    def __init__(self, bounds: tuple[float, ...], counts: Sequence[int] = (), total: float = 0.0) -> None:
        """Empty, or with what was counted."""
        self.bounds, self.sum = bounds, total
        self.counts = list(counts) or [0] * (len(bounds) + 1)

    def add(self, value: float) -> None:
        """One observation."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value

    def buckets(self) -> list[tuple[str, float]]:
        """Cumulative counts as prometheus-client takes them: (upper bound, count), `+Inf` last."""
        totals = map(float, accumulate(self.counts))
        return list(zip(_texts(self.bounds), totals, strict=True))


@lru_cache(maxsize=64)
def _texts(bounds: tuple[float, ...]) -> tuple[str, ...]:
    return *map(str, bounds), "+Inf"
