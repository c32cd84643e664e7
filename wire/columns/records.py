"""A table back into records: what people, scripts and evidence read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from msgspec.structs import asdict

from wire.columns.layout import CHAIN, RECORD_KINDS, STEP_DEFAULTS
from wire.columns.table import Table, seconds
from wire.records import Certificate, Measurement, Step
from wire.times import EPOCH, format_time


def records_of(table: Table, probe: str) -> Iterator[Measurement]:
    """The measurements of a probe's table, one at a time."""
    steps = _steps(table)
    columns = [_rows(table, name) for name in RECORD_KINDS]
    for at, count, id_, channel, network, target, verdict in zip(
        table.at_ms(), table.step_counts(), *columns, strict=True
    ):
        yield Measurement(
            id=id_,
            probe=probe,
            at=format_time(EPOCH + timedelta(milliseconds=at)),
            channel=channel,
            network=network,
            target=target,
            steps=tuple(islice(steps, count)),
            verdict=verdict,
        )


def _rows(table: Table, name: str) -> list[Any]:
    found = table.of_records.get(name)
    return ["https"] * table.records if found is None else found.of_rows(table.records, "https")


def _steps(table: Table) -> Iterator[Step]:
    rows = table.steps
    columns = {
        name: found.of_rows(rows, STEP_DEFAULTS[name]) for name, found in table.of_steps.items() if rows
    }
    columns.setdefault("failure", [None] * rows)
    if CHAIN in columns:
        known = [Certificate(**asdict(one)) for one in table.certificates.values]
        columns[CHAIN] = [tuple(known[place] for place in chain) for chain in columns[CHAIN]]
    names = ("t0", "t", *columns)
    values = zip(seconds(table.t0, rows), seconds(table.t, rows), *columns.values(), strict=True)
    return (Step(**dict(zip(names, one, strict=True))) for one in values)
