"""The usual rates of cameras, kept beside the probe's key."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from probes.core.streams.usual import Usual
from probes.disk import Disk, write_whole
from wire.errors import BadInput
from wire.records import Measurement

RATES_FILE: Final = "usual-rates.json"


class Remembered:
    """Usual rates that outlive the process; one that cannot be read or kept is begun anew."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        """From a folder's file, if there is one."""
        self._path = folder / RATES_FILE
        self._disk = disk
        self.usual = self._load()

    def _load(self) -> Usual:
        try:
            known = RATES_FILE in self._disk.names(self._path.parent)
            return Usual.load(self._disk.read(self._path)) if known else Usual()
        except (OSError, BadInput):  # a lost memory costs a few rounds of learning, no measurement
            return Usual()

    def learn(self, measurements: Iterable[Measurement]) -> None:
        """Learn from a round, and keep it."""
        if not self.usual.learn(measurements):
            return
        try:
            write_whole(self._disk, self._path, self.usual.dump())
        except OSError:  # a full disk: the spool says so already
            return
