"""What each camera's rate usually is: remembered from fine days, or told by a control.

Only rates of streams that were fine are learned, so that a lens that stays covered never becomes usual.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final

import msgspec

from probes.core.streams.flow import Expected
from wire import streams
from wire.errors import BadInput
from wire.records import Measurement, Step, Target

# A day of five-minute rounds holds every hour's light; the median of fewer is good enough to begin with.
KEPT: Final = 288
MAX_CAMERAS: Final = 10_000


class Usual:
    """Rates by target, oldest first."""

    def __init__(self, rates: dict[str, list[int]] | None = None) -> None:
        """Rates from before, if there are any."""
        self._rates = rates or {}

    @classmethod
    def load(cls, raw: bytes) -> Usual:
        """From `dump`; raises `BadInput` for anything else."""
        try:
            return cls(msgspec.json.decode(raw, type=dict[str, list[int]]))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadInput("the remembered rates cannot be read") from error

    def dump(self) -> bytes:
        """As JSON."""
        return msgspec.json.encode(self._rates)

    def learn(self, measurements: Iterable[Measurement]) -> bool:
        """Remember the rates of streams that were fine; whether there were any."""
        told = [
            (one.target.id, rate)
            for one in measurements
            if (rate := _fine_rate(one.steps))
            and (one.target.id in self._rates or len(self._rates) < MAX_CAMERAS)
        ]
        for camera, rate in told:
            self._rates[camera] = [*self._rates.get(camera, ()), rate][-KEPT:]
        return bool(told)

    def expected(self, target: Target, controls: Sequence[Measurement] = ()) -> Expected:
        """What to compare a camera's rate with: its own past, else the highest that a control saw."""
        own = self._rates.get(target.id)
        if own:
            return Expected(usual_bps=median(own))
        return Expected(usual_bps=max((_fine_rate(one.steps) for one in controls), default=0))


def _fine_rate(steps: Iterable[Step]) -> int:
    return max((step.bitrate_bps or 0 for step in steps if step.stream_state == streams.FINE), default=0)
