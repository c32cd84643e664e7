"""Probes that sleep, crash, lie, keep what they cannot send, and deliver it late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from collector.core.detect.columns import BAD, DOMESTIC, FOREIGN, GOOD, LINE_DOWN, Columns, Place, Role
from dabyl.replay.script import PROFILE_OF, PROFILES, STEP_S, Script
from wire.facts import regions

CYCLE_S: Final = 60.0
ABROAD: Final = 6
_NETWORKS: Final = (
    ("AS9198", "fixed"), ("AS29355", "mobile"), ("AS21299", "mobile"), ("AS48503", "mobile"),
    ("AS9198", "fixed"), ("AS41798", "fixed"), ("AS39824", "fixed"), ("AS21299", "fixed"),
)  # fmt: skip
_LISTED: Final = ("akorda.kz", "inform.kz", "tengrinews.kz")
_HOME: Final = ("egov.kz", "zakon.kz", "nur.kz")
_FOREIGN: Final = ("google.com", "wikipedia.org", "bbc.com", "github.com", "cloudflare.com", "debian.org")
_MESSENGERS: Final = (
    "whatsapp/e1",
    "whatsapp/web",
    "telegram/dc1",
    "telegram/web",
    "signal/chat",
    "signal/cdn",
)
_TURN: Final = 6  # targets of each sort; one of each sort a round
ROLES: Final = (
    *(Role(name, "news", DOMESTIC) for name in (*_LISTED, *_HOME)),
    *(Role(name, "control", FOREIGN) for name in _FOREIGN),
    *(Role(name, "messenger", FOREIGN) for name in _MESSENGERS),
)
_NOISE: Final = 0.01
_LOST: Final = 0.02
_SLEEPERS: Final = 0.5
_LIE: Final = 0.5  # what a liar says is a toss

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Crowd:
    places: list[Place]
    place: Codes
    profile: Codes
    mobile: Flags
    outside: Flags
    luck: Floats
    lies: Flags


def calm_script(script: Script, days: int) -> Script:
    """So many days before the script in which nothing happened."""
    shape = (len(PROFILES), days * 48)
    calm = np.ones(shape)
    return Script(script.start - days * 86_400, calm, calm, calm > 0, calm < 0, calm > 0)


def play(script: Script, probes: int, liars: float, seed: int) -> Columns:
    """All measurements, in the order of arrival. `liars`: the share of probes that lie."""
    chance = np.random.default_rng(seed)
    crowd = _crowd(probes, liars, chance)
    rounds = int(script.steps * STEP_S / CYCLE_S)
    probe, turn = np.nonzero(_awake(len(crowd.place), rounds, script.start, crowd.outside, chance))
    at = (
        turn * CYCLE_S
        + chance.uniform(0, CYCLE_S, len(crowd.place))[probe]
        + chance.normal(0, 0.5, len(probe))
    )
    at = at.clip(0, script.steps * STEP_S - 1)
    step = (at // STEP_S).astype(np.int64)
    online = _online(script, crowd)
    arrival = at + chance.uniform(0.5, 5.0, len(at))
    sent = _next_online(online)[probe, step]
    held = sent > step
    arrival[held] = sent[held] * STEP_S + chance.uniform(5, 600, int(held.sum()))
    kept = np.flatnonzero(sent < script.steps)
    return _columns(script, crowd, (probe[kept], turn[kept], at[kept], arrival[kept], step[kept]), chance)


def _crowd(probes: int, liars: float, chance: np.random.Generator) -> _Crowd:
    inside = [
        Place(region, asn, access, "inside")
        for region in regions()
        for asn, access in dict.fromkeys(_NETWORKS)
    ]
    places = [*inside, Place("", "AS3320", "fixed", "outside"), Place("", "AS24940", "fixed", "outside")]
    number = np.arange(probes + ABROAD)
    place = np.where(number < probes, chance.permutation(number) % len(inside), len(inside) + number % 2)
    return _Crowd(
        places=places,
        place=place,
        profile=np.array([PROFILES.index(PROFILE_OF.get(one.region, "REST")) for one in places])[place],
        mobile=np.array([one.access == "mobile" for one in places])[place],
        outside=number >= probes,
        luck=chance.random(len(number)),
        lies=(chance.random(len(number)) < liars) & (number < probes),
    )


def _awake(count: int, rounds: int, start: float, outside: Flags, chance: np.random.Generator) -> Flags:
    """By (probe, round): half of the probes sleep at night, some reports get lost."""
    clock = ((np.arange(rounds) * CYCLE_S + start) / 3600) % 24
    bed, sleep = chance.normal(18.0, 1.0, count) % 24, np.where(chance.random(count) < _SLEEPERS, 7.5, 0.0)
    sleep[outside] = 0.0
    found = np.empty((count, rounds), bool)
    for probe in range(count):
        found[probe] = (clock - bed[probe]) % 24 >= sleep[probe]
        found[probe] &= chance.random(rounds) >= _LOST
    return found


def _online(script: Script, crowd: _Crowd) -> Flags:
    """By (probe, half hour): whether what it measures can be sent."""
    level = np.where(crowd.mobile[:, None], script.mobile[crowd.profile], script.fixed[crowd.profile])
    return np.asarray((crowd.luck[:, None] < level) | crowd.outside[:, None], dtype=bool)


def _next_online(online: Flags) -> Codes:
    """By (probe, half hour): the first from then on that is online; past the last when none is."""
    steps = online.shape[1]
    number = np.where(online, np.arange(steps), steps)
    return np.minimum.accumulate(number[:, ::-1], axis=1)[:, ::-1]


def _columns(
    script: Script,
    crowd: _Crowd,
    rounds: tuple[Codes, Codes, Floats, Floats, Codes],
    chance: np.random.Generator,
) -> Columns:
    probe, turn, at, arrival, step = rounds
    sorts = np.arange(3)
    target = (((turn + probe) % _TURN)[:, None] + sorts[None, :] * _TURN).ravel()
    who, when = np.repeat(probe, 3), np.repeat(step, 3)
    outcome = _outcomes(script, crowd, (who, when, target), chance)
    late = np.repeat(arrival, 3)
    order = np.argsort(late, kind="stable")
    return Columns(
        at=np.repeat(at, 3)[order] + script.start,
        arrival=late[order] + script.start,
        probe=who[order].astype(np.int32),
        place=crowd.place[who[order]].astype(np.int32),
        target=target[order].astype(np.int32),
        outcome=outcome[order],
        row=order.astype(np.int32),
        probes=[f"p{number:05d}" for number in range(len(crowd.place))],
        places=crowd.places,
        roles=list(ROLES),
        id_of=lambda row: f"replay-{row}",
    )


def _outcomes(
    script: Script, crowd: _Crowd, seen: tuple[Codes, Codes, Codes], chance: np.random.Generator
) -> npt.NDArray[np.int8]:
    who, when, target = seen
    profile = crowd.profile[who]
    home, messenger = target < _TURN, target >= 2 * _TURN
    found = np.where(chance.random(len(who)) < _NOISE, BAD, GOOD)
    outside = crowd.outside[who]
    found[messenger & ~script.messengers[profile, when] & ~outside] = BAD
    offline = ~_online(script, crowd)[who, when]
    listed_only = script.listed_only[profile, when] & offline
    found[listed_only] = np.where(target[listed_only] < len(_LISTED), GOOD, BAD)
    found[offline & ~listed_only] = LINE_DOWN
    found[outside & home & ~script.from_abroad[0, when]] = BAD
    lying = crowd.lies[who]
    found[lying] = np.where(chance.random(int(lying.sum())) < _LIE, BAD, GOOD)
    return found.astype(np.int8)
