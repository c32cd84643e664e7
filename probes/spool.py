"""What was measured and not yet acknowledged, on disk, signed; it survives kill -9 and a full disk.

Rules of this file: a sequence stands for one content for ever, so bytes that could not be written are
kept and written again, never sealed anew; the place of what had to be dropped is filled with an empty
batch, so that the collector does not wait for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from probes.core.spool_names import TEMPORARY, Entry, entries, lost, next_order, settled, to_thin
from probes.disk import Disk, write_whole
from wire.batch import seal
from wire.receipts import Receipt
from wire.records import Measurement
from wire.signing import SigningKey

SPOOL: Final = "spool"
REFUSED: Final = "refused"
CAP_BYTES: Final = 256 * 1_048_576
UNWRITTEN_CAP_BYTES: Final = 16 * 1_048_576
MAX_REFUSED: Final = 200
RECORDS_A_BATCH: Final = 500
Say = Callable[[str], None]


class Spool:
    """The batches of one probe, oldest first; `boot` is this life of it, sequences count from 1."""

    def __init__(self, folder: Path, disk: Disk, key: SigningKey, boot: str, say: Say) -> None:
        """Opens the folder, made when missing, and clears what a crash left; raises `OSError`."""
        self._folder = folder / SPOOL
        self._refused = folder / REFUSED
        self._disk = disk
        self._key = key
        self._boot = boot
        self._say = say
        self._sequence = 0
        self._unwritten: dict[Entry, bytes] = {}
        self._emptied: set[Entry] = set()
        self._written = self._open()
        self._order = next_order(self._written)
        self.dropped = 0
        self._trouble = ""

    def _open(self) -> dict[Entry, int]:
        self._disk.make_folder(self._folder)
        self._disk.make_folder(self._refused)
        names = self._disk.names(self._folder)
        for name in names:
            if name.endswith(TEMPORARY):
                self._disk.remove(self._folder / name)
        return {entry: self._disk.size(self._folder / entry.name) for entry in entries(names)}

    @property
    def waiting(self) -> list[Entry]:
        """Every batch that is to be delivered, oldest first, on disk or only in memory."""
        return sorted({*self._written, *self._unwritten})

    def read(self, entry: Entry) -> bytes:
        """The bytes of a waiting batch; raises `OSError`."""
        held = self._unwritten.get(entry)
        return held if held is not None else self._disk.read(self._folder / entry.name)

    def keep(self, records: Sequence[Measurement]) -> None:
        """Seal records and write them; what cannot be written is held and written later."""
        for begin in range(0, len(records), RECORDS_A_BATCH):
            self._sequence += 1
            self._add(self._sequence, self._boot, records[begin : begin + RECORDS_A_BATCH])
        self.write_again()
        self._thin()

    def _add(self, sequence: int, boot: str, records: Sequence[Measurement]) -> None:
        entry = Entry(self._order, boot, sequence)
        self._order += 1
        self._unwritten[entry] = seal(self._key, "dabyl/v1/batch", boot, sequence, records)
        if not records:
            self._emptied.add(entry)

    def write_again(self) -> None:
        """Write what is only in memory; the first trouble ends the try, and is told once."""
        try:
            for entry in sorted(self._unwritten):
                self._write(entry, self._unwritten[entry])
                del self._unwritten[entry]
        except OSError as error:
            self._tell(_cannot_write(self._folder, error))
            return
        self._tell("")

    def _write(self, entry: Entry, raw: bytes) -> None:
        write_whole(self._disk, self._folder / entry.name, raw)
        self._written[entry] = len(raw)

    def _tell(self, trouble: str) -> None:
        if trouble and trouble != self._trouble:
            self._say(trouble)
        elif self._trouble and not trouble:
            self._say(f"{self._folder} can be written to again")
        self._trouble = trouble

    def _thin(self) -> None:
        """Empty the oldest batches while there is too much, on disk or in memory."""
        held = [(entry, len(raw)) for entry, raw in self._unwritten.items()]
        emptied = frozenset(self._emptied)
        for entry in to_thin(held, UNWRITTEN_CAP_BYTES, emptied):
            self._unwritten[entry] = self._empty(entry)
        try:
            for entry in to_thin(self._written.items(), CAP_BYTES, emptied):
                self._write(entry, self._empty(entry))
        except OSError as error:
            self._tell(_cannot_write(self._folder, error))

    def _empty(self, entry: Entry) -> bytes:
        self.dropped += 1
        self._emptied.add(entry)
        self._say(f"no room: a batch of {entry.boot} was dropped ({self.dropped} so far)")
        return seal(self._key, "dabyl/v1/batch", entry.boot, entry.sequence, ())

    def settle(self, sent: Entry, receipt: Receipt) -> None:
        """Forget what the collector has; fill the places of what it asks for and is gone."""
        for entry in settled(self.waiting, sent, receipt):
            self._forget(entry)
        known = self._sequence if receipt.boot == self._boot else sent.sequence
        for sequence in lost(self.waiting, receipt) if receipt.boot == sent.boot else ():
            if sequence <= known:  # a future sequence must keep its one content
                self._add(sequence, receipt.boot, ())

    def give_up(self, entry: Entry, error: OSError) -> None:
        """A batch that cannot be read back: its place is filled, so that those behind it get through."""
        self._say(f"{self._folder / entry.name} cannot be read ({error.strerror}); it is lost")
        self.dropped += 1
        self._forget(entry)
        self._add(entry.sequence, entry.boot, ())

    def set_aside(self, entry: Entry) -> None:
        """Keep a batch that no collector will take, out of the way (the last 200 of them)."""
        try:
            write_whole(self._disk, self._refused / entry.name, self.read(entry))
            for old in entries(self._disk.names(self._refused))[:-MAX_REFUSED]:
                self._disk.remove(self._refused / old.name)
        except OSError as error:
            self._tell(_cannot_write(self._refused, error))
        self._forget(entry)

    def _forget(self, entry: Entry) -> None:
        # Where the removal fails or is lost in a crash the batch is sent again, and counts once there.
        try:
            self._disk.remove(self._folder / entry.name)
        except OSError as error:
            self._tell(_cannot_write(self._folder, error))
        self._written.pop(entry, None)
        self._unwritten.pop(entry, None)
        self._emptied.discard(entry)


def _cannot_write(folder: Path, error: OSError) -> str:
    return f"cannot write to {folder}: {error.strerror}; holding what is measured in memory"
