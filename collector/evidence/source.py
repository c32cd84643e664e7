"""A collector's folder as evidence: its keys, its archive, and the rows that are not archived yet.

Rules of this file: nothing is written. With a database all is read in one transaction, so that a
running server changes nothing under our hands; without one the archive alone is the evidence.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from collector.core.places import place_of
from collector.core.recount import Known
from collector.core.roster import Enrolled
from collector.core.times import epoch_seconds, stamp
from collector.evidence.deletions import (
    Deletion,
    Lives,
    deletions_path,
    noted_deletions,
    read_deletions,
    read_lives,
)
from collector.evidence.lines import Fault, Line, read_lines
from collector.store.archive import KeptLine, archive_path
from collector.store.contents import archive_sizes, archived_through, batches_after
from collector.store.keys import KeyLine, enrolled_keys, keys_path, newest, noted_keys, written_keys
from collector.store.schema import FILE, open_database
from wire.errors import BadInput

ROWS = FILE


class Source:
    """What a folder holds. Use `opened`."""

    def __init__(self, folder: Path, connection: sqlite3.Connection | None) -> None:
        """The connection has a transaction open."""
        self.folder, self.connection = folder, connection

    def keys(self) -> list[KeyLine]:
        """One line for each key and role: those of the archive, then those that are not there yet.

        Raises `BadRecord` for a line that is no key's; `BadInput` when a part of the file is gone.
        """
        try:
            lines = written_keys(keys_path(self.folder), None if self.connection is None else self.noted())
        except OSError as error:
            raise BadInput(f"{keys_path(self.folder)}: {error.strerror}") from error
        return newest([*lines, *([] if self.connection is None else enrolled_keys(self.connection))])

    def noted(self) -> int:
        """How many bytes of the file of keys count."""
        if self.connection is not None:
            return noted_keys(self.connection)
        path = keys_path(self.folder)
        return path.stat().st_size if path.exists() else 0

    def files(self) -> list[tuple[Path, int]]:
        """The archive's files with the bytes of each that count."""
        if self.connection is not None:
            sizes = archive_sizes(self.connection)
            return [(archive_path(self.folder, day), size) for day, size in sizes.items()]
        found = sorted((self.folder / "archive").glob("batches-*.jsonl.zst"))
        return [(path, path.stat().st_size) for path in found]

    def deletions(self) -> tuple[list[Deletion], list[Fault]]:
        """What was deleted lawfully, and what of its proof does not hold."""
        size = None if self.connection is None else noted_deletions(self.connection)
        return read_deletions(deletions_path(self.folder), size)

    def lives(self, told: Sequence[Deletion]) -> Lives:
        """What is known of the batches that are gone; raises `BadRecord`."""
        return read_lives(self.folder, told)

    def archived(self) -> Iterator[Line | Fault]:
        """The archive's lines and faults."""
        for path, size in self.files():
            yield from read_lines(path, f"archive/{path.name}", size)

    def rows(self) -> Iterator[Line]:
        """The batches that are not in the archive yet, numbered as in the database."""
        if self.connection is None:
            return
        for found in batches_after(self.connection, archived_through(self.connection)):
            kept = KeptLine(received_at=stamp(found.received_ms / 1000), raw=found.raw)
            yield Line(ROWS, found.number, kept)


@contextmanager
def opened(folder: Path) -> Iterator[Source]:
    """A folder, read as it is at this moment; raises `BadInput` for one that is no collector's."""
    if not (folder / FILE).exists():
        if not (folder / "archive").is_dir():
            raise BadInput(f"{folder}: neither a database nor an archive of a collector is there")
        yield Source(folder, None)
        return
    try:
        connection = open_database(folder)
    except sqlite3.Error as error:
        raise BadInput(f"{folder}: {error}") from error
    try:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM state").fetchone()  # the view is fixed by the first reading
        yield Source(folder, connection)
    except sqlite3.Error as error:
        raise BadInput(f"{folder}: {error}") from error
    finally:
        connection.close()


def members(keys: list[KeyLine]) -> list[Known]:
    """The keys as members, numbered in the order of their enrolment."""
    by_probe: dict[str, list[KeyLine]] = {}
    for line in keys:
        by_probe.setdefault(line.probe, []).append(line)
    return [_known(number, lines) for number, lines in enumerate(by_probe.values(), 1)]


def _known(number: int, lines: list[KeyLine]) -> Known:
    roles = sorted((epoch_seconds(line.since), line.role) for line in lines)
    first, last = lines[0], lines[-1]
    row = Enrolled(
        number=number,
        id=first.probe,
        key=first.public,
        role=roles[-1][1],
        place=place_of(first.network),
        enrolled=epoch_seconds(first.enrolled_at),
        revoked=last.revoked_at is not None,
        heard=None,
        past=last.past,
    )
    return Known(row, roles)
