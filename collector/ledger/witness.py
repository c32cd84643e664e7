"""A witness: it cosigns a log's checkpoints as long as the log only grows (c2sp.org/tlog-witness).

Rules of this file: what it saw last of each log is durable before a cosignature leaves; check and change are
one transaction. The decision is `judged`, pure; the store and the HTTP shell are below it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Final, NamedTuple

from aiohttp import web

from collector.store.schema import connect, make_folder
from wire.errors import BadInput, BadRecord, BadSignature
from wire.merkle import EMPTY_ROOT, is_consistent
from wire.notes import MAX_NOTE_BYTES, Checkpoint, NoteKey, Signer, verified
from wire.ports import Clock
from wire.tlog import AddCheckpoint, parse_add_checkpoint

FILE: Final = "witness.sqlite3"
SIZE_MEDIA: Final = "text/x.tlog.size"
TEXT_MEDIA: Final = "text/plain"
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS seen (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL)
STRICT, WITHOUT ROWID;
"""
Logs = Mapping[str, tuple[NoteKey, ...]]


class Seen(NamedTuple):
    """The largest tree of a log that was cosigned: size and root hash."""

    size: int = 0
    root: bytes = EMPTY_ROOT


class Judged(NamedTuple):
    """What a request comes to; `head` only when it is to be cosigned."""

    status: HTTPStatus
    said: str = ""
    media: str = TEXT_MEDIA
    head: Checkpoint | None = None


def judged(asked: AddCheckpoint, head: Checkpoint, seen: Seen) -> Judged:
    """Whether a checkpoint whose signature was checked may be cosigned, in the order of the standard."""
    if asked.old > head.size:
        return Judged(HTTPStatus.BAD_REQUEST, "the old size is larger than the new one\n")
    if asked.old != seen.size or (head.size == seen.size and head.root != seen.root):
        return Judged(HTTPStatus.CONFLICT, f"{seen.size}\n", SIZE_MEDIA)
    if not asked.old and asked.proof:
        return Judged(HTTPStatus.UNPROCESSABLE_ENTITY, "a first checkpoint needs no proof\n")
    if asked.old and not is_consistent(seen, (head.size, head.root), asked.proof):
        return Judged(HTTPStatus.UNPROCESSABLE_ENTITY, "the log does not begin with what was cosigned\n")
    return Judged(HTTPStatus.OK, head=head)


class Witness:
    """A witness's key, the logs that it knows, and what it saw of each. For one thread."""

    def __init__(self, folder: Path, signer: Signer, logs: Logs, clock: Clock) -> None:
        """`logs`: origin to the keys that may sign for it. Raises `BadInput` for an unusable folder."""
        self.signer, self.logs, self._clock = signer, logs, clock
        make_folder(folder)
        try:
            self._seen = connect(folder / FILE)
            self._seen.executescript(_TABLES)
        except sqlite3.Error as error:
            raise BadInput(f"{folder / FILE}: {error}") from error

    def close(self) -> None:
        """Close the store."""
        self._seen.close()

    def add_checkpoint(self, raw: bytes) -> Judged:
        """The answer to a request's body; a cosignature is durable before it is given."""
        try:
            asked = parse_add_checkpoint(raw)
            head = Checkpoint.parse(asked.note.text)
        except BadRecord as error:
            return Judged(HTTPStatus.BAD_REQUEST, f"{error}\n")
        keys = self.logs.get(head.origin)
        if keys is None:
            return Judged(HTTPStatus.NOT_FOUND, "this log is not known here\n")
        try:
            verified(asked.note, keys)
        except BadSignature as error:
            return Judged(HTTPStatus.FORBIDDEN, f"{error}\n")
        return self._cosigned(asked, head)

    def _cosigned(self, asked: AddCheckpoint, head: Checkpoint) -> Judged:
        with self._alone():
            answer = judged(asked, head, self._last(head.origin))
            if answer.head is None:
                return answer
            line = self.signer.sign(head.text, int(self._clock.now().timestamp()))
            self._seen.execute(
                "INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", (head.origin, head.size, head.root)
            )
            # After a crash before this line nobody has the cosignature; after it the log asks again.
            self._seen.execute("COMMIT")
        return answer._replace(said=f"{line}\n")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """A transaction; whatever was not committed is rolled back, so that a full disk ends no later one."""
        self._seen.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            if self._seen.in_transaction:
                self._seen.execute("ROLLBACK")

    def _last(self, origin: str) -> Seen:
        row = self._seen.execute("SELECT size, root FROM seen WHERE origin = ?", (origin,)).fetchone()
        return Seen() if row is None else Seen(*row)


def app_of(witness: Witness) -> web.Application:
    """The witness's one address: `POST /add-checkpoint`."""

    async def add_checkpoint(request: web.Request) -> web.Response:
        answer = witness.add_checkpoint(await request.read())
        return web.Response(text=answer.said, status=answer.status, content_type=answer.media)

    app = web.Application(client_max_size=MAX_NOTE_BYTES)
    app.router.add_post("/add-checkpoint", add_checkpoint)
    return app
