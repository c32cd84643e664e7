"""Growing a tree at its right edge gives what hashing all of it gives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wire import merkle
from wire.edge import Edge, edge_of
from wire.tiles import Tile, tile_root

LEAVES = [merkle.leaf_hash(b"%d" % number) for number in range(66_100)]


@pytest.mark.parametrize(
    "size", [0, 1, 2, 3, 255, 256, 257, 511, 512, 513, 1023, 65_535, 65_536, 65_537, 66_100]
)
def test_the_root_is_that_of_the_whole_tree(size: int) -> None:
    assert edge_of(LEAVES[:size]).root == merkle.root(LEAVES[:size])


@settings(max_examples=20)
@given(st.lists(st.integers(0, 400), max_size=8))
def test_it_does_not_matter_in_which_pieces_it_grew(pieces: list[int]) -> None:
    edge = Edge()
    for piece in pieces:
        edge, _ = edge.grown(LEAVES[edge.size : edge.size + piece])
    assert edge == edge_of(LEAVES[: sum(pieces)])
    assert edge.root == merkle.root(LEAVES[: sum(pieces)])


def test_tiles_that_became_full_are_told_once_with_those_above() -> None:
    edge, none = Edge().grown(LEAVES[:255])
    assert none == []
    edge, full = edge.grown(LEAVES[255:600])
    assert [tile for tile, _ in full] == [Tile(0, 0), Tile(0, 1)]
    assert edge.levels[1] == tuple(tile_root(hashes) for _, hashes in full)
    _, full = edge.grown(LEAVES[600:65_536])
    assert [tile for tile, _ in full][-2:] == [Tile(0, 255), Tile(1, 0)]
