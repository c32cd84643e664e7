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

from wire.columns.layout import CHAIN, MAX_BATCH_WEIGHT, MAX_RECORD_WEIGHT, NAME
from wire.columns.records import certificates_of
from wire.columns.table import Dictionary, Part, Table, Values
from wire.errors import TooMuch

_RECORD: Final = 100  # what a record and a step weigh by themselves
_STEP: Final = 50
_encode = msgspec.msgpack.Encoder().encode


def check_weight(table: Table) -> None:
    """Raises `TooMuch` for a batch of more than 16 MiB, or with a record of more than 1 MiB."""
    of_record = _RECORD + _largest(table.of_records)
    certificate = _largest(table.of_certificates)
    of_step = _STEP + _largest(table.of_steps)
    of_names = [_largest(part) + _longest_chain(part) * certificate for part in table.of_names]
    batch = table.records * of_record + table.steps * of_step
    batch += sum(part.rows * weight for part, weight in zip(table.of_names, of_names, strict=True))
    record = of_record + max(table.step_counts(), default=0) * (of_step + max(of_names, default=0))
    if batch > MAX_BATCH_WEIGHT or record > MAX_RECORD_WEIGHT:
        _check_exactly(table)


def _largest(part: Part) -> int:
    """Bytes of a row, at most."""
    return sum(values.dictionary.largest for values in part.columns.values())


def _longest_chain(part: Part) -> int:
    chains = part.columns.get(CHAIN)
    return 0 if chains is None else chains.dictionary.chains.longest


def _check_exactly(table: Table) -> None:
    own = _row_weights(table.of_records.columns.values(), table.records, _RECORD)
    steps = _step_weights(table)
    weights = [
        weight + sum(islice(steps, count)) for weight, count in zip(own, table.step_counts(), strict=True)
    ]
    if sum(weights) > MAX_BATCH_WEIGHT:
        raise TooMuch(f"records of {sum(weights)} bytes; {MAX_BATCH_WEIGHT} are allowed")
    if max(weights, default=0) > MAX_RECORD_WEIGHT:
        raise TooMuch(f"a record of {max(weights)} bytes; {MAX_RECORD_WEIGHT} are allowed")


def _step_weights(table: Table) -> Iterator[int]:
    if not table.steps:
        return
    own = _row_weights(table.of_steps.columns.values(), table.steps, _STEP)
    sizes = [len(_encode(one)) for one in certificates_of(table)]
    said = [
        iter(_row_weights([*part.columns.values(), *_opened(part, sizes)], part.rows, 0))
        for part in table.of_names
    ]
    for weight, name in zip(own, table.of_steps.columns[NAME].numbers(table.steps), strict=True):
        yield weight + next(said[name])


def _opened(part: Part, sizes: list[int]) -> Iterator[Values]:
    """The chains as so many bytes as their certificates have."""
    if (chains := part.columns.get(CHAIN)) is not None:
        opened = [bytes(sum(sizes[place] for place in chain)) for chain in chains.dictionary.values]
        yield Values(Dictionary(opened, 0), chains.index, chains.width)


def _row_weights(columns: Iterable[Values], rows: int, own: int) -> list[int]:
    weights = [own] * rows
    for values in columns:
        sizes = [*(len(_encode(one)) for one in values.dictionary.values), 0]
        weights = list(map(add, weights, map(sizes.__getitem__, values.numbers(rows))))
    return weights
