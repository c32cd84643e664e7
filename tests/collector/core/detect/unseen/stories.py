"""Stories drawn by lot: what happens in a country, and all that must be told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from collector.core.detect.columns import DOMESTIC
from tests.collector.core.detect.unseen.country import HOUR, Country
from tests.collector.core.detect.unseen.stream import Happening, Oddities, Where
from wire.incidents import Kind, ScopeLevel

MINUTE = 60.0
KINDS: dict[str, Kind] = {
    "cut": "connectivity_loss", "silent": "connectivity_loss", "live": "connectivity_loss", "foreign": "international_loss",
    "allow": "allowlist_only", "block": "service_block", "throttle": "throttling", "forge": "tls_interception",
    "dark": "dark_from_abroad",
}  # fmt: skip
_LEAST = 6  # probes that an event's place must have


@dataclass(frozen=True)
class Truth:
    """What must be told; in seconds since the start."""

    kind: Kind
    level: ScopeLevel
    where: Where
    begin: float
    end: float
    targets: tuple[str, ...] = ()


@dataclass
class Story:
    """Happenings, what must be told of them, what may be (too few feel it), and what is wrong with the probes."""

    happenings: list[Happening] = field(default_factory=list)
    truths: list[Truth] = field(default_factory=list)
    small: list[Truth] = field(default_factory=list)
    odd: Oddities = field(default_factory=Oddities)


Lot = np.random.Generator
Teller = Callable[[Country, Lot, float, float], Story]


def length_of(rng: Lot) -> float:
    """From ten minutes to three days, seconds."""
    return float(np.exp(rng.uniform(np.log(10 * MINUTE), np.log(72 * HOUR))))


def wheres(country: Country, rng: Lot) -> list[tuple[ScopeLevel, Where]]:
    """A place at each level that has enough probes and leaves others out, in random order."""
    inside = [place for place in country.places if place.side != "outside" and place.access != "unknown"]
    found: list[tuple[ScopeLevel, Where]] = [("national", Where())]
    found += [("national", Where(access=(access,))) for access in ("mobile", "fixed")]
    for _ in range(12):
        place = inside[rng.integers(0, len(inside))]
        found += [
            ("region", Where(regions=(place.region,))), ("operator", Where(operators=(place.operator,))),
            ("local", Where(regions=(place.region,), operators=(place.operator,))),
            ("region", Where(regions=(place.region,), access=(place.access,))),
            ("operator", Where(operators=(place.operator,), access=(place.access,))),
        ]  # fmt: skip
    levels: dict[tuple[ScopeLevel, bool], Where] = {}
    for level, where in found:
        if _fair(country, level, where):
            levels.setdefault((level, bool(where.access)), where)
    return [(level, where) for (level, _), where in levels.items()]


def _fair(country: Country, level: str, where: Where) -> bool:
    """Enough probes, and no other name that fits the same probes as well."""
    within = np.array([where.has(place) for place in country.places])[country.place]
    count = int(within.sum())
    if count < _LEAST or (level != "national" and count > 0.6 * len(within)):
        return False
    wider = (
        [Where(), Where(access=where.access)] if level != "national" else [Where()] if where.access else []
    )
    if where.access and where.regions:
        wider.append(Where(regions=where.regions))
    if where.access and where.operators:
        wider.append(Where(operators=where.operators))
    return all(count <= 0.8 * sum(one.has(country.places[p]) for p in country.place) for one in wider)


def services(country: Country, rng: Lot, count: int) -> tuple[str, ...]:
    """All roles of some services."""
    names = sorted({role.id.partition("/")[0] for role in country.roles})
    chosen = {str(name) for name in rng.choice(names, min(count, max(1, len(names) // 3)), replace=False)}
    return tuple(role.id for role in country.roles if role.id.partition("/")[0] in chosen)


def messenger(country: Country) -> tuple[str, ...]:
    """All roles of one messenger."""
    name = next(role.id.partition("/")[0] for role in country.roles if role.category == "messenger")
    return tuple(role.id for role in country.roles if role.id.partition("/")[0] == name)


def listed(country: Country) -> tuple[str, ...]:
    """Some domestic sites, not all."""
    home = [role.id for role in country.roles if role.side == DOMESTIC]
    return tuple(home[: max(1, len(home) // 3)])


def single(what: str) -> Teller:
    """One event of a kind, somewhere, for some time."""

    def story(country: Country, rng: Lot, at: float, long: float) -> Story:
        options = wheres(country, rng)
        level, where = options[rng.integers(0, len(options))]
        targets: tuple[str, ...] = ()
        shown: tuple[str, ...] = ()
        if what in {"block", "throttle", "forge"}:
            targets = shown = services(country, rng, int(rng.choice([1, 1, 2, 4])))
            level = "service"
        elif what == "allow":
            targets = listed(country)
        elif what == "dark":
            level, where = "national", Where()
        until = at + long
        ramp = float(rng.choice([0, 30, 120]))
        return Story(
            [Happening(what, at, until, where, targets, ramp=ramp)],
            [Truth(KINDS[what], level, where, at + ramp / 2, until, shown)],
        )

    return story


def partial(country: Country, rng: Lot, at: float, long: float) -> Story:
    """A loss that half to four fifths of the probes of a place feel: five at the least, or nobody could say it."""
    size = np.bincount(country.place, minlength=len(country.places))
    options = [
        (level, where)
        for level, where in wheres(country, rng)
        if size[[where.has(one) for one in country.places]].sum() >= 2 * _LEAST
    ]
    level, where = options[rng.integers(0, len(options))]
    until = at + long
    what = str(rng.choice(["cut", "silent", "live", "foreign"]))
    return Story(
        [Happening(what, at, until, where, share=float(rng.uniform(0.5, 0.8)))],
        [Truth(KINDS[what], level, where, at, until)],
    )


def growing(country: Country, rng: Lot, at: float, _long: float) -> Story:
    """One region, then all."""
    region = next((where for level, where in wheres(country, rng) if level == "region"), Where())
    wide, until = at + float(rng.uniform(1, 4)) * HOUR, at + float(rng.uniform(6, 20)) * HOUR
    return Story(
        [Happening("cut", at, until, region), Happening("cut", wide, until)],
        [
            Truth("connectivity_loss", "region", region, at, until),
            Truth("connectivity_loss", "national", Where(), wide, until),
        ],
    )


def tightening(country: Country, rng: Lot, at: float, _long: float) -> Story:
    """A messenger, then mobile, then everything."""
    names, mobile = messenger(country), Where(access=("mobile",))
    second, third = at + float(rng.uniform(0.5, 4)) * HOUR, at + float(rng.uniform(5, 9)) * HOUR
    until = third + float(rng.uniform(1, 12)) * HOUR
    return Story(
        [
            Happening("block", at, until, targets=names),
            Happening("cut", second, until, mobile),
            Happening("cut", third, until),
        ],
        [
            Truth("service_block", "service", Where(), at, until, names),
            Truth("connectivity_loss", "national", mobile, second, until),
            Truth("connectivity_loss", "national", Where(), third, until),
        ],
    )


def overlapping(country: Country, rng: Lot, at: float, _long: float) -> Story:
    """Two events that have nothing to do with each other."""
    options = [one for one in wheres(country, rng) if one[0] != "national"] or wheres(country, rng)[:1]
    level, where = options[rng.integers(0, len(options))]
    names = messenger(country)
    second, until = at + float(rng.uniform(0.1, 1.5)) * HOUR, at + float(rng.uniform(2, 6)) * HOUR
    later = second + float(rng.uniform(1, 8)) * HOUR
    what = str(rng.choice(["cut", "silent", "foreign"]))
    return Story(
        [Happening(what, at, until, where), Happening("block", second, later, targets=names)],
        [
            Truth(KINDS[what], level, where, at, until),
            Truth("service_block", "service", Where(), second, later, names),
        ],
    )


def rolling(country: Country, rng: Lot, at: float, _long: float) -> Story:
    """Region after region."""
    story, until = Story(), at + float(rng.uniform(4, 10)) * HOUR
    count = np.bincount(country.place, minlength=len(country.places))
    regions = sorted({one.region for one in country.places if one.region})
    for number, region in enumerate(regions[:6]):
        where, begin = Where(regions=(region,)), at + number * 20 * MINUTE
        story.happenings.append(Happening("cut", begin, until, where))
        many = sum(int(n) for n, one in zip(count, country.places, strict=True) if where.has(one)) >= _LEAST
        told = story.truths if many else story.small
        told.append(Truth("connectivity_loss", "region", where, begin, until))
    return story


def flapping(country: Country, rng: Lot, at: float, _long: float) -> Story:
    """On and off for an hour or two."""
    options = wheres(country, rng)
    level, where = options[rng.integers(0, len(options))]
    step = max(6 * MINUTE, country.cycle * 2)
    times = [at + n * step for n in range(12)]
    return Story(
        [Happening("cut", one, one + step / 2, where) for one in times],
        [Truth("connectivity_loss", level, where, at, times[-1] + step / 2)],
    )


def windows(_country: Country, rng: Lot, at: float, _long: float) -> Story:
    """A national cut with windows."""
    story = Story()
    for _ in range(3):
        until = at + float(rng.uniform(4, 18)) * HOUR
        story.happenings.append(Happening("cut", at, until))
        story.truths.append(Truth("connectivity_loss", "national", Where(), at, until))
        at = until + float(rng.uniform(0.7, 3)) * HOUR
    return story


def changing(country: Country, rng: Lot, at: float, _long: float) -> Story:
    """Foreign sites go, then all, then a list comes back."""
    second, third = at + float(rng.uniform(0.4, 3)) * HOUR, at + float(rng.uniform(4, 8)) * HOUR
    until = third + float(rng.uniform(1, 6)) * HOUR
    return Story(
        [
            Happening("foreign", at, second),
            Happening("cut", second, third),
            Happening("allow", third, until, targets=listed(country)),
        ],
        [
            Truth("international_loss", "national", Where(), at, second),
            Truth("connectivity_loss", "national", Where(), second, third),
            Truth("allowlist_only", "national", Where(), third, until),
        ],
    )


LONGEST = {
    "windows": 60.0,
    "growing": 22.0,
    "tightening": 23.0,
    "overlapping": 11.0,
    "rolling": 12.0,
    "flapping": 5.0,
    "changing": 15.0,
}
EVENTS: dict[str, Teller] = {
    **{what: single(what) for what in KINDS}, "partial": partial, "growing": growing, "tightening": tightening,
    "overlapping": overlapping, "rolling": rolling, "flapping": flapping, "windows": windows, "changing": changing,
}  # fmt: skip
