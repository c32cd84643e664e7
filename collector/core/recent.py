"""The newest measurements as columns, for detection while they come in.

Rules of this file: in memory a measurement is a row of a few numbers, and its id stays packed with those
of its batch; what somebody could make up without end (targets, networks) has a bound, and what lies
beyond it is left out.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from itertools import accumulate
from typing import Any, Final, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

import msgspec
import numpy as np
import numpy.typing as npt

from collector.core.detect.arrays import first_seen
from collector.core.detect.columns import Columns, Place, Role
from collector.core.digest import Rows
from collector.core.thinning import Thinning
from collector.core.vocabulary import Targets
from collector.core.witnesses import Seen

MAX_ROLES: Final = 10_000
MAX_PLACES: Final = 5_000
_ROW: Final = np.dtype(
    [("at", "f8"), ("arrival", "f8"), ("key", "i8"), ("probe", "i4"), ("place", "i4"), ("target", "i4"),
     ("nth", "i4"), ("outcome", "i1")]
)  # fmt: skip
_ROOM: Final = 0.5  # of what can be held: beyond it a visit is kept by a few of its records
_Array = npt.NDArray[Any]
K = TypeVar("K", bound=Hashable)


class Heard(NamedTuple):
    """A committed batch: when it arrived (Unix seconds), whose it is, what it says."""

    at: float
    probe: str
    rows: Rows


class _Part(NamedTuple):
    """Some rows; the id of a row is the `nth` of all those of the batches that they came in."""

    rows: _Array
    ids: tuple[bytes, ...]
    first: tuple[int, ...]

    def only(self, which: _Array) -> _Part:
        return self if which.all() else self._replace(rows=self.rows[which])

    def thinned(self, which: _Array) -> _Part:
        """Some rows, and their ids alone."""
        rows = self.rows[which]
        batch = np.searchsorted(self.first, rows["nth"], side="right") - 1
        ids: list[bytes] = []
        for number in np.unique(batch):
            whole: list[str] = msgspec.msgpack.decode(self.ids[number])
            own = rows["nth"][batch == number] - self.first[number]
            ids.append(msgspec.msgpack.encode([whole[nth] for nth in own]))
        counts = np.unique(batch, return_counts=True)[1]
        rows["nth"] = np.arange(len(rows))
        return _Part(rows, tuple(ids), tuple(accumulate(counts.tolist(), initial=0)))

    def id_of(self, row: int) -> str:
        nth = int(self.rows["nth"][row])
        batch = bisect(self.first, nth) - 1
        ids: list[str] = msgspec.msgpack.decode(self.ids[batch])
        return ids[nth - self.first[batch]]


class Recent:
    """Takes committed measurements, forgets old ones, gives columns.

    `floor`: what was measured before that time is gone.
    """

    def __init__(self, most: int) -> None:
        """`most`: how many measurements are held: from half of it few are kept, beyond it the oldest go."""
        self._most = most
        self._parts: list[_Part] = []
        self._probes: dict[str, int] = {}
        self._places: dict[Place, int] = {}
        self._roles: dict[Role, int] = {}
        self._role_numbers: WeakKeyDictionary[Targets, _Array] = WeakKeyDictionary()
        self._thinning = Thinning()
        self.floor = 0.0

    def __len__(self) -> int:
        """How many measurements are held."""
        return sum(len(part.rows) for part in self._parts)

    def take(self, heard: Sequence[Heard]) -> None:
        """Some batches."""
        if not heard:
            return
        counts = [len(one.rows) for one in heard]
        rows = np.empty(sum(counts), _ROW)
        rows["nth"] = np.arange(len(rows))
        rows["arrival"] = np.repeat([one.at for one in heard], counts)
        rows["probe"] = np.repeat(_numbers([one.probe for one in heard], self._probes, 1 << 31), counts)
        for name, of in _COLUMNS.items():
            rows[name] = np.concatenate([of(one.rows) for one in heard])
        rows["place"] = np.concatenate([self._places_of(one.rows) for one in heard])
        rows["target"] = np.concatenate([self._roles_of(one.rows) for one in heard])
        first = tuple(accumulate(counts, initial=0))
        part = _Part(rows, tuple(one.rows.ids for one in heard), first)
        part = part.only((rows["place"] >= 0) & (rows["target"] >= 0))
        if len(part.rows) and len(self) > _ROOM * self._most:
            part = part.thinned(self._thinning.kept(part.rows, list(self._roles)))
        self._parts.append(part)

    def _places_of(self, rows: Rows) -> _Array:
        return _numbers(rows.networks.detect, self._places, MAX_PLACES)[rows.network]

    def _roles_of(self, rows: Rows) -> _Array:
        found = self._role_numbers.get(rows.targets)
        if found is None:
            found = _numbers(rows.targets.roles, self._roles, MAX_ROLES)
            self._role_numbers[rows.targets] = found
        return found[rows.target]

    def forget(self, before: float) -> None:
        """Let go of what was measured before that time, and of the oldest arrivals beyond the bound."""
        kept = [part.only(part.rows["at"] >= before) for part in self._parts]
        self._parts = [part for part in kept if len(part.rows)]
        self.floor = max(self.floor, before)
        while len(self._parts) > 1 and len(self) > self._most:
            gone = self._parts.pop(0)
            self.floor = max(self.floor, float(gone.rows["arrival"].max()))

    def seen(self, ids: Collection[str]) -> dict[str, Seen]:
        """What is held of some measurements, by their ids; the first of each to arrive."""
        keys = {hash(one): one for one in ids}
        found: dict[str, Seen] = {}
        probes, places, roles = list(self._probes), list(self._places), list(self._roles)
        for part in self._parts:
            for row in part.rows[np.isin(part.rows["key"], list(keys))]:
                seen = Seen(
                    probes[row["probe"]], float(row["at"]), places[row["place"]], roles[row["target"]],
                    int(row["outcome"]),
                )  # fmt: skip
                found.setdefault(keys[int(row["key"])], seen)
        return found

    def columns(self, without: Collection[str] = ()) -> Columns:
        """All that is held, in the order of arrival, none twice. `without`: probes that do not count."""
        parts = tuple(self._parts)
        order = np.argsort(self._whole("arrival"), kind="stable")
        order = order[first_seen(self._whole("key")[order])]
        if numbers := [self._probes[probe] for probe in without if probe in self._probes]:
            order = order[~np.isin(self._whole("probe")[order], numbers)]
        at, arrival, probe, place, target, outcome = (
            self._whole(name)[order] for name in ("at", "arrival", "probe", "place", "target", "outcome")
        )
        return Columns(
            at, arrival, probe, place, target, outcome,
            order.astype(np.int32), list(self._probes), list(self._places), list(self._roles),
            lambda row: _id_of(parts, row),
        )  # fmt: skip

    def _whole(self, name: str) -> _Array:
        return np.concatenate([part.rows[name] for part in self._parts] or [np.empty(0, _ROW[name])])


_COLUMNS: Final[Mapping[str, Callable[[Rows], _Array]]] = {
    "at": lambda rows: rows.at,
    "key": lambda rows: rows.key,
    "outcome": lambda rows: rows.said,
}


def _numbers(names: Sequence[K], known: dict[K, int], most: int) -> _Array:
    """The number of each name; -1 for a new one beyond the bound."""
    found = [
        known.setdefault(name, len(known)) if name in known or len(known) < most else -1 for name in names
    ]
    return np.array(found, np.int32)


def _id_of(parts: Sequence[_Part], row: int) -> str:
    for part in parts:
        if row < len(part.rows):
            return part.id_of(row)
        row -= len(part.rows)
    raise IndexError(row)
