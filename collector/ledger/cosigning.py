"""Asking witnesses to cosign the log's head (c2sp.org/tlog-witness), as its client.

Rules of this file: a cosignature is kept only when it is that of a witness whose key was known beforehand; a
witness that cannot be reached costs nothing but its line under the checkpoint.
"""

from __future__ import annotations

import asyncio
import logging
import re
from http import HTTPStatus
from typing import Final

import aiohttp
from msgspec import Struct

from collector.ledger.log import Head
from collector.ledger.sources import Shelf
from wire.errors import BadInput
from wire.merkle import consistency_proof
from wire.notes import MAX_NOTE_BYTES, Note, NoteKey, Signature, signatures_of, verified
from wire.tlog import AddCheckpoint

TIMEOUT_S: Final = 10.0
_SIZE: Final = re.compile("[0-9]{1,19}")  # a longer number is no size, and may be too long to be read
_log = logging.getLogger("dabyl.ledger")


class Known(Struct, frozen=True):
    """A witness: where it is asked, and its key."""

    url: str
    key: NoteKey


class Asker:
    """One log's conversation with its witnesses; it remembers what each cosigned last."""

    def __init__(self, session: aiohttp.ClientSession, shelf: Shelf, witnesses: tuple[Known, ...]) -> None:
        """`shelf`: where proofs come from."""
        self.witnesses = witnesses
        self._session, self._shelf = session, shelf
        self._sizes: dict[str, int] = {}

    async def ask(self, head: Head) -> dict[str, Signature]:
        """The cosignatures of a head by the names of witnesses, of those that gave one."""
        found: dict[str, Signature] = {}

        async def one(witness: Known) -> None:
            line = await self._asked(witness, head)
            if line is not None:
                found[witness.key.name] = line

        async with asyncio.TaskGroup() as group:
            for witness in self.witnesses:
                group.create_task(one(witness))
        return found

    async def _asked(self, witness: Known, head: Head) -> Signature | None:
        try:
            async with asyncio.timeout(TIMEOUT_S):
                status, said = await self._send(witness, head)
                if status == HTTPStatus.CONFLICT and self._is_told(witness, head, said):
                    status, said = await self._send(witness, head)
                return self._read(witness, head, status, said)
        except (aiohttp.ClientError, TimeoutError, BadInput) as error:
            _log.warning("the witness %s gave no cosignature: %s", witness.key.name, error)
            return None

    async def _send(self, witness: Known, head: Head) -> tuple[int, str]:
        size = head.checkpoint.size
        old = min(self._sizes.get(witness.key.name, 0), size)
        proof = tuple(consistency_proof(self._shelf.nodes(size), old, size))
        body = str(AddCheckpoint(old, proof, head.note)).encode()
        async with self._session.post(f"{witness.url.rstrip('/')}/add-checkpoint", data=body) as answer:
            raw = await _whole(answer)
            return answer.status, raw.decode(errors="replace")

    def _is_told(self, witness: Known, head: Head, said: str) -> bool:
        """Whether a witness named the size that it saw last, and it is one that can be proved from."""
        number = said.strip()
        if not _SIZE.fullmatch(number) or int(number) > head.checkpoint.size:
            return False
        self._sizes[witness.key.name] = int(number)
        return True

    def _read(self, witness: Known, head: Head, status: int, said: str) -> Signature | None:
        if status != HTTPStatus.OK:
            raise BadInput(f"{status} {said.strip()[:200]}")
        key = witness.key
        lines = [one for one in signatures_of(said) if (one.name, one.key_id) == (key.name, key.id)]
        verified(Note(head.note.text, tuple(lines)), [key])
        self._sizes[key.name] = head.checkpoint.size
        return lines[0]


async def _whole(answer: aiohttp.ClientResponse) -> bytes:
    """The answer's body, in however many pieces; raises `BadInput` when it is too long for a note."""
    raw = b""
    async for piece in answer.content.iter_any():
        raw += piece
        if len(raw) > MAX_NOTE_BYTES:
            raise BadInput("the answer is longer than any note")
    return raw
