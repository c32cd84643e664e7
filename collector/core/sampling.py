"""A sample of sheets to compare with paper: how many, and which, so that anybody can draw the same again.

Rules of this file: exact arithmetic only; the list and the seed decide, nothing else. Sources: the size is
that of Aslam, Popa, Rivest, "On Estimating the Size and Confidence of a Statistical Audit" (EVT'07), by the
exact hypergeometric sum; the draw is Rivest's sampler (people.csail.mit.edu/rivest/sampler.py, 2011) without
repeats.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from math import comb, floor
from typing import Final

from msgspec import Struct

from wire.errors import BadInput

LEAST_SEED: Final = 20  # throws of a ten-sided die: fewer could be guessed from the commitment
MAX_SEED: Final = 1_000


class Unit(Struct, frozen=True, order=True):
    """What is drawn: a station with all its sheets (`sheet` is ""), or one of its sheets."""

    station: str
    sheet: str = ""


class Plan(Struct, frozen=True, kw_only=True):
    """What a sample is to show: with a risk of at most `risk`, that no more than `tolerated` are wrong.

    `population`: how many units there are. Both shares are between 0 and 1; `tolerated` may be 0.
    """

    population: int
    risk: Fraction
    tolerated: Fraction

    def __post_init__(self) -> None:
        if self.population < 1:
            raise BadInput("the list of stations is empty")
        if not 0 < self.risk < 1:
            raise BadInput("the risk limit is a share between 0 and 1, as 0.05")
        if not 0 <= self.tolerated < 1:
            raise BadInput("the tolerated share is 0 or more and less than 1, as 0.01")

    @property
    def least_wrong(self) -> int:
        """The smallest number of wrong units that is too many."""
        return floor(self.tolerated * self.population) + 1

    @property
    def size(self) -> int:
        """How many to draw: the fewest of which too many wrong ones stay unseen with the risk at most."""
        numbers = range(self.population + 1)
        return bisect_left(numbers, True, key=lambda size: self.risk_of(size) <= self.risk)

    def risk_of(self, size: int) -> Fraction:
        """The chance that a sample of `size` shows nothing wrong although just too many are."""
        wrong = self.least_wrong
        return Fraction(comb(self.population - size, wrong), comb(self.population, wrong))

    def most_wrong(self, size: int, found: int) -> int:
        """How many of all may be wrong when `found` of a sample of `size` were: true but with the risk.

        The exact one-sided bound: the largest number with which so few are found more often than that.
        """
        if not 0 <= found <= size <= self.population:
            raise BadInput(f"{found} of {size} of {self.population} is no sample")
        numbers = range(found, self.population - (size - found) + 1)
        over = bisect_left(numbers, True, key=lambda wrong: self._so_few(wrong, size, found) <= self.risk)
        return found + max(over - 1, 0)

    def _so_few(self, wrong: int, size: int, found: int) -> Fraction:
        """The chance of at most `found` wrong ones in a sample."""
        right = self.population - wrong
        ways = sum(comb(wrong, at) * comb(right, size - at) for at in range(found + 1))
        return Fraction(ways, comb(self.population, size))


class Pick(Struct, frozen=True):
    """One step of the draw: the counter, the hash of seed and counter, and which number it gives, from 1."""

    counter: int
    hash: str
    number: int


class Drawn(Struct, frozen=True):
    """A unit of the sample: which in the order of the draw, by which pick."""

    order: int
    pick: Pick
    unit: Unit


def picks(seed: str, population: int) -> Iterator[Pick]:
    """Numbers from 1 to `population` without end: the remainder of SHA-256 over "SEED,COUNTER", plus 1."""
    counter = 0
    while True:
        counter += 1
        printed = sha256(f"{seed},{counter}".encode()).hexdigest()
        yield Pick(counter, printed, int(printed, 16) % population + 1)


def draw(seed: str, units: Sequence[Unit], size: int) -> list[Drawn]:
    """The sample from units in `listed` order; a number that came already is passed over."""
    if size > len(units):
        raise BadInput(f"{size} cannot be drawn of {len(units)}")
    found: dict[int, Drawn] = {}
    numbers = picks(seed, len(units)) if size else iter(())
    while len(found) < size:
        pick = next(numbers)
        if pick.number not in found:
            found[pick.number] = Drawn(len(found) + 1, pick, units[pick.number - 1])
    return list(found.values())


def listed(units: Iterable[Unit]) -> list[Unit]:
    """The units in the order that numbers them: by station, then by sheet. Raises `BadInput` for a repeat."""
    found = sorted(units)
    for one, after in pairwise(found):
        if one == after:
            raise BadInput(f"{one.station} {one.sheet}".rstrip() + " stands twice in the list of stations")
    return found


def print_of(units: Iterable[Unit]) -> str:
    """SHA-256 over the ordered list, a line "STATION,SHEET" each: which list was drawn from."""
    return sha256("".join(f"{one.station},{one.sheet}\n" for one in units).encode()).hexdigest()


def commitment(seed: str) -> str:
    """SHA-256 of a seed: said before, so that the seed cannot be chosen afterwards. Raises `BadInput`."""
    if not LEAST_SEED <= len(seed) <= MAX_SEED or not seed.isprintable():
        raise BadInput(f"a seed has {LEAST_SEED} to {MAX_SEED} characters, as {LEAST_SEED} throws of a die")
    return sha256(seed.encode()).hexdigest()


def joined(seeds: Iterable[str]) -> str:
    """One seed of those of several parties, in the order of their commitments, so that none comes last."""
    return ",".join(sorted(seeds, key=commitment))
