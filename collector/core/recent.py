"""The newest measurements as columns, for detection while they come in.

Rules of this file: in memory a measurement is a row of a few numbers and its id; what somebody
could make up without end (targets, networks) has a bound, and what lies beyond it is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import Any, Final, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from collector.core.detect.block import read_block
from collector.core.detect.columns import Columns, Place, Role

MAX_ROLES: Final = 10_000
MAX_PLACES: Final = 5_000
_ROW: Final = np.dtype(
    [("at", "f8"), ("arrival", "f8"), ("key", "i8"), ("probe", "i4"), ("place", "i4"), ("target", "i4"),
     ("outcome", "i1")]
)  # fmt: skip
_Array = npt.NDArray[Any]
_Part = tuple[_Array, _Array]  # rows, and their ids
K = TypeVar("K", bound=Hashable)


class Recent:
    """Takes committed measurements, forgets old ones, gives columns.

    `floor`: what was measured before that time is gone.
    """

    def __init__(self, most: int) -> None:
        """`most`: how many measurements are held; beyond it the oldest arrivals go."""
        self._most = most
        self._parts: list[_Part] = []
        self._probes: dict[str, int] = {}
        self._places: dict[Place, int] = {}
        self._roles: dict[Role, int] = {}
        self.floor = 0.0

    def __len__(self) -> int:
        """How many measurements are held."""
        return sum(len(rows) for rows, _ in self._parts)

    def take(self, lines: Sequence[bytes], arrival: Sequence[float]) -> None:
        """Measurements (JSON) with when each arrived (Unix seconds); raises `BadLine`."""
        if not lines:
            return
        block = read_block(list(lines))
        rows = np.empty(block.records, _ROW)
        rows["arrival"] = arrival
        rows["at"], rows["key"], rows["outcome"] = block.at, block.key, block.outcome
        rows["probe"] = _numbers(block.probes, self._probes, 1 << 31)[block.probe]
        rows["place"] = _numbers(block.places, self._places, MAX_PLACES)[block.place]
        rows["target"] = _numbers(block.roles, self._roles, MAX_ROLES)[block.target]
        ids: list[str] = msgspec.msgpack.decode(block.ids)
        known = (rows["place"] >= 0) & (rows["target"] >= 0)
        self._parts.append(_only((rows, np.array([one.encode() for one in ids])), known))

    def forget(self, before: float) -> None:
        """Let go of what was measured before that time, and of the oldest arrivals beyond the bound."""
        kept = [_only(part, part[0]["at"] >= before) for part in self._parts]
        self._parts = [part for part in kept if len(part[0])]
        self.floor = max(self.floor, before)
        while len(self._parts) > 1 and len(self) > self._most:
            gone, _ = self._parts.pop(0)
            self.floor = max(self.floor, float(gone["arrival"].max()))

    def columns(self, without: Collection[str] = ()) -> Columns:
        """All that is held, in the order of arrival, none twice. `without`: probes that do not count."""
        rows = np.concatenate([part for part, _ in self._parts] or [np.empty(0, _ROW)])
        ids = [part for _, part in self._parts]
        order = np.argsort(rows["arrival"], kind="stable")
        order = order[_first_seen(rows["key"][order])]
        numbers = [self._probes[probe] for probe in without if probe in self._probes]
        order = order[~np.isin(rows["probe"][order], numbers)]
        found = {name: np.ascontiguousarray(rows[name][order]) for name in _ROW.names or ()}
        return Columns(
            found["at"], found["arrival"], found["probe"], found["place"], found["target"], found["outcome"],
            order.astype(np.int32), list(self._probes), list(self._places), list(self._roles),
            lambda row: _id_of(ids, row),
        )  # fmt: skip


def _numbers(names: Sequence[K], known: dict[K, int], most: int) -> _Array:
    """The number of each name; -1 for a new one beyond the bound."""
    found = [
        known.setdefault(name, len(known)) if name in known or len(known) < most else -1 for name in names
    ]
    return np.array(found, np.int32)


def _only(part: _Part, which: _Array) -> _Part:
    return part if which.all() else (part[0][which], part[1][which])


def _first_seen(keys: _Array) -> _Array:
    first = np.unique(keys, return_index=True)[1]
    first.sort()
    return first


def _id_of(parts: Sequence[_Array], row: int) -> str:
    for ids in parts:
        if row < len(ids):
            return bytes(ids[row]).decode()
        row -= len(ids)
    raise IndexError(row)
