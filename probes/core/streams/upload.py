"""Whether an uplink carries a camera: a few posts within a budget of bytes, and the rate between them.

Each post is timed up to the answer, so every one also holds the round trip and the server's
thinking; the difference between a small and a large one holds the line alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

FIRST_BYTES: Final = 16_384
_GROWTH: Final = 4
# A post that took this long says enough; a larger one would only cost.
_LONG_S: Final = 2.0


class Post(Struct, frozen=True, kw_only=True):
    """One post that was answered: its body's size and how long it took."""

    size_bytes: int
    took_s: float


def next_size(posts: Sequence[Post], budget_bytes: int) -> int:
    """How large the next post is to be; 0 when enough is known or the budget is spent."""
    left = budget_bytes - sum(post.size_bytes for post in posts)
    if not posts:
        return min(FIRST_BYTES, left)
    if posts[-1].took_s >= _LONG_S:
        return 0
    wanted = posts[-1].size_bytes * _GROWTH
    return wanted if wanted <= left else 0


def goodput_bps(posts: Sequence[Post]) -> int | None:
    """Bits in a second that the line took; None when the posts do not tell it."""
    if not posts:
        return None
    small, large = posts[0], posts[-1]
    more, longer = large.size_bytes - small.size_bytes, large.took_s - small.took_s
    if more > 0 and longer > 0:
        return round(8 * more / longer)
    return round(8 * large.size_bytes / large.took_s) if large.took_s > 0 else None


def is_thin(posts: Sequence[Post], needed_bps: float) -> bool | None:
    """Whether the uplink is too thin for a rate; None when the posts do not tell it."""
    rate = goodput_bps(posts)
    return None if rate is None else rate < needed_bps
