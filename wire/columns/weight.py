"""How much a table stands for: a dictionary makes much of few bytes, which is what a bomb does.

Rules of this file: a value weighs what its msgpack has of bytes, each time that it is used. First a
bound that costs little and that honest batches keep; who passes it is weighed row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from operator import add
from typing import Final

import msgspec

from wire.columns.layout import CHAIN, MAX_BATCH_WEIGHT, MAX_RECORD_WEIGHT
from wire.columns.table import Dictionary, Table, Values
from wire.errors import TooMuch

_RECORD: Final = 100  # what a record and a step weigh by themselves
_STEP: Final = 50
_encode = msgspec.msgpack.Encoder().encode


def check_weight(table: Table) -> None:
    """Raises `TooMuch` for a batch of more than 16 MiB, or with a record of more than 1 MiB."""
    of_record = _RECORD + sum(values.dictionary.largest for values in table.of_records.values())
    of_steps = [(values, values.dictionary.largest) for values in table.of_steps.values()]
    of_steps += _chains(table)
    batch = table.records * of_record + table.steps * _STEP
    batch += sum(_used(values, table.steps) * largest for values, largest in of_steps)
    longest = max(table.step_counts(), default=0)
    record = of_record + longest * (_STEP + sum(largest for _, largest in of_steps))
    if batch > MAX_BATCH_WEIGHT or record > MAX_RECORD_WEIGHT:
        _check_exactly(table)


def _chains(table: Table) -> list[tuple[Values, int]]:
    """The chains' certificates, beside their places."""
    if CHAIN not in table.of_steps:
        return []
    chains = table.of_steps[CHAIN]
    longest = max(map(len, chains.dictionary.values), default=0)
    return [(chains, longest * table.certificates.largest)]


def _used(values: Values, rows: int) -> int:
    """How many rows have a value, at most."""
    return rows - values.index.count(0) if values.width == 1 else rows


def _check_exactly(table: Table) -> None:
    own = _row_weights(table.of_records.values(), table.records, _RECORD)
    steps = iter(_row_weights([*table.of_steps.values(), *_opened(table)], table.steps, _STEP))
    weights = [
        weight + sum(islice(steps, count)) for weight, count in zip(own, table.step_counts(), strict=True)
    ]
    if sum(weights) > MAX_BATCH_WEIGHT:
        raise TooMuch(f"records of {sum(weights)} bytes; {MAX_BATCH_WEIGHT} are allowed")
    if max(weights, default=0) > MAX_RECORD_WEIGHT:
        raise TooMuch(f"a record of {max(weights)} bytes; {MAX_RECORD_WEIGHT} are allowed")


def _opened(table: Table) -> Iterator[Values]:
    """The chains with their certificates in place of numbers."""
    if CHAIN in table.of_steps:
        places = table.of_steps[CHAIN]
        known = table.certificates.values
        chains = [[known[place] for place in chain] for chain in places.dictionary.values]
        yield Values(Dictionary(chains, 0), places.index, places.width)


def _row_weights(columns: Iterable[Values], rows: int, own: int) -> list[int]:
    weights = [own] * rows
    for values in columns:
        sizes = [*(len(_encode(one)) for one in values.dictionary.values), 0]
        weights = list(map(add, weights, map(sizes.__getitem__, values.numbers(rows))))
    return weights
