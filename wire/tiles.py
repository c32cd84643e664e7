"""A log as static files, as c2sp.org/tlog-tiles says: paths, tiles of hashes, bundles of entries.

Rules of this file: what a tree of a size needs is a list of tiles; they are served and fetched elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from msgspec import Struct

from wire.errors import BadInput, BadRecord
from wire.merkle import HASH_BYTES, node_hash, parents

WIDTH: Final = 256
HEIGHT: Final = 8
MAX_ENTRY_BYTES: Final = 65_535
_LENGTH_BYTES: Final = 2
_PATH: Final = re.compile(
    r"tile/(?P<level>entries|0|[1-9]|[1-5][0-9]|6[0-3])/(?P<index>(x[0-9]{3}/){0,6}[0-9]{3})"
    r"(\.p/(?P<width>[1-9][0-9]{0,2}))?"
)
_MAX_INDEX: Final = 1 << 62


class Tile(Struct, frozen=True, order=True):
    """One tile: its level (None: a bundle of entries), its index, its width: 1 to 256 hashes or entries."""

    level: int | None
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it is served, below the log's address."""
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        where = "/".join((*(f"x{part}" for part in parts[:-1]), parts[-1]))
        level = "entries" if self.level is None else self.level
        return f"tile/{level}/{where}" + (f".p/{self.width}" if self.width < WIDTH else "")

    @classmethod
    def parse(cls, path: str) -> Tile:
        """The tile of such a path, in its one spelling; raises `BadInput`."""
        found = _PATH.fullmatch(path)
        if found is None:
            raise BadInput("not the path of a tile")
        level = None if found["level"] == "entries" else int(found["level"])
        index = int(found["index"].replace("x", "").replace("/", ""))
        tile = cls(level, index, int(found["width"] or WIDTH))
        if index >= _MAX_INDEX or tile.path != path:
            raise BadInput("not the path of a tile")
        return tile


def tiles_of(size: int) -> Iterator[Tile]:
    """The tiles of hashes that a tree of a size consists of, level by level; none for an empty tree."""
    level, count = 0, size
    while count:
        yield from _level_tiles(level, count)
        level, count = level + 1, count // WIDTH


def bundles_of(size: int) -> Iterator[Tile]:
    """The bundles that hold the first `size` entries."""
    return _level_tiles(None, size)


def _level_tiles(level: int | None, count: int) -> Iterator[Tile]:
    whole, rest = divmod(count, WIDTH)
    yield from (Tile(level, index) for index in range(whole))
    if rest:
        yield Tile(level, whole, rest)


def hashes_of(raw: bytes, width: int) -> list[bytes]:
    """The hashes of a tile; raises `BadRecord` when it is not exactly `width` of them."""
    if len(raw) != width * HASH_BYTES:
        raise BadRecord(f"a tile of {len(raw)} bytes; {width * HASH_BYTES} are right")
    return [raw[at : at + HASH_BYTES] for at in range(0, len(raw), HASH_BYTES)]


def tile_root(hashes: Sequence[bytes]) -> bytes:
    """The hash that a full tile has in the tile above."""
    level = list(hashes)
    while len(level) > 1:
        level = parents(level)
    return level[0]


def bundle(entries: Iterable[bytes]) -> bytes:
    """Entries as a bundle, each after its length in two bytes; raises `BadInput` for one that is too long."""
    parts = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise BadInput(f"an entry of {len(entry)} bytes; {MAX_ENTRY_BYTES} are allowed")
        parts.append(len(entry).to_bytes(_LENGTH_BYTES, "big") + entry)
    return b"".join(parts)


def entries_of(raw: bytes, width: int) -> list[bytes]:
    """The entries of a bundle; raises `BadRecord` when it does not hold exactly `width` of them."""
    found: list[bytes] = []
    at = 0
    while at < len(raw) and len(found) < width:
        start = at + _LENGTH_BYTES
        at = start + int.from_bytes(raw[at:start], "big")
        found.append(raw[start:at])
    if len(found) != width or at != len(raw):
        raise BadRecord(f"a bundle does not hold exactly {width} entries")
    return found


class TiledNodes:
    """The complete subtrees of a tree that is kept as tiles; what is computed from a tile is remembered."""

    def __init__(self, tile: Callable[[int, int], list[bytes]]) -> None:
        """`tile`: the hashes at (level, index), as many as are known; asked for once each."""
        self._tile = lru_cache(maxsize=None)(tile)
        self._inner: dict[tuple[int, int], bytes] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """The hash of the subtree; raises `BadRecord` when the tiles do not reach so far."""
        above, inside = divmod(level, HEIGHT)
        if inside:
            return self._from_below(level, index)
        tile, at = divmod(index, WIDTH)
        hashes = self._tile(above, tile)
        if at >= len(hashes):
            raise BadRecord(f"the tiles do not hold the subtree {index} of level {level}")
        return hashes[at]

    def _from_below(self, level: int, index: int) -> bytes:
        known = self._inner.get((level, index))
        if known is None:
            known = node_hash(self(level - 1, 2 * index), self(level - 1, 2 * index + 1))
            self._inner[level, index] = known
        return known


def faults_between(tiles: dict[tuple[int, int], list[bytes]]) -> Iterator[str]:
    """Where a hash is not that of the full tile below it; one line each."""
    for (level, index), hashes in sorted(tiles.items()):
        if not level:
            continue
        for at, one in enumerate(hashes):
            below = tiles.get((level - 1, index * WIDTH + at), [])
            if len(below) != WIDTH or tile_root(below) != one:
                yield f"hash {at} of {Tile(level, index, len(hashes)).path} is not that of the tile below it"
