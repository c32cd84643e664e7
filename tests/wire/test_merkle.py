"""The tree of RFC 6962: the vectors that every implementation is tried with, and every small tree."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import merkle

# The eight entries and the roots of the certificate transparency project's own tests.
ENTRIES = [bytes.fromhex(one) for one in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [merkle.leaf_hash(b"%d" % number) for number in range(40)]
NODES = merkle.nodes_of(LEAVES)


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots_come_out(size: int) -> None:
    leaves = [merkle.leaf_hash(entry) for entry in ENTRIES[:size]]
    assert merkle.root(leaves).hex() == ROOTS[size]
    assert merkle.range_root(merkle.nodes_of(leaves), 0, size).hex() == ROOTS[size]


def _by_the_book(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.node_hash(_by_the_book(leaves[:split]), _by_the_book(leaves[split:]))


@pytest.mark.parametrize("size", range(len(LEAVES)))
def test_folding_level_by_level_is_what_the_book_says(size: int) -> None:
    assert merkle.root(LEAVES[:size]) == _by_the_book(LEAVES[:size])
    assert merkle.range_root(NODES, 0, size) == _by_the_book(LEAVES[:size])


@pytest.mark.parametrize("size", range(1, len(LEAVES)))
def test_every_leaf_of_every_tree_is_proved_and_no_other(size: int) -> None:
    whole = merkle.root(LEAVES[:size])
    for index in range(size):
        path = merkle.inclusion_proof(NODES, index, size)
        assert merkle.is_included(LEAVES[index], index, size, path, whole)
        assert not merkle.is_included(LEAVES[index - 1], index, size, path, whole) or size == 1
        assert not merkle.is_included(LEAVES[index], index + 1, size, path, whole)
        assert not merkle.is_included(LEAVES[index], index, size, [*path, whole], whole)
        assert not path or not merkle.is_included(LEAVES[index], index, size, path[:-1], whole)


@pytest.mark.parametrize("new", range(1, 34))
def test_every_tree_is_proved_to_begin_with_every_smaller_one(new: int) -> None:
    head = (new, merkle.root(LEAVES[:new]))
    for old in range(1, new + 1):
        before = (old, merkle.root(LEAVES[:old]))
        path = merkle.consistency_proof(NODES, old, new)
        assert merkle.is_consistent(before, head, path)
        assert not merkle.is_consistent((old, LEAVES[-1]), head, path)
        assert not merkle.is_consistent(before, (new, LEAVES[-1]), path)
        assert not merkle.is_consistent(before, head, [*path, LEAVES[0]])
        assert not path or not merkle.is_consistent(before, head, path[:-1])


def test_the_known_proofs_of_the_published_tree() -> None:
    nodes = merkle.nodes_of([merkle.leaf_hash(entry) for entry in ENTRIES])
    assert [one.hex() for one in merkle.inclusion_proof(nodes, 0, 8)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert merkle.inclusion_proof(nodes, 0, 1) == []
    assert [one.hex() for one in merkle.consistency_proof(nodes, 6, 8)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_nothing_is_proved_of_an_empty_tree() -> None:
    empty, one = (0, merkle.EMPTY_ROOT), (1, LEAVES[0])
    assert merkle.is_consistent(empty, empty, [])
    assert not merkle.is_consistent(empty, empty, [LEAVES[0]])
    assert not merkle.is_consistent(empty, (0, LEAVES[0]), [])
    for path in ([], [merkle.EMPTY_ROOT]):
        assert not merkle.is_consistent(empty, one, path)
    assert merkle.consistency_proof(NODES, 0, 5) == []


def test_a_tree_that_shrank_is_never_consistent() -> None:
    assert not merkle.is_consistent((5, merkle.root(LEAVES[:5])), (4, merkle.root(LEAVES[:4])), [LEAVES[0]])
    with pytest.raises(ValueError, match="cannot begin"):
        merkle.consistency_proof(NODES, 5, 4)


def test_the_proof_of_a_leaf_that_is_not_there_is_not_asked_for() -> None:
    with pytest.raises(ValueError, match="has no leaf 3"):
        merkle.inclusion_proof(NODES, 3, 3)


_hashes = st.lists(st.binary(min_size=32, max_size=32), max_size=8)


@given(st.integers(-1, 40), st.integers(-1, 40), _hashes)
def test_proofs_that_somebody_made_up_never_hold(index: int, size: int, path: list[bytes]) -> None:
    whole = merkle.root(LEAVES)
    assert not merkle.is_included(LEAVES[0], index, size, path, whole) or path == []
    assert not merkle.is_consistent((index, whole), (size, LEAVES[0]), path)
