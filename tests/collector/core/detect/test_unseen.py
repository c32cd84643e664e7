"""Worlds drawn by lot: a few small ones of each story; `python -m tests.collector.core.detect.unseen` plays many."""

from __future__ import annotations

import numpy as np
import pytest

from collector.core.detect import detect
from tests.collector.core.detect.unseen.calm import CALM
from tests.collector.core.detect.unseen.country import HOUR, drawn
from tests.collector.core.detect.unseen.score import Played, judged
from tests.collector.core.detect.unseen.stories import EVENTS
from tests.collector.core.detect.unseen.stream import stream
from wire.canonical import encode

_SEEDS = {"events": (1, 2), "calm": (3,)}


def small(name: str, seed: int) -> Played:
    """A world of few records."""
    rng = np.random.default_rng([seed, len(name), sum(map(ord, name))])
    at = 5.3 * HOUR
    country = drawn(seed, 16.0, rng, seen=True, most=250_000)
    story = (CALM | EVENTS)[name](country, rng, at, 3 * HOUR)
    columns = stream(country, tuple(story.happenings), story.odd, rng)
    found = detect(columns)
    assert all(encode(one) for one in found)
    return judged(name, seed, country, story, found)


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_what_happens_in_a_drawn_world_is_told(name: str) -> None:
    outcomes = [one for seed in _SEEDS["events"] for one in small(name, seed).outcomes]
    told = [one for one in outcomes if one.incident is not None]
    assert len(told) >= 0.7 * len(outcomes)
    assert np.median([one.latency - one.cycle for one in told]) < 3.0
    assert np.median([abs(one.onset) for one in told]) < 2.0


@pytest.mark.parametrize("name", sorted(CALM))
def test_a_calm_drawn_world_is_calm(name: str) -> None:
    assert [one for seed in _SEEDS["calm"] for one in small(name, seed).false] == []
