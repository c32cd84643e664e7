"""The log: entries in, a signed checkpoint out; the one place that writes it.

Rules of this file: an append is done when the checkpoint that covers it stands in the head file, in this
order: entries and full tiles are durable, read back and hashed again, signed, then the head is swapped. What
a crash leaves past the head was told to nobody and is dropped. One append at a time, whatever process asks.
"""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, NamedTuple, Self

from collector.ledger.tables import HEAD_FILE, HEAD_TABLES, LOCK_FILE, LOG_FILE, LOG_TABLES, open_tables
from collector.store.steps import DiskSteps
from wire.edge import Edge, Full, edge_of
from wire.errors import BadInput
from wire.ledger import MAX_ENTRY_BYTES
from wire.merkle import leaf_hash
from wire.notes import Checkpoint, Note, Signature, Signer, parse_note, verified
from wire.tiles import WIDTH

FREE_FLOOR_BYTES: Final = 64 * 1024 * 1024
Commit = Callable[[sqlite3.Connection], None]


class LedgerFault(BadInput):
    """The log will not sign: its files contradict each other, or the disk is full. A person has to look."""


class Head(NamedTuple):
    """The last checkpoint: what is signed, and the note that is published."""

    checkpoint: Checkpoint
    note: Note


class Appended(NamedTuple):
    """Where entries stand, in their order, and the head that covers them."""

    indexes: tuple[int, ...]
    head: Head


class Log:
    """A log and its key. A context manager; for one thread."""

    def __init__(self, folder: Path, signer: Signer, head_folder: Path | None = None) -> None:
        """`signer` has the log's name, its origin. `head_folder`: where the last checkpoint is kept."""
        self.folder, self.signer = folder, signer
        self.commit: Commit = DiskSteps().commit
        self.free_floor_bytes = FREE_FLOOR_BYTES
        self._log = open_tables(folder / LOG_FILE, LOG_TABLES)
        self._heads = open_tables((head_folder or folder) / HEAD_FILE, HEAD_TABLES)
        self._edge = Edge()
        self._known: dict[bytes, int] = {}
        self._head: Head | None = None
        with self._alone():
            self._begin()

    def __enter__(self) -> Self:
        """Itself, open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close both files; an open transaction is rolled back."""
        self._log.close()
        self._heads.close()

    @property
    def head(self) -> Head:
        """The last checkpoint, as it is on the disk now."""
        found = _read_head(self._heads)
        if found is None:
            raise LedgerFault("the ledger has no checkpoint")
        return found

    def append(self, entries: Sequence[bytes]) -> Appended:
        """Add entries that are not there yet; durable and signed when it returns.

        Raises `BadInput` for one that is too long, `LedgerFault` when nothing may be signed, `sqlite3.Error`
        when the disk fails: then it is not known whether they are in; the same call again tells.
        """
        if any(len(entry) > MAX_ENTRY_BYTES for entry in entries):
            raise BadInput(f"an entry of the ledger has at most {MAX_ENTRY_BYTES} bytes")
        with self._alone():
            self._catch_up()
            leaves = [leaf_hash(entry) for entry in entries]
            fresh = dict.fromkeys(leaf for leaf in leaves if leaf not in self._known)
            if fresh:
                self._grow(
                    {leaf: entry for leaf, entry in zip(leaves, entries, strict=True) if leaf in fresh}
                )
            return Appended(tuple(self._known[leaf] for leaf in leaves), self._current())

    def cosign(self, witness: str, size: int, line: Signature) -> None:
        """Keep a witness's cosignature of the checkpoint of a size; only the newest of each is kept."""
        self._heads.execute(
            "INSERT INTO cosigned VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
            " SET size = excluded.size, line = excluded.line WHERE excluded.size >= size",
            (witness, size, str(line)),
        )

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.folder / LOCK_FILE).open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # let go when the file is closed, also by a kill
            with ExitStack() as failed:
                failed.callback(self._forget)
                yield
                failed.pop_all()

    def _forget(self) -> None:
        """What is on the disk is not known after a failure: it is read again before the next append."""
        self._head = None
        for one in (self._log, self._heads):
            if one.in_transaction:
                one.execute("ROLLBACK")

    def _begin(self) -> None:
        if _read_head(self._heads) is None:
            if self._log.execute("SELECT 1 FROM entries").fetchone() is not None:
                raise LedgerFault("there are entries, but the last checkpoint is gone: it is not begun anew")
            self._swap(None, Checkpoint(self.signer.name, 0, Edge().root))
        self._catch_up()

    def _current(self) -> Head:
        if self._head is None:
            raise LedgerFault("the ledger has no checkpoint")
        return self._head

    def _catch_up(self) -> None:
        head = self.head
        if self._head is not None and head.checkpoint == self._head.checkpoint:
            return
        self._check_owner(head)
        self._drop_tail(head.checkpoint.size)
        self._edge, self._known = _read_back(self._log, head.checkpoint)
        self._head = head

    def _check_owner(self, head: Head) -> None:
        verified(head.note, [self.signer.key])
        if head.checkpoint.origin != self.signer.name:
            raise LedgerFault(f"this is the ledger of {head.checkpoint.origin}, not of {self.signer.name}")

    def _drop_tail(self, size: int) -> None:
        """What a crash left past the head."""
        self._log.execute("BEGIN IMMEDIATE")
        self._log.execute("DELETE FROM entries WHERE at >= ?", (size,))
        spans = self._log.execute("SELECT level, n FROM tiles").fetchall()
        past = [(level, n) for level, n in spans if (n + 1) * WIDTH ** (level + 1) > size]
        self._log.executemany("DELETE FROM tiles WHERE level = ? AND n = ?", past)
        self._log.execute("COMMIT")

    def _grow(self, entries: dict[bytes, bytes]) -> None:
        self._refuse_when_full()
        first = self._edge.size
        edge, full = self._edge.grown(list(entries))
        self._write(first, list(entries.values()), full)
        if self._hashes_again(first) != list(entries):
            raise LedgerFault("what was read back is not what was written")
        self._head = self._swap(self._current(), Checkpoint(self.signer.name, edge.size, edge.root))
        self._edge = edge
        self._known |= {leaf: first + number for number, leaf in enumerate(entries)}

    def _write(self, first: int, entries: Sequence[bytes], full: Sequence[Full]) -> None:
        self._log.execute("BEGIN IMMEDIATE")
        self._log.executemany("INSERT INTO entries VALUES (?, ?)", enumerate(entries, first))
        self._log.executemany(
            "INSERT INTO tiles VALUES (?, ?, ?)",
            [(tile.level, tile.index, b"".join(hashes)) for tile, hashes in full],
        )
        # After a crash before or after this line the head names none of them: the next start drops them.
        self.commit(self._log)

    def _hashes_again(self, first: int) -> list[bytes]:
        rows = self._log.execute("SELECT entry FROM entries WHERE at >= ? ORDER BY at", (first,))
        return [leaf_hash(entry) for (entry,) in rows]

    def _swap(self, old: Head | None, new: Checkpoint) -> Head:
        """Compare and swap: the new head, if the old one still stands."""
        note = Note(new.text, (self.signer.sign(new.text),))
        before = (-1, b"") if old is None else (old.checkpoint.size, str(old.note).encode())
        self._heads.execute("BEGIN IMMEDIATE")
        if old is None:
            self._heads.execute("INSERT INTO head VALUES (1, 0, ?)", (str(note).encode(),))
        elif not self._heads.execute(
            "UPDATE head SET size = ?, note = ? WHERE size = ? AND note = ?",
            (new.size, str(note).encode(), *before),
        ).rowcount:
            raise LedgerFault("another checkpoint was signed meanwhile")
        # After a crash before this line nothing was appended; after it all was, and asking again finds it.
        self.commit(self._heads)
        return Head(new, note)

    def _refuse_when_full(self) -> None:
        free = shutil.disk_usage(self.folder).free
        if free < self.free_floor_bytes:
            raise LedgerFault(f"only {free} bytes are free: nothing is signed below {self.free_floor_bytes}")


def _read_head(heads: sqlite3.Connection) -> Head | None:
    row = heads.execute("SELECT note FROM head").fetchone()
    if row is None:
        return None
    note = parse_note(row[0])
    return Head(Checkpoint.parse(note.text), note)


def _read_back(log: sqlite3.Connection, head: Checkpoint) -> tuple[Edge, dict[bytes, int]]:
    """Edge and leaf hashes, from the stored bytes; raises `LedgerFault` unless they are the head's."""
    leaves = [leaf_hash(entry) for (entry,) in log.execute("SELECT entry FROM entries ORDER BY at")]
    edge = edge_of(leaves)
    if len(leaves) < head.size:
        raise LedgerFault(
            f"the last checkpoint is of {head.size} entries, only {len(leaves)} are here: an old copy?"
        )
    if edge.root != head.root:
        raise LedgerFault("the entries are not those of the last checkpoint: something was changed")
    return edge, {leaf: index for index, leaf in enumerate(leaves)}
