"""What counts as now: the newest state per probe and target, at most 15 minutes old.

Rules of this file: a probe counts once in every figure, however many targets it measures or
however often.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cached_property
from math import fsum
from typing import Final, NamedTuple, TypeVar

import numpy as np
from msgspec import Struct

from collector.core.digest import Rows, Seen, code_of
from collector.core.held import Held
from collector.core.places import OUTSIDE, Place
from collector.core.probe_now import ALL, ProbeNow, probe_now

WINDOW_S: Final = 900.0
DOMESTIC: Final = "domestic"
FOREIGN: Final = "foreign"
K = TypeVar("K", bound=Hashable)
Site = tuple[str, str]  # region, operator


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


Figures = Mapping[tuple[K, str, str], Tally]


class Cells:
    """The window, probe by probe. Late records never replace newer ones."""

    def __init__(self) -> None:
        """Nothing heard yet."""
        self._held: dict[int, Held] = {}
        self._made: dict[int, tuple[float, ProbeNow]] = {}  # until when it is so, and what was made

    def take(self, probe: int, seen: Iterable[Seen], arrived: float) -> None:
        """A committed batch of one probe. A clock that runs ahead gains nothing: arrival is the limit."""
        for one in seen:
            at = min(one.at, arrived)
            if arrived - at <= WINDOW_S and one.place.region != OUTSIDE:
                held = self._of(probe, one.place)
                slots = np.array([held.slot_of(one.url)])
                found = np.array([at]), np.array([code_of(one.outcome)])
                if held.keep(slots, found, arrived) is not None:
                    held.place = one.place
                    self._made.pop(probe, None)

    def take_rows(self, probe: int, rows: Rows, arrived: float) -> None:
        """The same of a batch's columns."""
        at = np.minimum(rows.at, arrived)
        wanted = arrived - at <= WINDOW_S
        inside = [place.region != OUTSIDE for place in rows.networks.places]
        if not all(inside):
            wanted &= np.array(inside)[rows.network]
        if not wanted.any():
            return
        held = self._of(probe, rows.networks.places[int(rows.network[wanted.argmax()])])
        slots = held.slots_of(rows.targets)
        slot = rows.target if slots is None else slots[rows.target]
        which = np.flatnonzero(wanted & (slot >= 0))
        which = which[np.argsort(at[which], kind="stable")]  # of one target twice the newest is put last
        newest = held.keep(slot[which], (at[which], rows.outcome[which]), arrived)
        if newest is not None:
            held.place = rows.networks.places[int(rows.network[which[newest]])]
            self._made.pop(probe, None)

    def forget(self, probe: int) -> None:
        """Let go of all that a probe said."""
        self._held.pop(probe, None)

    def now(self, now: float) -> Window:
        """Every probe that has something to say now."""
        return Window(made for probe in list(self._held) if (made := self._now(probe, now)) is not None)

    def _of(self, probe: int, place: Place) -> Held:
        return self._held.get(probe) or self._held.setdefault(probe, Held(place))

    def _now(self, probe: int, now: float) -> ProbeNow | None:
        until, made = self._made.get(probe, (0.0, None))
        if made is not None and now < until:
            return made
        held = self._held[probe]
        outcomes, oldest = held.since(now - WINDOW_S)
        if not len(outcomes):
            del self._held[probe]
            self._made.pop(probe, None)
            return None
        made = probe_now(held.place, outcomes)
        self._made[probe] = (oldest + WINDOW_S, made)
        return made


class Window(list[ProbeNow]):
    """Probes at one moment, with the figures of all of them, which are made when first asked for."""

    @cached_property
    def figures(self) -> Figures[Site]:
        """See `rollup`."""
        return _rollup(self)


def rollup(probes: Iterable[ProbeNow]) -> Figures[Site]:
    """Figures by ((region, operator), category, side), ALL among the categories and sides."""
    return probes.figures if isinstance(probes, Window) else _rollup(probes)


def _rollup(probes: Iterable[ProbeNow]) -> Figures[Site]:
    sites: dict[Site, dict[tuple[str, str], list[float]]] = {}
    for probe in probes:
        shares = sites.setdefault((probe.place.region, probe.place.operator), {})
        for key, share in probe.shares.items():
            shares.setdefault(key, []).append(share)
    return {
        (site, category, side): Tally(fsum(found), len(found))
        for site, shares in sites.items()
        for (category, side), found in shares.items()
    }


def regroup(figures: Figures[Site], of: Callable[[Site], K]) -> Figures[K]:
    """The same figures by what `of` makes of a site; every probe has one site, so nothing counts twice."""
    found: dict[tuple[K, str, str], list[float]] = {}
    for (site, category, side), tally in figures.items():
        known = found.setdefault((of(site), category, side), [0.0, 0])
        known[0] += tally.total
        known[1] += tally.probes
    return {key: Tally(total, int(probes)) for key, (total, probes) in found.items()}


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
