"""What counts as now: the newest state per probe and target, at most 15 minutes old.

Rules of this file: a probe counts once in every figure, however many targets it measures or
however often; `ok` and `impaired` are reachable; `insufficient` says nothing and is left out;
`down` is the target's own fault, says nothing about the line and is left out too.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from math import fsum
from typing import Final, NamedTuple, TypeVar

from msgspec import Struct

from collector.core.digest import Outcome, Seen
from collector.core.places import OUTSIDE, Place
from wire.names import State

WINDOW_S: Final = 900.0
MAX_TARGETS: Final = (
    2_000  # per probe; what is measured beyond is kept and counted, but has no place in "now"
)
ALL: Final = ""
DOMESTIC: Final = "domestic"
FOREIGN: Final = "foreign"
REACHABLE: Final = frozenset({"ok", "impaired"})
COUNTED: Final = frozenset({"ok", "impaired", "blocked", "likely_blocked"})
K = TypeVar("K", bound=Hashable)
Site = tuple[str, str]  # region, operator
_BADNESS: Final[tuple[State, ...]] = ("insufficient", "ok", "down", "impaired", "likely_blocked", "blocked")


class Reach(Struct, frozen=True, kw_only=True):
    """The mean over probes of the share that each can reach; None when no probe can say."""

    ratio: float | None = None
    probes: int = 0


class Tally(NamedTuple):
    """A sum over probes of the share that each can reach, and how many they are."""

    total: float
    probes: int

    @property
    def reach(self) -> Reach:
        """The figure."""
        ratio = round(self.total / self.probes, 4) if self.probes else None
        return Reach(ratio=ratio, probes=self.probes)


class ProbeNow(Struct, frozen=True, kw_only=True):
    """One probe now: its share of reachable targets by (category, side), ALL being every one.

    `interference`: its share of targets by (category, mechanism), of those with a mechanism.
    """

    place: Place
    shares: dict[tuple[str, str], float]
    interference: dict[tuple[str, str], float]
    worst: State | None
    worst_in: dict[str, State]


Figures = Mapping[tuple[K, str, str], Tally]
_NOTHING: Final = Tally(0.0, 0)


class _Held:
    """A probe's newest outcomes and what was last made of them."""

    __slots__ = ("made", "newest", "place", "stale_at")

    def __init__(self, place: Place) -> None:
        self.place = place
        self.newest: dict[str, tuple[float, Outcome]] = {}
        self.made: ProbeNow | None = None
        self.stale_at = 0.0


class Cells:
    """The window, probe by probe. Late records never replace newer ones."""

    def __init__(self) -> None:
        """Nothing heard yet."""
        self._held: dict[int, _Held] = {}

    def take(self, probe: int, seen: Iterable[Seen], arrived: float) -> None:
        """A committed batch of one probe. A clock that runs ahead gains nothing: arrival is the limit."""
        for one in seen:
            at = min(one.at, arrived)
            if arrived - at <= WINDOW_S and one.place.region != OUTSIDE:
                self._keep(probe, one, at, arrived)

    def now(self, now: float) -> list[ProbeNow]:
        """Every probe that has something to say now."""
        return [made for probe in list(self._held) if (made := self._made(probe, now)) is not None]

    def _keep(self, probe: int, one: Seen, at: float, arrived: float) -> None:
        held = self._held.get(probe) or self._held.setdefault(probe, _Held(one.place))
        known = held.newest.get(one.url)
        if known is None and len(held.newest) >= MAX_TARGETS:
            return
        # What lies ahead of an arrival came before our own clock was put back: it must not stay for ever.
        if known is None or at >= known[0] or known[0] > arrived:
            held.newest[one.url] = (at, one.outcome)
            held.place, held.stale_at = one.place, 0.0

    def _made(self, probe: int, now: float) -> ProbeNow | None:
        held = self._held[probe]
        if now >= held.stale_at:
            held.newest = {url: kept for url, kept in held.newest.items() if now - kept[0] <= WINDOW_S}
            if not held.newest:
                del self._held[probe]
                return None
            held.made = probe_now(held.place, [outcome for _, outcome in held.newest.values()])
            held.stale_at = min(at for at, _ in held.newest.values()) + WINDOW_S
        return held.made


def probe_now(place: Place, outcomes: Sequence[Outcome]) -> ProbeNow:
    """A probe's outcomes, one a target, as shares."""
    counts: dict[tuple[str, str], list[int]] = {}
    mechanisms: dict[tuple[str, str], int] = {}
    for outcome in outcomes:
        if outcome.state not in COUNTED:
            continue
        reachable = outcome.state in REACHABLE
        for key in _keys(outcome):
            count = counts.setdefault(key, [0, 0])
            count[0] += reachable
            count[1] += 1
        if outcome.mechanism:
            key = (outcome.category, outcome.mechanism)
            mechanisms[key] = mechanisms.get(key, 0) + 1
    return ProbeNow(
        place=place,
        shares={key: good / counted for key, (good, counted) in counts.items()},
        interference={key: count / counts[key[0], ALL][1] for key, count in mechanisms.items()},
        worst=worst(outcome.state for outcome in outcomes),
        worst_in=_worst_in(outcomes),
    )


def worst(states: Iterable[State | None]) -> State | None:
    """The worst of some states; None when there is none."""
    return max((state for state in states if state), key=_BADNESS.index, default=None)


def rollup(probes: Iterable[ProbeNow]) -> Figures[Site]:
    """Figures by ((region, operator), category, side), ALL among the categories and sides."""
    shares: dict[tuple[Site, str, str], list[float]] = {}
    for probe in probes:
        site = (probe.place.region, probe.place.operator)
        for (category, side), share in probe.shares.items():
            shares.setdefault((site, category, side), []).append(share)
    return {key: Tally(fsum(found), len(found)) for key, found in shares.items()}


def regroup(figures: Figures[Site], of: Callable[[Site], K]) -> Figures[K]:
    """The same figures by what `of` makes of a site; every probe has one site, so nothing counts twice."""
    found: dict[tuple[K, str, str], Tally] = {}
    for (site, category, side), tally in figures.items():
        key = (of(site), category, side)
        known = found.get(key, _NOTHING)
        found[key] = Tally(known.total + tally.total, known.probes + tally.probes)
    return found


def interference(probes: Iterable[ProbeNow], figures: Figures[Site]) -> dict[tuple[Site, str, str], float]:
    """By ((region, operator), category, mechanism): the mean share of targets that show the mechanism.

    `figures` is the rollup of the same probes: those without the mechanism count as 0.
    """
    shares: dict[tuple[Site, str, str], list[float]] = {}
    for probe in probes:
        site = (probe.place.region, probe.place.operator)
        for (category, mechanism), share in probe.interference.items():
            shares.setdefault((site, category, mechanism), []).append(share)
    return {key: fsum(found) / figures[key[0], key[1], ALL].probes for key, found in shares.items()}


def _keys(outcome: Outcome) -> tuple[tuple[str, str], ...]:
    category, side = outcome.category, outcome.side
    return (category, side), (category, ALL), (ALL, side), (ALL, ALL)


def _worst_in(outcomes: Iterable[Outcome]) -> dict[str, State]:
    found: dict[str, State] = {}
    for outcome in outcomes:
        known = found.get(outcome.category, outcome.state)
        found[outcome.category] = max(known, outcome.state, key=_BADNESS.index)
    return found
