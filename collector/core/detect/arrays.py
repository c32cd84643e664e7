"""The arrays that detection is made of, and the few operations that numpy lacks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Singles: TypeAlias = npt.NDArray[np.float32]
Ints: TypeAlias = npt.NDArray[np.int64]
Codes: TypeAlias = npt.NDArray[np.int32]
Small: TypeAlias = npt.NDArray[np.int8]
Bools: TypeAlias = npt.NDArray[np.bool_]

MINUTE_S = 60.0


def lgamma(x: Floats) -> Floats:
    """The logarithm of the gamma function, x > 0 (Stirling's series after five steps up; error < 1e-8)."""
    shifted = x + 5.0
    steps = np.log(x * (x + 1) * (x + 2) * (x + 3) * (x + 4))
    series = (shifted - 0.5) * np.log(shifted) - shifted + 0.9189385332046727
    found: Floats = series + 1 / (12 * shifted) - 1 / (360 * shifted**3) - steps
    return found


def runs(flags: Bools) -> list[tuple[int, int]]:
    """Where `flags` holds: (first, last + 1) of every run."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(np.int8)))
    return [(int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def last_of_runs(sorted_keys: Ints) -> Bools:
    """Whether each entry is the last of its key."""
    return np.concatenate((sorted_keys[1:] != sorted_keys[:-1], [True]))


def first_of_runs(sorted_keys: Ints) -> Bools:
    """Whether each entry is the first of its key."""
    return np.concatenate(([True], sorted_keys[1:] != sorted_keys[:-1]))


def distinct(values: Ints) -> Ints:
    """The values that there are, each once, in their order.

    `numpy.unique` hashes since 2.3: of millions of values that hardly repeat that takes seconds, where
    sorting takes hundredths.
    """
    ordered = np.sort(values)
    return ordered[first_of_runs(ordered)] if len(ordered) else ordered


def first_seen(keys: Ints) -> Ints:
    """Places of the first of each key, in their order; nearly always none stands twice."""
    ordered = np.sort(keys)
    if (ordered[1:] != ordered[:-1]).all():
        return np.arange(len(keys))
    first = np.unique(keys, return_index=True)[1]
    first.sort()
    return first


def stable_order(*keys: Ints | Codes) -> Ints:
    """The order that sorts by the first key, then the next; ties stay as they are. Keys are not negative.

    numpy sorts 16 bits in linear time, so that every key is sorted digit by digit from the last.
    """
    order: Ints | None = None
    for key in reversed(keys):
        for digit in _digits(key):
            if order is None:
                order = np.argsort(digit, kind="stable")
            else:
                order = order[np.argsort(digit[order], kind="stable")]
    return np.arange(0) if order is None else order


def _digits(key: Ints | Codes) -> Iterator[npt.NDArray[np.uint16]]:
    most = int(key.max()) if len(key) else 0
    yield (key & 0xFFFF).astype(np.uint16)
    while most := most >> 16:
        key = key >> 16
        yield (key & 0xFFFF).astype(np.uint16)


def one_of(values: Ints | Small, wanted: tuple[int, ...]) -> Bools:
    """Whether each of some small numbers is one of those wanted."""
    table = np.zeros(32, bool)
    table[list(wanted)] = True
    return table[values]
