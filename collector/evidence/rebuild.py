"""Every state again, from the archive and the rows that are not in it yet, and whether it is the same.

Rules of this file: the new folder is written by the store's own code; the source is only read.
A crash leaves a part of the new folder, which a second try refuses to use.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from collector.api.taking import new_batch
from collector.core.recount import Recount
from collector.core.roster import Enrolled
from collector.core.times import epoch_seconds
from collector.evidence.compare import differences
from collector.evidence.deletions import NOTED, Lives, deletions_path, lives_path
from collector.evidence.lines import Line
from collector.evidence.source import Source, opened
from collector.evidence.tally import Tally, Told, counted, new_tally
from collector.store.keys import KEYS_NOTED, KeyLine, keys_path
from collector.store.schema import FILE, open_database
from collector.store.session import Session
from collector.store.steps import DiskSteps
from wire import canonical
from wire.errors import BadInput

_NOTES: Final = {"keys.jsonl": KEYS_NOTED, "deletions.jsonl": NOTED}
GROUP: Final = 2_000  # batches in one transaction


def rebuild(folder: Path, into: Path, told: Told = lambda _: None) -> Tally:
    """A new folder with the states of another, made from its evidence alone; a collector can serve from it.

    Keys, marks, places, stations, control, archive: all but invites that nobody used yet and the
    collector's own key. Raises `BadInput` when the new folder is not empty or cannot be written.
    """
    with opened(folder) as source:
        return _into(source, into, told)


def check(folder: Path, told: Told = lambda _: None) -> tuple[Tally, list[str]]:
    """What a rebuild would find, and in what it differs from the database; raises `BadInput`."""
    with opened(folder) as source, tempfile.TemporaryDirectory(prefix="dabyl-rebuild-") as name:
        if source.connection is None:
            raise BadInput(f"{folder}: there is no database to compare with")
        tally = _into(source, Path(name) / "new", told, copying=False)
        made = open_database(Path(name) / "new")
        try:
            return tally, differences(source.connection, made, tally.lives.through)
        finally:
            made.close()


def _into(source: Source, into: Path, told: Told, *, copying: bool = True) -> Tally:
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise BadInput(f"{into}: is there already; a rebuild makes a new folder")
    recount, tally = new_tally(source)
    try:
        connection = open_database(into)
        try:
            _write(source, recount, tally, connection, told)
            if copying:
                _copy_archive(source, into, connection)
        finally:
            connection.close()
    except (OSError, sqlite3.Error) as error:
        raise BadInput(f"{into / FILE}: {error}") from error
    return tally


def _write(
    source: Source, recount: Recount, tally: Tally, connection: sqlite3.Connection, told: Told
) -> None:
    connection.execute("BEGIN IMMEDIATE")
    _put_keys(connection, recount.rows, source.keys())
    _put_lives(connection, recount.rows, tally.lives)
    session = Session(connection, {})
    archived: list[int] = []
    for line, found in counted(source, recount, tally, told):
        session.keep(new_batch(found))
        session.settle()
        if _is_archived(line):
            archived.append(session.last_number)
        if tally.batches % GROUP == GROUP - 1:
            _forget(connection, archived)
            DiskSteps().commit(connection)
            connection.execute("BEGIN IMMEDIATE")
    _forget(connection, archived)
    DiskSteps().commit(connection)


def _is_archived(line: Line) -> bool:
    return line.file.startswith("archive/")


def _put_keys(connection: sqlite3.Connection, rows: Sequence[Enrolled], keys: Sequence[KeyLine]) -> None:
    numbers = {row.id: row.number for row in rows}
    by_probe: dict[str, list[KeyLine]] = {row.id: [] for row in rows}
    for line in keys:
        by_probe[line.probe].append(line)
    for row in rows:
        lines = by_probe[row.id]
        revoked, enrolled = lines[-1].revoked_at, _ms(lines[0].enrolled_at)
        network = canonical.encode(lines[0].network)
        connection.execute(
            "INSERT INTO probes (number, id, key, role, network, enrolled_at, revoked_at, past)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (row.number, row.id, row.key, row.role, network, enrolled, revoked and _ms(revoked), row.past),
        )
    # Since when a key has a role is told by the invite that it used: the print is lost, the time is not.
    connection.executemany(
        "INSERT INTO invites (print, role, made_at, expires_at, used_at, used_by) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (f"rebuilt/{line.probe}/{line.since}", line.role, *[_ms(line.since)] * 3, numbers[line.probe])
            for line in keys
        ],
    )


def _put_lives(connection: sqlite3.Connection, rows: Sequence[Enrolled], gone: Lives) -> None:
    """What is known of the batches that were deleted: their numbers are not free, nor asked for."""
    numbers = {row.id: row.number for row in rows}
    connection.executemany(
        "INSERT INTO marks (probe, boot, high_water, islands, heard_at) VALUES (?, ?, ?, ?, ?)",
        [
            (numbers[life.probe], life.boot, life.mark.high_water, msgspec.json.encode(life.mark.islands),
             life.heard_ms)
            for life in gone.lives
            if life.probe in numbers
        ],
    )  # fmt: skip
    if gone.batches:
        connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('batches', ?)", (gone.batches,))
        connection.execute("UPDATE state SET value = ? WHERE name = 'archived_through'", (gone.batches,))


def _forget(connection: sqlite3.Connection, archived: list[int]) -> None:
    """Drop rows that lie in the archive, and note how far it reaches."""
    if archived:
        connection.execute("UPDATE state SET value = ? WHERE name = 'archived_through'", (archived[-1],))
        connection.execute("DELETE FROM batches WHERE number <= ?", (archived[-1],))
        archived.clear()


def _copy_archive(source: Source, into: Path, connection: sqlite3.Connection) -> None:
    """The same bytes, as far as they count; noted when they are durable, as the archive itself is."""
    steps = DiskSteps()
    (into / "archive").mkdir(mode=0o700)
    connection.execute("BEGIN IMMEDIATE")
    proof = _proof(source)
    for path, size in [*source.files(), *proof, (keys_path(source.folder), source.noted())]:
        if not path.exists():
            continue
        copy = into / "archive" / path.name
        shutil.copyfile(path, copy)
        steps.truncate(copy, size)
        steps.sync(copy)
        day = path.name.removeprefix("batches-").removesuffix(".jsonl.zst")
        if path.name in _NOTES:
            connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", (_NOTES[path.name], size))
        elif path.name.startswith("batches-"):
            connection.execute("INSERT INTO archives VALUES (?, ?)", (day, min(size, copy.stat().st_size)))
    # After a crash before this line the new folder has no archive noted: it is made again elsewhere.
    steps.commit(connection)


def _proof(source: Source) -> list[tuple[Path, int]]:
    """The files that tell of lawful deletions."""
    told, _ = source.deletions()
    paths = [deletions_path(source.folder), *(lives_path(source.folder, one.day) for one in told[-1:])]
    return [(path, path.stat().st_size) for path in paths if path.exists() and told]


def _ms(time: str) -> int:
    return round(epoch_seconds(time) * 1000)
