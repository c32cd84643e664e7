"""Whether the archive holds: every signature, and every batch in its place.

Continuity is that the batches of each life of a probe are those that the database says are here,
and that no file is shorter than what was durable. A number that never came is no fault: it is counted.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec

from collector.core.marks import Mark, Range
from collector.core.recount import Recount
from collector.evidence.lines import Fault
from collector.evidence.source import opened
from collector.evidence.tally import Tally, Told, counted, new_tally
from collector.store.schema import FILE

_islands = msgspec.json.Decoder(tuple[Range, ...])


def verify(folder: Path, told: Told = lambda _: None) -> Tally:
    """Check all that a folder holds; raises `BadInput` for a folder or keys that cannot be read."""
    with opened(folder) as source:
        recount, tally = new_tally(source)
        for _ in counted(source, recount, tally, told):
            pass
        tally.missing = sum(missing(mark) for mark in recount.marks.values())
        if source.connection is not None:
            tally.faults.extend(_gone(source.connection, recount))
    return tally


def missing(mark: Mark) -> int:
    """How many numbers below the highest never came."""
    here = sum(end - first + 1 for first, end in mark.islands)
    return mark.islands[-1][1] - mark.high_water - here if mark.islands else 0


def _gone(connection: sqlite3.Connection, recount: Recount) -> list[Fault]:
    """Lives of probes of which the database and the evidence do not hold the same."""
    rows = connection.execute(
        "SELECT id, boot, high_water, islands FROM marks JOIN probes ON probes.number = probe"
        " ORDER BY id, boot"
    ).fetchall()
    names = {row.number: row.id for row in recount.rows}
    found = {(names[number], boot): mark for (number, boot), mark in recount.marks.items()}
    noted = {(row[0], row[1]): Mark(high_water=row[2], islands=_islands.decode(row[3])) for row in rows}
    return [
        Fault(
            FILE, 0, f"{probe} {boot}: batches noted {_told(noted.get(key))}, found {_told(found.get(key))}"
        )
        for key in sorted(noted.keys() | found.keys())
        if noted.get(key) != found.get(key)
        for probe, boot in [key]
    ]


def _told(mark: Mark | None) -> str:
    if mark is None:
        return "none"
    return ", ".join([f"1-{mark.high_water}", *(f"{first}-{end}" for first, end in mark.islands)])
