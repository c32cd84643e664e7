"""What is known of the probes beside their measurements: weights and dates of enrolment.

In a file there is nothing of the kind; the live collector has both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from collector.core.detect.arrays import Floats


@dataclass(frozen=True)
class Standing:
    """By a probe's number: its weight from 0 to 1, and when it was enrolled (Unix seconds; nan: unknown)."""

    weight: Floats
    enrolled: Floats

    def born(self, first_heard: Floats) -> Floats:
        """Since when each probe is there: from its enrolment, or from when it was first heard."""
        return np.where(np.isnan(self.enrolled), first_heard, np.minimum(self.enrolled, first_heard))
