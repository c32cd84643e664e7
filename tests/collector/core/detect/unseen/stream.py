"""What the probes of a drawn country say while things happen: columns in the order of arrival."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from collector.core.detect.columns import (
    BAD,
    DOMESTIC,
    FORGED,
    GOOD,
    LINE_DOWN,
    NOTHING,
    SLOW,
    SLUGGISH,
    TARGETS_FAULT,
    Columns,
    Place,
)  # fmt: skip
from tests.collector.core.detect.unseen.country import DAY, HOUR, Country


@dataclass(frozen=True)
class Where:
    """A part of the country; what is empty means all."""

    regions: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    access: tuple[str, ...] = ()

    def has(self, place: Place) -> bool:
        """Whether a place inside lies in it."""
        return (
            place.side != "outside"
            and (not self.regions or place.region in self.regions)
            and (not self.operators or place.operator in self.operators)
            and (not self.access or place.access in self.access)
        )


@dataclass(frozen=True)
class Happening:
    """What the network does, in seconds since the start.

    `what`: cut (kept where the country's probes keep), silent, foreign, allow, block, throttle, forge, dark, fault
    (of targets, seen by all), down (the same as the probes' own verdict), lossy, mute (the collector hears nobody).
    `share`: of the probes there. `ramp`: seconds within which the probes join.
    """

    what: str
    begin: float
    end: float
    where: Where = Where()
    targets: tuple[str, ...] = ()
    share: float = 1.0
    ramp: float = 0.0


@dataclass(frozen=True)
class Oddities:
    """What is wrong with the probes, not with the network. Moments in seconds since the start.

    `bug`: from when which share fails everything. `jump`: from when by how many seconds some clocks
    are wrong. `crowd`: how many newcomers come when, and say "good" or "bad". `holiday`: its first second.
    """

    liars: float = 0.0
    bug: tuple[float, float] = (np.inf, 0.0)
    jump: tuple[float, float] = (np.inf, 0.0)
    crowd: tuple[int, float, str] = (0, 0.0, "good")
    holiday: float = np.inf


def stream(
    country: Country, happenings: tuple[Happening, ...], odd: Oddities, rng: np.random.Generator
) -> Columns:
    """All measurements."""
    country, fresh = _with_crowd(country, odd, rng)
    when = country.phase[:, None] + np.arange(country.rounds)[None, :] * country.cycle
    when = when + rng.normal(0, 0.01 * country.cycle, when.shape)
    heard = _awake(country, when, odd, rng) & (when >= np.where(fresh, odd.crowd[1], -1e9)[:, None])
    probe, turn = np.nonzero(heard)
    at = when[probe, turn]
    target = _asked(country, len(probe), turn, rng)
    event = at[:, None] + np.sort(rng.uniform(0, country.spread, target.shape), axis=1)
    hits = [_hit(country, one, (probe, event), rng) for one in happenings]
    lost, late = _late(country, happenings, hits, probe, rng)
    said = _said(country, happenings, hits, (probe, at, target, odd), rng)
    said[fresh[probe]] = BAD if odd.crowd[2] == "bad" else GOOD
    arrival = np.maximum(event, late) + rng.uniform(0.3, 4.0, len(at))[:, None]
    jumps = (np.arange(len(country.place)) % 3 == 0)[probe][:, None] & (arrival > odd.jump[0])
    event = event + np.where(jumps, odd.jump[1], 0.0)
    codes = np.broadcast_to(probe[:, None], target.shape)[~lost], target[~lost], said[~lost]
    return _columns(country, codes, event[~lost], arrival[~lost])


def _with_crowd(country: Country, odd: Oddities, rng: np.random.Generator) -> tuple[Country, np.ndarray]:
    count, _, _ = odd.crowd
    old = len(country.place)
    fresh = np.arange(old + count) >= old
    if not count:
        return country, fresh
    inside = np.flatnonzero([one.side != "outside" for one in country.places])
    grown = {name: np.append(getattr(country, name), np.zeros(count)) for name in ("bed", "sleep", "leisure")}
    return replace(
        country,
        bed=grown["bed"],
        sleep=grown["sleep"],
        leisure=grown["leisure"].astype(bool),
        place=np.append(country.place, rng.choice(inside, count)),
        phase=np.append(country.phase, rng.uniform(0, country.cycle, count)),
    ), fresh


def _awake(country: Country, when: np.ndarray, odd: Oddities, rng: np.random.Generator) -> np.ndarray:
    clock = (when + country.begin % DAY) / HOUR
    night = rng.normal(0, 0.4, (len(country.bed), int(country.hours // 24) + 3))
    day = (when // DAY).astype(int).clip(0, night.shape[1] - 1)
    since_bed = (clock - country.bed[:, None] - np.take_along_axis(night, day, 1)) % 24
    on_holiday = (when >= odd.holiday) & (when < odd.holiday + DAY)
    lie_in = np.where(country.sleep > 0, 3.0, 0.0)[:, None] * on_holiday
    asleep = since_bed < country.sleep[:, None] + lie_in
    weekday = ((when + country.begin + 5 * HOUR) // DAY + 3) % 7
    hour = (clock + 5) % 24
    away = country.leisure[:, None] & ((weekday >= 5) | on_holiday | (hour < 9) | (hour >= 18))
    return np.asarray(~asleep & ~away & (rng.random(when.shape) >= country.missing))


def _hit(
    country: Country, one: Happening, visit: tuple[np.ndarray, np.ndarray], rng: np.random.Generator
) -> np.ndarray:
    """By (visit, n): whether it is in it then."""
    probe, event = visit
    here = np.array([one.where.has(place) for place in country.places])[country.place]
    if one.what in {"dark", "fault", "down", "mute"}:
        here = here | ~country.inside if one.what != "dark" else ~country.inside
    here &= rng.random(len(here)) < one.share
    begin = one.begin + rng.uniform(0, one.ramp, len(here))
    return np.asarray(here[probe][:, None] & (event >= begin[probe][:, None]) & (event < one.end))


def _late(
    country: Country,
    happenings: tuple[Happening, ...],
    hits: list[np.ndarray],
    probe: np.ndarray,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """By (visit, n): whether it is lost, and when a spool brought it (0: it came at once)."""
    shape = (len(probe), country.per_round)
    lost, late = np.zeros(shape, bool), np.zeros(shape)
    keeps = rng.random(len(country.place)) < country.keeps
    slowly = np.where(rng.random(len(country.place)) < 0.2, rng.uniform(0, 6 * HOUR, len(country.place)), 0.0)
    for one, hit in zip(happenings, hits, strict=True):
        if one.what in {"cut", "mute"} and one.end < country.hours * HOUR:
            lost |= hit & ~keeps[probe][:, None]
            back = one.end + rng.uniform(5, 300, len(keeps)) + slowly
            late = np.where(hit, np.maximum(late, back[probe][:, None]), late)
        elif one.what in {"cut", "silent", "mute"}:
            lost |= hit
    return lost, late


def _asked(country: Country, count: int, turn: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """By (visit, n): the number of the role."""
    roles = len(country.roles)
    order = rng.permutation(roles)
    first = turn * country.per_round + rng.integers(0, roles, count)
    return np.asarray(order[(first[:, None] + np.arange(country.per_round)) % roles])


def _said(
    country: Country,
    happenings: tuple[Happening, ...],
    hits: list[np.ndarray],
    visit: tuple[np.ndarray, np.ndarray, np.ndarray, Oddities],
    rng: np.random.Generator,
) -> np.ndarray:
    probe, at, target, odd = visit
    found = np.where(rng.random(target.shape) < country.noise, BAD, GOOD).astype(np.int8)
    home = np.array([role.side == DOMESTIC for role in country.roles])[target]
    names = np.array([role.id for role in country.roles])
    for one, hit in zip(happenings, hits, strict=True):
        named = np.isin(names, one.targets)[target] if one.targets else np.ones(target.shape, bool)
        _apply(found, one.what, hit, (named, home), country)
    lying = (rng.random(len(country.place)) < odd.liars) & country.inside
    rows = np.flatnonzero(lying[probe])
    found[rows] = np.where(rng.random((len(rows), found.shape[1])) < 0.5, BAD, GOOD)
    buggy = (rng.random(len(country.place)) < odd.bug[1]) & country.inside
    found[buggy[probe] & (at >= odd.bug[0])] = BAD
    if country.plain:
        found[found == SLOW] = SLUGGISH
    return found


def _apply(
    found: np.ndarray, what: str, here: np.ndarray, kinds: tuple[np.ndarray, np.ndarray], country: Country
) -> None:
    named, home = kinds
    dead = {"line": LINE_DOWN, "bad": BAD, "nothing": NOTHING}[country.tongue]
    table = {
        "cut": (home | ~home, dead), "live": (home | ~home, BAD), "foreign": (~home, BAD), "allow": (~named | ~home, BAD),
        "block": (named, BAD), "throttle": (named, SLOW), "forge": (named, FORGED), "dark": (home, BAD),
        "fault": (named, BAD), "down": (named, TARGETS_FAULT), "lossy": (named, SLUGGISH),
    }  # fmt: skip
    if what in table:
        which, outcome = table[what]
        found[here & which] = outcome


def _columns(
    country: Country, codes: tuple[np.ndarray, np.ndarray, np.ndarray], event: np.ndarray, arrival: np.ndarray
) -> Columns:
    order = np.argsort(arrival, kind="stable")
    probe, target, said = (
        one[order].astype(kind) for one, kind in zip(codes, (np.int32, np.int32, np.int8), strict=True)
    )
    return Columns(
        event[order] + country.begin, arrival[order] + country.begin, probe, country.place[probe].astype(np.int32), target,
        said, order.astype(np.int32), [f"p{n}" for n in range(len(country.place))], country.places, country.roles,
        lambda row: f"m{row}",
    )  # fmt: skip
