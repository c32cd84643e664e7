"""A country drawn by lot: how many probes, where, how often, what they measure, what they are like.

Rules of this file: whatever the model could have been fitted to is drawn here, from a wide range.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from collector.core.detect.columns import DOMESTIC, FOREIGN, Place, Role

DAY = 86_400.0
HOUR = 3600.0
FIRST_DAY = 1_640_563_200.0  # Monday 27 December 2021, 00:00 UTC
ALL_REGIONS = tuple(
    f"KZ-{n}" for n in (71, 75, 79, 10, 11, 15, 19, 23, 27, 31, 33, 35, 39, 43, 47, 55, 59, 61, 62, 63)
)
OPERATORS = (
    ("AS9198", ("fixed",)), ("AS29355", ("mobile",)), ("AS21299", ("mobile", "fixed")), ("AS48503", ("mobile",)),
    ("AS39824", ("fixed",)), ("AS50482", ("fixed",)), ("AS41798", ("fixed",)),
)  # fmt: skip
_HOME = tuple(f"site{n}.kz" for n in range(30))
_ABROAD = tuple(f"site{n}.com" for n in range(30))
_MESSENGERS = ("telegram", "whatsapp", "signal", "viber")
_CATEGORIES = ("news", "bank", "government", "kz", "social", "health")
MOST_RECORDS = 2_500_000


@dataclass(frozen=True)
class Country:
    """`place`, `phase` ...: by probe. `tongue`: how a dead line is told ("line", "bad", "nothing").

    `per_round`: how many of the roles one round measures; `spread`: seconds that it takes.
    `plain`: verdicts have states and no mechanisms.
    """

    seed: int
    begin: float
    hours: float
    cycle: float
    spread: float
    per_round: int
    noise: float
    missing: float
    keeps: float
    tongue: str
    plain: bool
    places: list[Place]
    roles: list[Role]
    place: np.ndarray
    phase: np.ndarray
    bed: np.ndarray
    sleep: np.ndarray
    leisure: np.ndarray

    @property
    def inside(self) -> np.ndarray:
        """Whether each probe is inside the country."""
        found: np.ndarray = np.array([one.side != "outside" for one in self.places])[self.place]
        return found

    @property
    def rounds(self) -> int:
        """How many rounds fit into the time."""
        return int(self.hours * HOUR / self.cycle)


def drawn(
    seed: int, hours: float, rng: np.random.Generator, *, seen: bool = False, most: int = MOST_RECORDS
) -> Country:
    """A country whose stream has so many hours. `seen`: there are probes abroad; `most`: records, about."""
    cycle = float(rng.choice([60, 60, 60, 120, 300, 300, 600]))
    probes = int(np.exp(rng.uniform(np.log(60), np.log(3000))))
    roles = _roles(rng)
    per_round = len(roles) if rng.random() < 0.6 else max(5, len(roles) // 3)
    while probes * hours * HOUR / cycle * per_round > most:
        if per_round > 8:
            per_round = max(8, per_round // 2)
        elif probes > (200 if cycle < 300 else 60):
            probes = int(probes * 0.7)
        elif cycle < 600:
            cycle *= 2
        else:
            break
    places, place = _placed(probes, rng, int(rng.choice([2, 5] if seen else [0, 2, 5])))
    count = len(place)
    inside = np.array([one.side != "outside" for one in places])[place]
    return Country(
        seed=seed,
        begin=FIRST_DAY + float(rng.integers(0, 14 * 24)) * HOUR,
        hours=hours,
        cycle=cycle,
        spread=float(rng.choice([0.02, 0.15, 0.7])) * cycle,
        per_round=per_round,
        noise=float(rng.choice([0.0, 0.01, 0.03])),
        missing=float(rng.choice([0.0, 0.02, 0.08])),
        keeps=float(rng.choice([0.0, 0.7, 1.0])),
        tongue=str(rng.choice(["line", "bad", "nothing"])),
        plain=bool(rng.random() < 0.25),
        places=places,
        roles=roles,
        place=place,
        phase=rng.uniform(0, cycle, count),
        bed=rng.normal(23.3, 1.0, count) - 5,
        sleep=np.where((rng.random(count) < rng.choice([0.0, 0.3, 0.6])) & inside, rng.normal(7.5, 1.0, count), 0.0),
        leisure=(rng.random(count) < rng.choice([0.0, 0.15])) & inside,
    )  # fmt: skip


def _roles(rng: np.random.Generator) -> list[Role]:
    home, abroad = rng.choice([3, 6, 12, 30]), rng.choice([3, 6, 12, 30])
    found = [Role(name, str(rng.choice(_CATEGORIES)), DOMESTIC) for name in _HOME[:home]]
    found += [Role(name, str(rng.choice(_CATEGORIES)), FOREIGN) for name in _ABROAD[:abroad]]
    for name in _MESSENGERS[: rng.integers(1, 5)]:
        found += [
            Role(f"{name}/{part}", "messenger", FOREIGN)
            for part in ("dc1", "web", "e1")[: rng.integers(1, 4)]
        ]
    return found


def _placed(probes: int, rng: np.random.Generator, outside: int) -> tuple[list[Place], np.ndarray]:
    """Places, and each probe's: some regions have many probes, some two."""
    regions = list(rng.choice(ALL_REGIONS, rng.choice([5, 10, 17, 20]), replace=False))
    operators = [OPERATORS[n] for n in sorted(rng.choice(len(OPERATORS), rng.integers(3, 8), replace=False))]
    if not any("mobile" in access for _, access in operators):
        operators.append(OPERATORS[1])
    if not any("fixed" in access for _, access in operators):
        operators.append(OPERATORS[0])
    if sum(access != ("fixed",) for _, access in operators) < 2 and OPERATORS[3] not in operators:
        operators.append(OPERATORS[3])
    places = [
        Place(str(r), asn, kind, "inside") for r in regions for asn, access in operators for kind in access
    ]
    weight_of = dict(zip(regions, rng.dirichlet(np.full(len(regions), 1.5)), strict=True))
    share_of = dict(
        zip((asn for asn, _ in operators), rng.dirichlet(np.full(len(operators), 3.0)), strict=True)
    )
    weight = np.array([weight_of[one.region] * share_of[one.operator] for one in places])
    place = rng.choice(len(places), probes, p=weight / weight.sum())
    place = np.concatenate(
        (place, *[np.flatnonzero([one.region == r for one in places])[:2] for r in regions])
    )
    if rng.random() < 0.3:  # some do not say where they stand
        places += [
            Place("", operators[0][0], "unknown", "inside"),
            Place(str(regions[0]), "", "unknown", "inside"),
        ]
        lost = rng.random(len(place)) < 0.05
        place[lost] = len(places) - 1 - rng.integers(0, 2, int(lost.sum()))
    places += [Place("", "AS3320", "fixed", "outside"), Place("", "AS24940", "fixed", "outside")]
    return places, np.concatenate((place, len(places) - 1 - np.arange(outside) % 2))
