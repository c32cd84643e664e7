"""One pass over all that is kept: what counted, and what did not, by file and line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from msgspec import Struct

from collector.core.reading import Batch
from collector.core.recount import Recount
from collector.core.refusals import Refused
from collector.core.times import epoch_seconds
from collector.evidence.deletions import Deletion, Lives, leftovers
from collector.evidence.lines import Fault, Line
from collector.evidence.source import Source, members
from wire.errors import BadInput, BadRecord


class Tally(Struct, kw_only=True):
    """What a pass found. `measurements`: by (region, operator, category, state).

    `deleted`: the days that are gone lawfully; `lives`: what is known of them.
    """

    keys: int = 0
    archived: int = 0
    waiting: int = 0
    missing: int = 0
    measurements: Counter[tuple[str, str, str, str]]
    faults: list[Fault]
    deleted: list[Deletion] = []
    lives: Lives = Lives()

    @property
    def batches(self) -> int:
        """How many batches counted."""
        return self.archived + self.waiting


Told = Callable[[int], None]


def counted(
    source: Source, recount: Recount, tally: Tally, told: Told = lambda _: None
) -> Iterator[tuple[Line, Batch]]:
    """Each batch that counts, before it is in the picture; what does not count goes to the tally's faults."""
    rows: Iterable[Line | Fault] = chain(source.archived(), source.rows())
    for number, one in enumerate(rows):
        if number % 1000 == 0:
            told(number)
        if isinstance(one, Fault):
            tally.faults.append(one)
            continue
        try:
            found = recount.check(one.kept.raw, epoch_seconds(one.kept.received_at))
            recount.place(found)
        except (Refused, BadInput) as error:
            tally.faults.append(Fault(one.file, one.number, str(error)))
            continue
        yield one, found
        recount.take(found)
        if one.file.startswith("archive/"):
            tally.archived += 1
        else:
            tally.waiting += 1


def new_tally(source: Source) -> tuple[Recount, Tally]:
    """A recount of a source's keys that knows of the batches that were deleted, and its tally."""
    known = members(source.keys())
    recount = Recount(known)
    deleted, faults = source.deletions()
    tally = Tally(
        keys=len(known), measurements=recount.live.totals.measurements, faults=faults, deleted=deleted
    )
    tally.faults += [
        Fault(f"archive/{path.name}", 0, "was deleted by its proof and is still there: purge again")
        for path in leftovers(source.folder, deleted)
    ]
    try:
        tally.lives = source.lives(deleted)
    except BadRecord as error:
        tally.faults.append(Fault("archive/deletions.jsonl", 0, str(error)))
    numbers = {row.id: row.number for row in recount.rows}
    for life in tally.lives.lives:
        if life.probe in numbers:
            recount.marks[numbers[life.probe], life.boot] = life.mark
    return recount, tally
