"""Figures of a watch: what advances, what stands still, what is too little."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.streams.flow import Expected, Flow, Tally, state_of

TICKS = 1000


def watched(packets: list[tuple[float, int, int]], until: float) -> Flow:
    """Packets of (when, size, milliseconds), then silence until a moment."""
    tally = Tally(TICKS)
    for when, size, ticks in packets:
        tally.add(9, size, ticks, when)
    return tally.flow(until)


def steady(rate_bps: int, seconds: float = 3.0, start: int = 500) -> list[tuple[float, int, int]]:
    """Ten packets a second."""
    return [(n / 10, rate_bps // 80, start + 100 * n) for n in range(int(seconds * 10) + 1)]


class Row(NamedTuple):
    name: str
    packets: list[tuple[float, int, int]]
    until: float
    expected: Expected
    state: str


KNOWN = Expected(usual_bps=500_000)
ROWS = (
    Row("a camera at its usual rate", steady(480_000), 3.0, KNOWN, "fine"),
    Row("a quiet night: a third of the usual", steady(160_000), 3.0, KNOWN, "fine"),
    Row("a covered lens", steady(8_000), 3.0, KNOWN, "masked"),
    Row("a thin stream of which nothing is known", steady(8_000), 3.0, Expected(), "fine"),
    Row("a thin stream below a configured floor", steady(8_000), 3.0, Expected(floor_bps=20_000), "masked"),
    Row("nothing", [], 10.0, KNOWN, "off"),
    Row("a first picture that was kept by the server", [(0.0, 900, 0)], 10.0, KNOWN, "frozen"),
    Row("the same time again and again", [(n / 10, 900, 77) for n in range(30)], 3.0, KNOWN, "frozen"),
    Row("it played for a second and stopped", steady(480_000, 1.0), 8.0, KNOWN, "frozen"),
    Row("a camera of one picture in two seconds", [(0.0, 9000, 0), (2.0, 9000, 2000)], 3.9, KNOWN, "fine"),
    Row("time stamps that wrap", [(0.0, 9000, 2**32 - 500), (1.0, 9000, 500)], 1.0, Expected(), "fine"),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_state_follows_from_bytes_and_time_stamps(row: Row) -> None:
    assert state_of(watched(row.packets, row.until), row.expected) == row.state


def test_the_rate_is_of_the_medias_own_time_so_that_a_burst_at_the_start_is_none() -> None:
    burst = [(0.001 * n, 1_250, 100 * n) for n in range(31)]  # 3 s of media in 30 ms
    assert watched(burst, 0.1).bitrate_bps == pytest.approx(100_000, rel=0.05)


def test_a_moment_of_media_has_no_rate() -> None:
    assert watched(steady(480_000, 0.5), 0.5).bitrate_bps is None


def test_the_longest_pause_is_kept() -> None:
    assert watched([(0.0, 1, 0), (0.1, 1, 100), (2.6, 1, 200), (2.7, 1, 300)], 3.0).gap_s == pytest.approx(
        2.5
    )


def test_tracks_with_clocks_of_their_own_do_not_disturb_each_other() -> None:
    tally = Tally(TICKS)
    for n in range(31):
        tally.add(0, 100, 4_000_000_000 + 100 * n, n / 10)
        tally.add(2, 100, 5 + 100 * n, n / 10)
    assert tally.flow(3.0).media_s == pytest.approx(3.0)
    assert tally.enough(3.0)


def test_reordered_pictures_and_wild_leaps_are_not_counted_as_time() -> None:
    flow = watched([(0.0, 1, 100), (0.1, 1, 180), (0.2, 1, 140), (0.3, 1, 220), (0.4, 1, 9_000_000)], 0.5)
    assert flow.media_s == pytest.approx(0.12)


@given(st.lists(st.tuples(st.floats(0, 10), st.integers(0, 10**6), st.integers(0, 2**32 - 1)), max_size=40))
def test_any_packets_give_figures(packets: list[tuple[float, int, int]]) -> None:
    flow = watched(sorted(packets), 10.0)
    assert flow.bytes_seen == sum(size for _, size, _ in packets)
    assert flow.media_s >= 0
    assert flow.gap_s >= 0
    assert state_of(flow, KNOWN) in {"fine", "frozen", "masked", "off"}
