"""A test that asks for one more sample until it knows: Wald's sequential probability ratio test.

Source: A. Wald, "Sequential Tests of Statistical Hypotheses", 1945, for a share of successes.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import log
from typing import Final, Literal

Answer = Literal["yes", "no", "open"]

# A calm name is slower than its neighbour by the factor below in at most a tenth of all pairs,
# a throttled one in at least seven of ten. One false alarm in a thousand, one miss in twenty.
CALM_SHARE: Final = 0.1
SLOWED_SHARE: Final = 0.7
FALSE_ALARM: Final = 0.001
MISS: Final = 0.05
_UP: Final = log(SLOWED_SHARE / CALM_SHARE)
_DOWN: Final = log((1 - SLOWED_SHARE) / (1 - CALM_SHARE))
_YES: Final = log((1 - MISS) / FALSE_ALARM)
_NO: Final = log(MISS / (1 - FALSE_ALARM))


def decide(samples: Iterable[bool]) -> Answer:
    """Whether the share of True is the high one; "open" when more samples are needed.

    Decided by the sum over all samples given, so their order has no meaning.
    """
    score = sum(_UP if sample else _DOWN for sample in samples)
    if score >= _YES:
        return "yes"
    return "no" if score <= _NO else "open"
