"""Blocks of lines put together: columns in the order of arrival, nothing twice."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from collector.core.detect.arrays import Codes, first_seen
from collector.core.detect.block import BadLine, Block, read_block
from collector.core.detect.columns import Columns, Place, Role

Number = TypeVar("Number", bound=np.generic)
K = TypeVar("K", bound=Hashable)


class Reader:
    """Takes lines, or blocks that were read elsewhere, in any order; gives columns.

    The ids of a block are told apart by Python's hash: blocks read in another process must share its seed.
    """

    def __init__(self) -> None:
        """Nothing read yet."""
        self._probes: dict[str, int] = {}
        self._places: dict[Place, int] = {}
        self._roles: dict[Role, int] = {}
        self._blocks: list[Block] = []
        self.lines = 0

    def take(self, lines: list[bytes]) -> None:
        """Some whole lines; raises `BadLine`, counted from the reader's first line."""
        try:
            self.add(read_block(lines))
        except BadLine as error:
            raise BadLine(error.number + self.lines, error.why) from error

    def add(self, block: Block) -> None:
        """A block."""
        block.probe = _renumbered(block.probe, block.probes, self._probes)
        block.place = _renumbered(block.place, block.places, self._places)
        block.target = _renumbered(block.target, block.roles, self._roles)
        self._blocks.append(block)
        self.lines += block.lines

    def columns(self) -> Columns:
        """All that was read, in the order of arrival, without duplicates."""
        arrival = self._joined("arrival", np.float64)
        order = np.argsort(arrival, kind="stable").astype(np.int32)
        order = order[first_seen(self._joined("key", np.int64)[order])]
        probe, place, target = (self._joined(name, np.int32)[order] for name in ("probe", "place", "target"))
        return Columns(
            self._joined("at", np.float64)[order], arrival[order], probe, place, target,
            self._joined("outcome", np.int8)[order], order, list(self._probes), list(self._places),
            list(self._roles), self._id_of,
        )  # fmt: skip

    def _joined(self, name: str, kind: type[Number]) -> npt.NDArray[Number]:
        parts = [getattr(block, name) for block in self._blocks]
        for block in self._blocks:
            setattr(block, name, None)  # it would be in memory twice
        return np.concatenate(parts).astype(kind, copy=False) if parts else np.empty(0, kind)

    def _id_of(self, row: int) -> str:
        for block in self._blocks:
            if row < block.records:
                ids: list[str] = msgspec.msgpack.decode(block.ids)
                return ids[row]
            row -= block.records
        raise IndexError(row)


def _renumbered(codes: Codes, names: list[K], known: dict[K, int]) -> Codes:
    """The block's numbers as the reader's."""
    table = np.array([known.setdefault(name, len(known)) for name in names], np.int32)
    return table[codes] if len(codes) else codes
