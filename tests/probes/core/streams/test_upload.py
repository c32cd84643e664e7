"""The upload test: a budget kept, the line's rate found under latency."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.streams.upload import Post, goodput_bps, is_thin, next_size


def posted(rate_bps: float, latency_s: float, budget: int) -> list[Post]:
    """What a line of a rate and a latency gives."""
    posts: list[Post] = []
    while size := next_size(posts, budget):
        posts.append(Post(size_bytes=size, took_s=latency_s + 8 * size / rate_bps))
    return posts


@given(st.floats(1e4, 1e9), st.floats(0.001, 1.0), st.integers(0, 10**7))
def test_the_budget_is_kept_and_the_rate_is_found(rate_bps: float, latency_s: float, budget: int) -> None:
    posts = posted(rate_bps, latency_s, budget)
    assert sum(post.size_bytes for post in posts) <= budget
    if len(posts) > 1:
        assert goodput_bps(posts) == pytest.approx(rate_bps, rel=0.01)


def test_a_slow_line_is_not_posted_to_again() -> None:
    assert [post.size_bytes for post in posted(50_000, 0.1, 10**6)] == [16_384]


def test_a_line_is_thin_when_a_camera_does_not_fit() -> None:
    assert is_thin(posted(300_000, 0.1, 10**6), 500_000) is True
    assert is_thin(posted(3_000_000, 0.1, 10**6), 500_000) is False
    assert is_thin([], 500_000) is None
    assert goodput_bps([Post(size_bytes=1, took_s=0.0)]) is None
