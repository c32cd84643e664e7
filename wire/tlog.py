"""Proofs in a file (c2sp.org/tlog-proof), and what a log asks of a witness (tlog-witness).

Rules of this file: text in, records out, and back; a proof proves nothing before `holds` was asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from wire.errors import BadRecord, BadSignature
from wire.merkle import is_included
from wire.notes import Checkpoint, Note, NoteKey, from_base64, hash_of, parse_note, to_base64, verified

PROOF_SUFFIX: Final = ".tlog-proof"
MAX_PROOF_HASHES: Final = 63
_FIRST: Final = "c2sp.org/tlog-proof@v1"
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}")


class Proof(Struct, frozen=True):
    """That an entry stands in a log: its index, the path to the root, the signed checkpoint.

    `extra` is opaque, and nobody has signed it.
    """

    index: int
    path: tuple[bytes, ...]
    note: Note
    extra: bytes | None = None

    def __str__(self) -> str:
        """The proof as a file."""
        extra = [] if self.extra is None else [f"extra {to_base64(self.extra)}"]
        lines = (_FIRST, *extra, f"index {self.index}", *map(to_base64, self.path), "")
        return "".join(f"{line}\n" for line in lines) + str(self.note)

    def holds(self, leaf: bytes, log: NoteKey) -> Checkpoint:
        """The checkpoint of `log` that includes the leaf hash; raises `BadSignature` when it does not."""
        verified(self.note, [log])
        head = Checkpoint.parse(self.note.text)
        if head.origin != log.name:
            raise BadSignature(f"a checkpoint of {head.origin}, not of {log.name}")
        if not is_included(leaf, self.index, head.size, self.path, head.root):
            raise BadSignature("the entry is not where the proof says")
        return head


def parse_proof(raw: bytes) -> Proof:
    """A proof from its file, nothing verified; raises `BadRecord`."""
    head, found, note = raw.partition(b"\n\n")
    lines = _lines(head)
    if not found or lines.pop(0) != _FIRST:
        raise BadRecord(f"the first line of a proof is {_FIRST}")
    extra = None
    if lines and lines[0].startswith("extra "):
        extra = from_base64(lines.pop(0).removeprefix("extra "))
    index = _numbered("index", lines)
    return Proof(index, _hashes(lines), parse_note(note), extra)


class AddCheckpoint(Struct, frozen=True):
    """What a log asks of a witness: the size it cosigned last, the proof from there, the new checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    def __str__(self) -> str:
        """The body of the request."""
        lines = (f"old {self.old}", *map(to_base64, self.proof), "")
        return "".join(f"{line}\n" for line in lines) + str(self.note)


def parse_add_checkpoint(raw: bytes) -> AddCheckpoint:
    """The request of a log, nothing verified; raises `BadRecord`."""
    head, found, note = raw.partition(b"\n\n")
    if not found:
        raise BadRecord("a request is an old size, a proof, an empty line and a checkpoint")
    lines = _lines(head)
    old = _numbered("old", lines)
    return AddCheckpoint(old, _hashes(lines), parse_note(note))


def _lines(head: bytes) -> list[str]:
    try:
        return head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise BadRecord("proofs are ASCII") from error


def _numbered(word: str, lines: list[str]) -> int:
    said, _, number = (lines.pop(0) if lines else "").partition(" ")
    if said != word or not _NUMBER.fullmatch(number):
        raise BadRecord(f"a line '{word} NUMBER' is missing")
    return int(number)


def _hashes(lines: Iterable[str]) -> tuple[bytes, ...]:
    found = tuple(map(hash_of, lines))
    if len(found) > MAX_PROOF_HASHES:
        raise BadRecord(f"a proof of {len(found)} hashes; {MAX_PROOF_HASHES} are allowed")
    return found
