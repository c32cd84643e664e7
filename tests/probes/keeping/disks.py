"""A file system in memory whose every step can fail, and that can lose its power."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Literal

Fault = Literal["none", "refused", "done but reported", "power lost before", "power lost after"]
FAULTS: tuple[Fault, ...] = ("refused", "done but reported", "power lost before", "power lost after")


class PowerLost(BaseException):
    """The machine is off: nothing that would handle an error gets to run."""


class FaultyDisk:
    """Files by path. `durable`: those that a loss of power cannot take; the rest it may or may not."""

    def __init__(self) -> None:
        self.files: dict[Path, bytes] = {}
        self.durable: dict[Path, bytes] = {}
        self.steps: list[str] = []
        self.fault_at = -1
        self.fault: Fault = "none"
        self.full = False

    def _step(self, name: str, path: Path) -> None:
        """Count a step; fail before it where that is asked for."""
        self.steps.append(name)
        if len(self.steps) - 1 == self.fault_at:
            if self.fault == "refused":
                raise OSError(errno.EIO, "Input/output error", str(path))
            if self.fault == "power lost before":
                raise PowerLost

    def _after(self, path: Path) -> None:
        if len(self.steps) - 1 == self.fault_at:
            if self.fault == "done but reported":
                raise OSError(errno.EIO, "Input/output error", str(path))
            if self.fault == "power lost after":
                raise PowerLost

    def names(self, folder: Path) -> list[str]:
        return sorted(path.name for path in self.files if path.parent == folder)

    def size(self, path: Path) -> int:
        return len(self.files[path])

    def read(self, path: Path) -> bytes:
        if path not in self.files:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", str(path))
        return self.files[path]

    def make_folder(self, folder: Path) -> None:
        self._step("make_folder", folder)
        self._after(folder)

    def write(self, path: Path, raw: bytes) -> None:
        self._step("write", path)
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        self.files[path] = raw
        self._after(path)

    def rename(self, old: Path, new: Path) -> None:
        self._step("rename", new)
        self.files[new] = self.files.pop(old)
        self._after(new)

    def sync_folder(self, folder: Path) -> None:
        self._step("sync_folder", folder)
        self.durable = {path: raw for path, raw in self.durable.items() if path.parent != folder}
        self.durable |= {path: raw for path, raw in self.files.items() if path.parent == folder}
        self._after(folder)

    def remove(self, path: Path) -> None:
        self._step("remove", path)
        self.files.pop(path, None)
        self._after(path)

    def after_power_loss(self, *, kept: bool) -> FaultyDisk:
        """What the next start finds: all that was done, or only what was durable."""
        found = FaultyDisk()
        found.files = dict(self.files if kept else self.durable)
        found.durable = dict(found.files)
        return found
