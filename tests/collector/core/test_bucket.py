from __future__ import annotations

from collector.core.bucket import MAX_KEYS, Buckets


def test_a_burst_is_allowed_and_then_a_steady_rate() -> None:
    buckets = Buckets(per_s=2.0, burst=3.0)
    assert [buckets.spend("a", 0.0) for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
    assert buckets.spend("b", 0.0) == 0.0, "each key has a bucket of its own"
    assert buckets.spend("a", 0.5) == 0.0


def test_looking_takes_nothing() -> None:
    buckets = Buckets(per_s=1.0, burst=1.0)
    assert [buckets.wait_s("a", 0.0) for _ in range(3)] == [0.0, 0.0, 0.0]
    buckets.spend("a", 0.0)
    assert buckets.wait_s("a", 0.25) == 0.75


def test_a_clock_that_jumps_back_gives_no_debt() -> None:
    buckets = Buckets(per_s=1.0, burst=5.0)
    assert buckets.spend("a", 1000.0) == 0.0
    assert buckets.spend("a", 0.0) == 0.0


def test_full_buckets_are_forgotten() -> None:
    buckets = Buckets(per_s=1.0, burst=1.0)
    for number in range(MAX_KEYS + 2):
        buckets.spend(str(number), float(number))
    assert len(buckets._left) < MAX_KEYS


def test_a_clock_that_was_put_back_keeps_nobody_waiting_till_it_stands_there_again() -> None:
    buckets = Buckets(1.0, 1.0)
    day_s = 86_400.0
    assert buckets.spend("a", day_s) == 0.0
    assert buckets.wait_s("a", 0.0) == 1.0
    assert buckets.wait_s("a", 0.5) == 0.5
    assert buckets.spend("a", 1.0) == 0.0
