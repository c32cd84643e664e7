"""Tiles: the paths of the standard's own examples, and trees put together from tiles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import merkle, tiles
from wire.errors import BadInput, BadRecord

PATHS = [
    (tiles.Tile(0, 0), "tile/0/000"),
    (tiles.Tile(0, 999), "tile/0/999"),
    (tiles.Tile(0, 1000), "tile/0/x001/000"),
    (tiles.Tile(1, 1_234_067), "tile/1/x001/x234/067"),
    (tiles.Tile(0, 273, 112), "tile/0/273.p/112"),
    (tiles.Tile(None, 5), "tile/entries/005"),
    (tiles.Tile(None, 1_000_000, 1), "tile/entries/x001/x000/000.p/1"),
    (tiles.Tile(63, 1), "tile/63/001"),
]


@pytest.mark.parametrize(("tile", "path"), PATHS)
def test_a_tile_has_one_path(tile: tiles.Tile, path: str) -> None:
    assert tile.path == path
    assert tiles.Tile.parse(path) == tile


@pytest.mark.parametrize(
    "path",
    ["", "tile/0/0", "tile/00/000", "tile/64/000", "tile/0/1000", "tile/0/x000/001", "tile/0/000.p/0", "tile/0/000.p/256",
     "tile/0/000.p/01", "tile/0/000.p/", "tile/data/000", "tile/0/x001", "tile/0/000/", "/tile/0/000", "tile/0/../000",
     "tile/0/" + "x999/" * 9 + "999", "tile/0/" + "x999/" * 1_500 + "999"],
)  # fmt: skip
def test_what_is_no_path_of_a_tile_is_refused(path: str) -> None:
    with pytest.raises(BadInput, match="not the path"):
        tiles.Tile.parse(path)


def test_the_tree_of_seventy_thousand_has_the_tiles_of_the_standard() -> None:
    every = list(tiles.tiles_of(70_000))
    by_level = {level: [tile.width for tile in every if tile.level == level] for level in range(4)}
    assert by_level == {0: [256] * 273 + [112], 1: [256, 17], 2: [1], 3: []}


def test_a_tree_of_one_full_tile_has_a_hash_above_it() -> None:
    assert list(tiles.tiles_of(256)) == [tiles.Tile(0, 0), tiles.Tile(1, 0, 1)]
    assert list(tiles.tiles_of(0)) == []
    assert list(tiles.bundles_of(257)) == [tiles.Tile(None, 0), tiles.Tile(None, 1, 1)]


def _tiled(leaves: list[bytes]) -> dict[tuple[int, int], list[bytes]]:
    found: dict[tuple[int, int], list[bytes]] = {}
    level, hashes = 0, leaves
    while hashes:
        found |= {(level, at): hashes[at * 256 : at * 256 + 256] for at in range(-(-len(hashes) // 256))}
        full = [found[level, at] for at in range(len(hashes) // 256)]
        level, hashes = level + 1, [tiles.tile_root(one) for one in full]
    return found


LEAVES = [merkle.leaf_hash(b"%d" % number) for number in range(700)]


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 513, 700])
def test_tiles_give_the_roots_and_proofs_of_the_whole_tree(size: int) -> None:
    kept = _tiled(LEAVES[:size])
    nodes = tiles.TiledNodes(lambda level, index: kept.get((level, index), []))
    whole = merkle.root(LEAVES[:size])
    assert merkle.range_root(nodes, 0, size) == whole
    for index in {0, size // 2, size - 1}:
        path = merkle.inclusion_proof(nodes, index, size)
        assert merkle.is_included(LEAVES[index], index, size, path, whole)
    for old in {1, size // 3 or 1, size - 1 or 1, size}:
        path = merkle.consistency_proof(nodes, old, size)
        assert merkle.is_consistent((old, merkle.root(LEAVES[:old])), (size, whole), path)


def test_a_subtree_that_the_tiles_do_not_hold_is_said() -> None:
    with pytest.raises(BadRecord, match="do not hold"):
        tiles.TiledNodes(lambda _level, _index: LEAVES[:3])(0, 3)


def test_a_changed_hash_is_found_between_the_tiles() -> None:
    whole = _tiled(LEAVES[:512])
    assert list(tiles.faults_between(whole)) == []
    whole[0, 1][7] = LEAVES[0]
    assert list(tiles.faults_between(whole)) == ["hash 1 of tile/1/000.p/2 is not that of the tile below it"]


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=20))
def test_entries_go_into_a_bundle_and_come_back(entries: list[bytes]) -> None:
    raw = tiles.bundle(entries)
    assert tiles.entries_of(raw, len(entries)) == entries
    with pytest.raises(BadRecord):
        tiles.entries_of(raw, len(entries) + 1)
    with pytest.raises(BadRecord):
        tiles.entries_of(raw + b"\x00", len(entries))


def test_an_entry_that_is_too_long_is_refused() -> None:
    assert len(tiles.bundle([b"x" * 65_535])) == 65_537
    with pytest.raises(BadInput, match="65536 bytes"):
        tiles.bundle([b"x" * 65_536])


@given(st.binary(max_size=60), st.integers(1, 9))
def test_any_bytes_are_a_bundle_or_a_clean_refusal(raw: bytes, width: int) -> None:
    try:
        entries = tiles.entries_of(raw, width)
    except BadRecord:
        return
    assert tiles.bundle(entries) == raw


def test_a_tile_of_another_length_is_refused() -> None:
    assert tiles.hashes_of(b"a" * 64, 2) == [b"a" * 32, b"a" * 32]
    with pytest.raises(BadRecord, match="64 are right"):
        tiles.hashes_of(b"a" * 63, 2)
