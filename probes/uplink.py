"""The upload test: posts within a budget of bytes, to see whether a camera fits through the line.

Nothing runs it by itself: a person or a script asks for it, and names where to.
"""

from __future__ import annotations

from typing import Final

from aiohttp import ClientSession
from msgspec import Struct
from msgspec.structs import replace

from probes.core.failures import unknown
from probes.core.hosts import scrub_url
from probes.core.streams.upload import Post, goodput_bps, is_thin, next_size
from probes.post import post
from wire import streams
from wire.ports import Clock, Randomness
from wire.records import Step

UPLOAD: Final = "upload"
_BYTES_TYPE: Final = "application/octet-stream"
_OK: Final = range(200, 300)


class Uplink(Struct, frozen=True, kw_only=True):
    """What to test: an address that takes posts, how much may be sent, what a camera needs."""

    url: str
    budget_bytes: int
    needed_bps: float


async def measure_uplink(
    uplink: Uplink, session: ClientSession, clock: Clock, randomness: Randomness
) -> Step:
    """Post, and give one step with the rate, and `thin` or `fine` as its state."""
    began = clock.monotonic()
    posts: list[Post] = []
    # The first post opens the connection: that is not the line's rate.
    failure = await _post(uplink, session, randomness.token(1))
    while failure is None and (size := next_size(posts, uplink.budget_bytes)):
        body = randomness.token(size)  # nothing on the way can make it smaller
        t0 = clock.monotonic()
        failure = await _post(uplink, session, body)
        if failure is None:
            posts.append(Post(size_bytes=size, took_s=clock.monotonic() - t0))
    return _step(uplink, posts, failure, clock.monotonic() - began)


async def _post(uplink: Uplink, session: ClientSession, body: bytes) -> str | None:
    """One post; only an answer that says "taken" shows that all of it went through."""
    answer = await post(session, uplink.url, body, _BYTES_TYPE)
    if answer.status in _OK:
        return None
    return unknown(f"http {answer.status}" if answer.status else answer.why)


def _step(uplink: Uplink, posts: list[Post], failure: str | None, took_s: float) -> Step:
    thin = is_thin(posts, uplink.needed_bps)
    bare = Step(step="stream", failure=failure, role=UPLOAD, t0=0.0, t=took_s, url=scrub_url(uplink.url))
    if thin is None:
        return replace(bare, failure=failure or unknown("no budget"))
    return replace(
        bare,
        answered=True,
        stream_state=streams.THIN if thin else streams.FINE,
        bytes_seen=sum(one.size_bytes for one in posts),
        bitrate_bps=goodput_bps(posts),
        watched_s=sum(one.took_s for one in posts),
    )
