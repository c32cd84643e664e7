"""Unix seconds, the unit inside the collector, to and from the wire."""

from __future__ import annotations

from datetime import datetime, timedelta

from wire.times import EPOCH, epoch_seconds, format_time

__all__ = ["epoch_seconds", "seconds_of", "stamp"]


def stamp(seconds: float) -> str:
    """Unix seconds as a wire time."""
    return format_time(EPOCH + timedelta(seconds=seconds))


def seconds_of(moment: datetime) -> float:
    """An aware time as Unix seconds."""
    return (moment - EPOCH).total_seconds()
