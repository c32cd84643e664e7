"""Who the simulated probes are: where they stand, when they sleep, crash and lie, how their clocks go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dabyl.replay.script import PROFILE_OF, PROFILES, Script
from wire.facts import regions
from wire.names import Access
from wire.records import Network

ABROAD: Final = 6
NETWORKS: Final[tuple[tuple[str, Access], ...]] = (
    ("AS9198", "fixed"), ("AS29355", "mobile"), ("AS21299", "mobile"), ("AS48503", "mobile"),
    ("AS41798", "fixed"), ("AS39824", "fixed"), ("AS21299", "fixed"),
)  # fmt: skip
_LOST: Final = 0.02  # of rounds that never happen, for no reason that anybody could tell
_SLEEPERS: Final = 0.5  # switch their machine off for the night
_BED_HOUR: Final = 18.0  # UTC: midnight in Almaty
_NIGHT_H: Final = 7.5
_CRASH_EVERY_H: Final = 240.0
_CRASH_H: Final = (0.5, 6.0)
_WRONG_CLOCKS: Final = 0.03
_SKEW_S: Final = 120.0

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Habits:
    """How likely probes are to lie (a share of them), and how often they measure (seconds)."""

    liars: float
    cycle_s: float


@dataclass(frozen=True)
class Crowd:
    """By probe: its network, the profile of its region in the script, and what is peculiar to it.

    `luck`: 0 to 1, online while below the script's level. `phase_s`: in its cycle. `skew_s`: of its clock.
    """

    networks: list[Network]
    profile: Codes
    mobile: Flags
    outside: Flags
    luck: Floats
    lies: Flags
    phase_s: Floats
    skew_s: Floats
    bed: Floats
    night_h: Floats

    def __len__(self) -> int:
        """How many probes, those abroad among them."""
        return len(self.networks)


def gather(probes: int, habits: Habits, chance: np.random.Generator) -> Crowd:
    """So many probes inside, spread over all regions and operators, and a few abroad."""
    inside = [
        Network(asn=asn, region=region, access=access) for region in regions() for asn, access in NETWORKS
    ]
    count, number = probes + ABROAD, np.arange(probes + ABROAD)
    outside = number >= probes
    place = chance.permutation(count) % len(inside)
    networks = [_abroad(n) if outside[n] else inside[place[n]] for n in range(count)]
    wrong = chance.random(count) < _WRONG_CLOCKS
    return Crowd(
        networks=networks,
        profile=np.array([PROFILES.index(PROFILE_OF.get(one.region, "REST")) for one in networks]),
        mobile=np.array([one.access == "mobile" for one in networks]),
        outside=outside,
        luck=chance.random(count),
        lies=(chance.random(count) < habits.liars) & ~outside,
        phase_s=chance.uniform(0, habits.cycle_s, count),
        skew_s=np.where(wrong, chance.normal(0, _SKEW_S, count).clip(-2 * _SKEW_S, 2 * _SKEW_S), 0.0),
        bed=chance.normal(_BED_HOUR, 1.0, count) % 24,
        night_h=np.where((chance.random(count) < _SLEEPERS) & ~outside, _NIGHT_H, 0.0),
    )


def _abroad(number: int) -> Network:
    return Network(asn=("AS3320", "AS24940")[number % 2], access="fixed", side="outside")


def online(script: Script, crowd: Crowd) -> Flags:
    """By (probe, half hour): whether what it measures can be sent."""
    level = np.where(crowd.mobile[:, None], script.mobile[crowd.profile], script.fixed[crowd.profile])
    return np.asarray((crowd.luck[:, None] < level) | crowd.outside[:, None], dtype=bool)


def awake(crowd: Crowd, probe: int, at: Floats, chance: np.random.Generator) -> tuple[Flags, Codes]:
    """For one probe's rounds at those times (Unix seconds): whether it was there, and in which life.

    A crash ends a life; what it had kept is on its disk, and what it would have measured is not.
    """
    there = (at / 3600 - crowd.bed[probe]) % 24 >= crowd.night_h[probe]
    there &= chance.random(len(at)) >= _LOST
    life = np.zeros(len(at), np.int64)
    hours = (at[-1] - at[0]) / 3600 if len(at) else 0.0
    for crash in np.sort(chance.uniform(0, hours, chance.poisson(hours / _CRASH_EVERY_H))):
        since = at[0] + crash * 3600
        there &= (at < since) | (at >= since + chance.uniform(*_CRASH_H) * 3600)
        life += at >= since
    return there, life
