"""The real clock and the real randomness keep what `wire.ports` promises."""

from __future__ import annotations

from datetime import timedelta

from dabyl.system import SystemClock, SystemRandom
from wire import Clock, Randomness


def test_the_wall_clock_is_aware_and_utc() -> None:
    clock: Clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)


def test_the_monotonic_clock_never_goes_back() -> None:
    clock: Clock = SystemClock()
    readings = [clock.monotonic() for _ in range(1000)]
    assert readings == sorted(readings)


def test_tokens_have_the_size_asked_for_and_differ() -> None:
    randomness: Randomness = SystemRandom()
    assert {len(randomness.token(16)) for _ in range(100)} == {16}
    assert len({randomness.token(16) for _ in range(100)}) == 100


def test_jitter_stays_between_its_bounds() -> None:
    randomness: Randomness = SystemRandom()
    assert all(2.0 <= randomness.uniform(2.0, 3.0) <= 3.0 for _ in range(1000))
