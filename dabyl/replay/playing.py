"""A script, a crowd and a stage put together."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from dabyl.replay.aside import made_aside
from dabyl.replay.crowd import Habits, gather
from dabyl.replay.rounds import simulate
from dabyl.replay.script import STEP_S, Script, with_calm
from dabyl.replay.speaking import speakers, spoken
from dabyl.replay.stage import Course, stage
from wire.incidents import Incident
from wire.ports import Clock, Randomness


class Play(Struct, frozen=True, kw_only=True):
    """Who plays. `calm_days`: before the script begins. The same seed gives the same measurements."""

    probes: int = 500
    habits: Habits = Habits(liars=0.05, cycle_s=300.0)
    calm_days: int = 7
    seed: int = 1


async def play(
    script: Script, given: Play, course: Course, steady: Clock, randomness: Randomness
) -> list[Incident]:
    """Every incident that was told and not withdrawn, each as it was told last."""
    whole = with_calm(script, given.calm_days)
    chance = np.random.default_rng(given.seed)
    crowd = gather(given.probes, given.habits, chance)
    rounds = simulate(whole, crowd, given.habits.cycle_s, chance)
    voices = speakers(crowd, given.seed)
    with made_aside(spoken(rounds, voices)) as batches:
        async with stage(whole.start, course, steady, randomness) as fed:
            await fed.enrol(voices, randomness)
            await fed.feed(batches, whole.start + whole.steps * STEP_S)
            told = [one.incident for one in fed.collector.live.incidents.last()]
    return [one for one in told if not one.withdrawn]
