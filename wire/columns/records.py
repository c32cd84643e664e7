"""A table back into records: what people, scripts and evidence read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from wire.columns.layout import CERTIFICATE_KINDS, CHAIN, DEFAULTS, FAILURE, NAME, RECORD_KINDS
from wire.columns.table import Part, Table, seconds
from wire.records import Certificate, Measurement, Step
from wire.times import EPOCH, format_time


def records_of(table: Table, probe: str) -> Iterator[Measurement]:
    """The measurements of a probe's table, one at a time."""
    steps = _steps(table)
    columns = [table.of_records.of_rows(name, "https") for name in RECORD_KINDS]
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


def _steps(table: Table) -> Iterator[Step]:
    if not table.steps:
        return
    rows, names = table.steps, table.of_steps.columns[NAME]
    known = certificates_of(table)
    said = [_said(part, known) for part in table.of_names]
    columns = (seconds(table.t0, rows), seconds(table.t, rows), table.of_steps.of_rows(FAILURE, None))
    words = names.dictionary.values
    for name, t0, t, failure in zip(names.numbers(rows), *columns, strict=True):
        yield Step(step=words[name], failure=failure, t0=t0, t=t, **next(said[name]))


def certificates_of(table: Table) -> list[Certificate]:
    """Those that stand in the chains."""
    part = table.of_certificates
    columns = [part.of_rows(name, "") for name in CERTIFICATE_KINDS]
    return [
        Certificate(**dict(zip(CERTIFICATE_KINDS, one, strict=True))) for one in zip(*columns, strict=True)
    ]


def _said(part: Part, certificates: list[Certificate]) -> Iterator[dict[str, Any]]:
    """What each step of a name says beside its name, failure and times."""
    columns = {name: part.of_rows(name, DEFAULTS[name]) for name in part.columns}
    if CHAIN in columns:
        columns[CHAIN] = [tuple(certificates[place] for place in chain) for chain in columns[CHAIN]]
    for row in range(part.rows):
        yield {name: column[row] for name, column in columns.items()}
