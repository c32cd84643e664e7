"""The collector's control table on this machine's disk: what a probe judges by when it is cut off.

Rules of this file: what is read back is believed as little as what comes by the network; the signatures
of the new table and of the one before stand beside it, so that a crash between two writes loses neither.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from probes.controls import MAX_CONTROL_BYTES
from probes.core.signed_table import Signature, why_not
from probes.disk import Disk, write_whole
from wire import canonical
from wire.errors import BadRecord
from wire.squeeze import expand, squeeze

TABLE_FILE: Final = "control.jsonl.zst"
SIGNATURES_FILE: Final = "control.signatures"


class ControlStore:
    """One table, the newest that was believed."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        """Reads nothing yet."""
        self._folder = folder
        self._disk = disk

    def load(self, pinned: str) -> tuple[bytes, Signature] | None:
        """The table and what it is signed with; None when there is none that can be believed."""
        try:
            if TABLE_FILE not in self._disk.names(self._folder):
                return None
            body = expand(self._disk.read(self._folder / TABLE_FILE), "zstd", MAX_CONTROL_BYTES)
        except (OSError, BadRecord):  # a lost table costs certainty, no measurement
            return None
        known = (one for one in self._signatures() if not why_not(body, one, pinned))
        return next(((body, one) for one in known), None)

    def keep(self, body: bytes, signature: Signature) -> None:
        """A table that was checked; raises `OSError`."""
        beside = [signature, *self._signatures()][:2]
        write_whole(self._disk, self._folder / SIGNATURES_FILE, canonical.encode(beside))
        # After a crash here the table from before is there, and so is its signature.
        write_whole(self._disk, self._folder / TABLE_FILE, squeeze(body))

    def first_key(self) -> str:
        """The key of the newest kept signature: who signed once is expected to sign again."""
        return next((one.key for one in self._signatures() if one.key), "")

    def _signatures(self) -> list[Signature]:
        try:
            if SIGNATURES_FILE not in self._disk.names(self._folder):
                return []
            return msgspec.json.decode(self._disk.read(self._folder / SIGNATURES_FILE), type=list[Signature])
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return []
