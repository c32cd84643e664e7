"""What the simulated probes measure, round by round, and when each round is delivered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dabyl.replay.crowd import Codes, Crowd, Flags, Floats, awake, online
from dabyl.replay.script import STEP_S, Script

# One target of each sort a round, in turn: at home on the allowlist, at home, foreign, messengers.
LISTED, HOME, FOREIGN, MESSENGER = range(4)
SIZES: Final = (3, 3, 6, 6)
SORTS: Final = len(SIZES)
GOOD: Final = 0
BAD: Final = 1
LINE_DOWN: Final = 2
_NOISE: Final = 0.01
_LIE: Final = 0.5  # what a liar says is a toss
_PROMPT_S: Final = (0.5, 5.0)
_LATE_S: Final = (5.0, 600.0)  # from the line's return to the spool's delivery
_CHUNK: Final = 60  # rounds in one batch of a spool
_CHUNK_S: Final = 2.0
_TWICE: Final = 0.005  # deliveries whose receipt is lost: the same bytes come again


@dataclass(frozen=True)
class Rounds:
    """Rounds in the order of delivery; those of one batch stand together.

    `at`: by the probe's own clock, Unix seconds; `arrival`: of the batch. `target`, `outcome`: by
    (round, sort). `first`: where each batch begins, and the end of all.
    """

    probe: Codes
    life: Codes
    at: Floats
    arrival: Floats
    target: npt.NDArray[np.int8]
    outcome: npt.NDArray[np.int8]
    first: Codes
    twice: Flags

    def batches(self) -> Iterator[tuple[float, slice, bool]]:
        """When each batch arrives, which rounds are in it, and whether it comes again."""
        for number, (begin, end) in enumerate(
            zip(self.first[:-1].tolist(), self.first[1:].tolist(), strict=True)
        ):
            yield float(self.arrival[begin]), slice(begin, end), bool(self.twice[number])


def simulate(script: Script, crowd: Crowd, cycle_s: float, chance: np.random.Generator) -> Rounds:
    """All rounds that are ever delivered before the script ends."""
    sendable = _next_online(online(script, crowd))
    parts = [
        _of_probe(script, crowd, probe, sendable[probe], (cycle_s, chance)) for probe in range(len(crowd))
    ]
    probe, life, at, arrival, turn, step = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((at, probe, arrival))
    probe, life, at, arrival, turn, step = (
        column[order] for column in (probe, life, at, arrival, turn, step)
    )
    target = (turn + probe)[:, None] % np.array(SIZES)
    outcome = _outcomes(script, crowd, (probe, step), chance)
    first = np.flatnonzero(np.append(True, (np.diff(arrival) != 0) | (np.diff(probe) != 0)))
    twice = chance.random(len(first)) < _TWICE
    return Rounds(
        probe,
        life,
        at + crowd.skew_s[probe],
        arrival,
        target.astype(np.int8),
        outcome,
        np.append(first, len(at)),
        twice,
    )


def _of_probe(
    script: Script, crowd: Crowd, probe: int, sendable: Codes, rest: tuple[float, np.random.Generator]
) -> tuple[Codes, Codes, Floats, Floats, Codes, Codes]:
    cycle_s, chance = rest
    turn = np.arange(int(script.steps * STEP_S / cycle_s))
    at = turn * cycle_s + crowd.phase_s[probe] + chance.normal(0, 0.01 * cycle_s, len(turn))
    at = at.clip(0, script.steps * STEP_S - 1)
    there, life = awake(crowd, probe, at + script.start, chance)
    turn, at, life = turn[there], at[there], life[there]
    step = (at // STEP_S).astype(np.int64)
    sent = sendable[step]
    arrival = at + chance.uniform(*_PROMPT_S, len(at))
    held = sent > step
    arrival[held] = _spooled(sent[held], chance)
    kept = sent < script.steps
    probes = np.full(int(kept.sum()), probe)
    return probes, life[kept], at[kept] + script.start, arrival[kept] + script.start, turn[kept], step[kept]


def _spooled(sent: Codes, chance: np.random.Generator) -> Floats:
    """When what was kept arrives: batch after batch, oldest first, after the line has come back."""
    if not len(sent):
        return np.empty(0)
    new = np.append(True, np.diff(sent) != 0)
    begin = np.flatnonzero(new)
    spool = np.cumsum(new) - 1
    chunk = (np.arange(len(sent)) - begin[spool]) // _CHUNK
    return np.asarray(
        sent * STEP_S + chance.uniform(*_LATE_S, len(begin))[spool] + chunk * _CHUNK_S, np.float64
    )


def _next_online(found: Flags) -> Codes:
    """By (probe, half hour): the first from then on that is online; past the last when none is."""
    steps = found.shape[1]
    number = np.where(found, np.arange(steps), steps)
    return np.minimum.accumulate(number[:, ::-1], axis=1)[:, ::-1]


def _outcomes(
    script: Script, crowd: Crowd, seen: tuple[Codes, Codes], chance: np.random.Generator
) -> npt.NDArray[np.int8]:
    probe, step = seen
    profile, outside = crowd.profile[probe], crowd.outside[probe]
    found = np.where(chance.random((len(probe), SORTS)) < _NOISE, BAD, GOOD)
    found[~script.messengers[profile, step] & ~outside, MESSENGER] = BAD
    offline = ~online(script, crowd)[probe, step]
    listed = script.listed_only[profile, step] & offline
    found[offline & ~listed] = LINE_DOWN
    found[listed] = BAD
    found[listed, LISTED] = GOOD
    dark = outside & ~script.from_abroad[0, step]
    found[dark, LISTED] = found[dark, HOME] = BAD
    lying = crowd.lies[probe]
    found[lying] = np.where(chance.random((int(lying.sum()), SORTS)) < _LIE, BAD, GOOD)
    return found.astype(np.int8)
