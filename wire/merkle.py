"""The Merkle tree of RFC 6962: hashes, roots, proofs and their verification.

Rules of this file: hashes of complete subtrees come in through `Nodes`, so that tiles, a database
and a list in memory are the same to it; a proof that does not hold is `False`, never an error.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

# The hash of the complete subtree at (level, index): over the 2**level leaves from index * 2**level on.
Nodes = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry (RFC 6962, 2.1): a zero byte stands before it."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees (RFC 6962, 2.1): a one byte stands before them."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes; that of an empty tree for none."""
    level = list(leaves) or [EMPTY_ROOT]
    while len(level) > 1:
        level = parents(level)
    return level[0]


def parents(level: Sequence[bytes]) -> list[bytes]:
    """The next level up; an odd last hash rises as it is."""
    pairs = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
    return [*pairs, level[-1]] if len(level) % 2 else pairs


def nodes_of(leaves: Sequence[bytes]) -> Nodes:
    """The subtrees over leaf hashes that are in memory."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        whole = len(levels[-1]) // 2 * 2
        levels.append(parents(levels[-1][:whole]))
    return lambda level, index: levels[level][index]


def range_root(nodes: Nodes, start: int, end: int) -> bytes:
    """The root over the leaves from `start` to before `end`, as it stands in the tree.

    `start` is where a subtree of the tree begins: a multiple of the largest power of two below its size.
    """
    if start >= end:
        return EMPTY_ROOT
    found = [nodes(level, index) for level, index in complete_subtrees(start, end)]
    whole = found.pop()
    while found:
        whole = node_hash(found.pop(), whole)
    return whole


def complete_subtrees(start: int, end: int) -> list[tuple[int, int]]:
    """The complete subtrees that make up a range, (level, index) each, from the left."""
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """The hashes that lead from leaf `index` to the root of a tree of `size`, from the leaf on.

    Raises `ValueError` when the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} has no leaf {index}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _largest_power_below(end - start)
        if index < middle:
            path.append(range_root(nodes, middle, end))
            end = middle
        else:
            path.append(range_root(nodes, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """The hashes that show that a tree of `new` begins with that of `old` (RFC 6962, 2.1.2).

    Empty for an empty old tree and for equal ones. Raises `ValueError` when `old` is larger.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} cannot begin with one of {old}")
    path: list[bytes] = []
    start, end = 0, new
    while 0 < old < end:
        middle = start + _largest_power_below(end - start)
        if old <= middle:
            path.append(range_root(nodes, middle, end))
            end = middle
        else:
            path.append(range_root(nodes, start, middle))
            start = middle
    if start and path:  # the old root itself is known to whoever asks; a part of it is not
        path.append(range_root(nodes, start, end))
    return path[::-1]


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], whole: bytes) -> bool:
    """Whether a leaf hash is at `index` of the tree of `size` with the root `whole` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for one in path:
        if not last:
            return False
        if at & 1 or at == last:
            found = node_hash(one, found)
            at, last = _past_left_edge(at, last)
        else:
            found = node_hash(found, one)
        at, last = at >> 1, last >> 1
    return not last and found == whole


def is_consistent(old: tuple[int, bytes], new: tuple[int, bytes], path: Sequence[bytes]) -> bool:
    """Whether a tree of (size, root) `new` begins with that of `old` (RFC 9162, 2.1.4.2).

    Every tree begins with an empty one, so that nothing can be proved of it: False unless both are empty.
    """
    if old[0] == new[0]:
        return not path and old == new
    if not 0 < old[0] < new[0] or not path:
        return False
    steps = list(path) if old[0] & (old[0] - 1) else [old[1], *path]
    at, last = old[0] - 1, new[0] - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = steps[0]
    for one in steps[1:]:
        if not last:
            return False
        if at & 1 or at == last:
            first, second = node_hash(one, first), node_hash(one, second)
            at, last = _past_left_edge(at, last)
        else:
            second = node_hash(second, one)
        at, last = at >> 1, last >> 1
    return not last and (first, second) == (old[1], new[1])


def _past_left_edge(at: int, last: int) -> tuple[int, int]:
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _largest_power_below(size: int) -> int:
    """The largest power of two that is smaller than `size`, which is 2 or more."""
    return 1 << ((size - 1).bit_length() - 1)
