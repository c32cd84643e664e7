"""A copy of somebody's ledger, kept up to date: only what holds and begins with the old copy is taken over.

Rules of this file: files first, the checkpoint last; a copy that was checked is never replaced by one that
does not hold. Full tiles that were fetched once are not fetched again.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from collector.ledger.checking import Checked, begins_with, check, signed_head
from collector.ledger.published import published_path
from collector.ledger.sources import CHECKPOINT, KEY, Source
from wire.errors import BadInput
from wire.notes import Checkpoint, NoteKey
from wire.tiles import HEIGHT, WIDTH, Tile

_PARTS: Final = ".p"


class MirrorFault(BadInput):
    """What is served does not hold, or is not the log that was kept: a person has to look at it."""


class _Overlay:
    """What is kept, and, where that is not enough, what is served; it remembers what it fetched."""

    def __init__(self, folder: Path, served: Source) -> None:
        self._folder, self._served = folder, served
        self.fetched: dict[str, bytes] = {}

    def get(self, path: str) -> bytes | None:
        kept = self._folder / path
        if path not in (CHECKPOINT, KEY) and Tile.parse(path).width == WIDTH and kept.is_file():
            return kept.read_bytes()
        if path not in self.fetched:
            raw = self._served.get(path)
            if raw is None:
                return None
            self.fetched[path] = raw
        return self.fetched[path]


def mirror(served: Source, folder: Path, key: NoteKey) -> Checked:
    """Bring a folder up to date; what it holds now. Raises `MirrorFault`, or `BadInput` for no ledger."""
    overlay = _Overlay(folder, served)
    checked = check(overlay, key)
    kept = _kept_head(folder, key)
    faults = [*checked.faults, *([begins_with(checked, kept)] if kept else [])]
    if any(faults):
        raise MirrorFault(f"{key.name}: {next(fault for fault in faults if fault)}")
    overlay.fetched[KEY] = f"{key}\n".encode()
    head = overlay.fetched.pop(CHECKPOINT)
    for path, raw in overlay.fetched.items():
        _put(folder / path, raw)
    # After a crash here the new files lie beside the old checkpoint, which still holds.
    _put(folder / CHECKPOINT, head)
    _drop_parts(folder, checked.head.size)
    return checked


def mirror_published(served: Source, folder: Path, checked: Checked) -> list[str]:
    """Bring the published sheets and scans of a copy up to date; what could not be taken over, and why.

    Only bytes with the hash that the checked log tells are kept; what is kept already is not fetched again.
    """
    faults: list[str] = []
    for index, entry in checked.brought.items():
        path = published_path(entry)
        if entry.kind not in {"sheet", "scan"} or (folder / path).is_file():
            continue
        raw = served.get(path)
        if raw is not None and hashlib.sha256(raw).hexdigest() == entry.sha256:
            _put(folder / path, raw)
        else:
            what = "it is missing" if raw is None else "these are not the bytes"
            faults.append(f"{path}: {what}; entry {index} tells of it")
    return faults


def _kept_head(folder: Path, key: NoteKey) -> Checkpoint | None:
    kept = folder / CHECKPOINT
    return signed_head(kept.read_bytes(), key) if kept.is_file() else None


def _put(path: Path, raw: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.tmp")
    with temporary.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _drop_parts(folder: Path, size: int) -> None:
    """Parts of tiles that belong to smaller trees."""
    for path in folder.glob(f"tile/**/*{_PARTS}/*"):
        tile = Tile.parse(str(path.relative_to(folder)))
        count = size if tile.level is None else size >> (HEIGHT * tile.level)
        if tile.index * WIDTH + tile.width != count:
            path.unlink()
