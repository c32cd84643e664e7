"""How much anybody may have."""

from __future__ import annotations

import pytest

from probes.core.allowance import MAX_SOURCES, Allowance, neighbourhood


def taken(allowance: Allowance, address: str, now: float, times: int) -> int:
    return sum(allowance.take(address, now) for _ in range(times))


def test_a_neighbourhood_has_a_burst_and_then_its_rate() -> None:
    allowance = Allowance(each_s=2, all_s=1000)
    assert taken(allowance, "192.0.2.1", 0.0, 50) == 10
    assert taken(allowance, "192.0.2.99", 0.5, 50) == 1
    assert taken(allowance, "198.51.100.1", 0.5, 50) == 10


def test_all_together_have_no_more_than_theirs() -> None:
    allowance = Allowance(each_s=100, all_s=2)
    assert sum(taken(allowance, f"192.0.{n}.1", 0.0, 10) for n in range(9)) == 10


def test_a_clock_that_stands_still_gives_nothing() -> None:
    allowance = Allowance(each_s=1, all_s=100)
    taken(allowance, "192.0.2.1", 5.0, 9)
    assert taken(allowance, "192.0.2.1", 4.0, 9) == 0


def test_the_table_of_neighbourhoods_is_bounded() -> None:
    allowance = Allowance(each_s=1, all_s=1e9)
    for n in range(MAX_SOURCES + 10):
        allowance.take(f"10.{n >> 8}.{n & 255}.1", 0.0)
    assert len(allowance._sources) == MAX_SOURCES  # the bound is what is tested


@pytest.mark.parametrize(
    ("address", "shared"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("::ffff:192.0.2.77", "::/48"),
    ],
)
def test_a_neighbourhood_is_a_network(address: str, shared: str) -> None:
    assert neighbourhood(address) == shared
