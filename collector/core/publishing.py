"""What of the metrics may be told: nothing that would tell of one person's line.

Rules of this file: probes are people's, vantages and gateways are not; a place counts by the probes
that are expected there, so that nobody's silence takes a series away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from collector.core.cells import Figures, Site
from collector.core.few import LEAST_PROBES, enough, publishable
from collector.core.places import Place
from collector.core.roster import Member

Value = TypeVar("Value")
Key = TypeVar("Key", bound=tuple[str, ...])
CellKey = tuple[Site, str, str]


class Public:
    """The places with enough people, by what the labels of a metric tell of a place."""

    def __init__(
        self, members: Iterable[Member], expected: Sequence[Member], least: int = LEAST_PROBES
    ) -> None:
        """`members`: everybody; `expected`: the probes that should be heard."""
        self.least = least
        people = [member.place for member in expected]
        known = [member.place for member in members if member.role != "probe"]
        self.places = _told(people, known, least)
        self.sites = _told([_site(one) for one in people], [_site(one) for one in known], least)
        self.regions = _told([one.region for one in people], [one.region for one in known], least)
        self.operators = _told([one.operator for one in people], [one.operator for one in known], least)

    def of_sites(self, found: Mapping[Key, Value]) -> dict[Key, Value]:
        """Series whose first labels are region and operator."""
        return {key: value for key, value in found.items() if key[:2] in self.sites}

    def of_regions(self, found: Mapping[Key, Value]) -> dict[Key, Value]:
        """Series whose first label is the region."""
        return {key: value for key, value in found.items() if key[0] in self.regions}

    def of_operators(self, found: Mapping[str, Value]) -> dict[str, Value]:
        """Values by operator."""
        return {key: value for key, value in found.items() if key in self.operators}

    def of_places(self, found: Mapping[Place, Value]) -> dict[Place, Value]:
        """Series of region, operator and access."""
        return {key: value for key, value in found.items() if key in self.places}

    def cells(self, figures: Figures[Site]) -> set[CellKey]:
        """Cells of site, category and side that may be told, each among those that it is added up with."""
        return publishable(
            {key: tally.probes for key, tally in figures.items()}, lambda key: key[1:], self.least
        )


def _site(place: Place) -> Site:
    return place.region, place.operator


_K = TypeVar("_K", bound=Hashable)


def _told(people: Iterable[_K], known: Iterable[_K], least: int) -> frozenset[_K]:
    return frozenset([*known, *(place for place, count in Counter(people).items() if enough(count, least))])
