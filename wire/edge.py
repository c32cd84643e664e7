"""The right edge of a tiled tree: all that is needed to grow it and to know its root.

Rules of this file: an edge is never changed; growing gives a new one and the tiles that became full.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from wire.merkle import EMPTY_ROOT, complete_subtrees, node_hash
from wire.tiles import HEIGHT, WIDTH, Tile, tile_root

Full = tuple[Tile, tuple[bytes, ...]]


class Edge(Struct, frozen=True):
    """A tree's size and, level by level, the hashes of its last tile, fewer than 256 each."""

    size: int = 0
    levels: tuple[tuple[bytes, ...], ...] = ()

    def grown(self, leaves: Sequence[bytes]) -> tuple[Edge, list[Full]]:
        """The edge after further leaf hashes, and the tiles of all levels that became full, in order."""
        full: list[Full] = []
        levels: list[tuple[bytes, ...]] = []
        rising: Sequence[bytes] = leaves
        for level in range(len(self.levels) + HEIGHT):
            before = self.levels[level] if level < len(self.levels) else ()
            if not rising and level >= len(self.levels):
                break
            first = (self.size >> (HEIGHT * level)) // WIDTH
            done, rest = _cut((*before, *rising))
            full += [(Tile(level, first + number), tile) for number, tile in enumerate(done)]
            levels.append(rest)
            rising = [tile_root(tile) for tile in done]
        return Edge(self.size + len(leaves), tuple(levels)), full

    @property
    def root(self) -> bytes:
        """The root of the whole tree."""
        whole = b""
        for hashes in self.levels:
            for level, index in reversed(complete_subtrees(0, len(hashes))):
                one = tile_root(hashes[index << level : (index + 1) << level])
                whole = node_hash(one, whole) if whole else one
        return whole or EMPTY_ROOT


def _cut(hashes: tuple[bytes, ...]) -> tuple[list[tuple[bytes, ...]], tuple[bytes, ...]]:
    whole = len(hashes) // WIDTH * WIDTH
    return [hashes[at : at + WIDTH] for at in range(0, whole, WIDTH)], hashes[whole:]


def edge_of(leaves: Iterable[bytes]) -> Edge:
    """The edge of a tree over leaf hashes."""
    return Edge().grown(list(leaves))[0]
