"""The file system as a handful of durable steps, so that tests can let each of them fail."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, Protocol

_PRIVATE: Final = 0o600
_PRIVATE_FOLDER: Final = 0o700


class Disk(Protocol):
    """What keeping needs of a file system; every method may raise `OSError`."""

    def names(self, folder: Path) -> list[str]:
        """The names of the files in a folder; none when there is no folder."""
        ...

    def size(self, path: Path) -> int:
        """Bytes in a file."""
        ...

    def read(self, path: Path) -> bytes:
        """The bytes of a file."""
        ...

    def make_folder(self, folder: Path) -> None:
        """A folder that only its owner may enter, with its parents."""
        ...

    def write(self, path: Path, raw: bytes) -> None:
        """A new file that only its owner may read; its bytes are on the disk when this returns."""
        ...

    def rename(self, old: Path, new: Path) -> None:
        """Give a file another name at once, in place of any that has it."""
        ...

    def sync_folder(self, folder: Path) -> None:
        """The folder's names are on the disk when this returns."""
        ...

    def remove(self, path: Path) -> None:
        """Take a file away; fine when there is none."""
        ...


class RealDisk:
    """The machine's file system."""

    def names(self, folder: Path) -> list[str]:
        """Sorted, so that a reader meets them in one order."""
        return sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []

    def size(self, path: Path) -> int:
        """Bytes in a file."""
        return path.stat().st_size

    def read(self, path: Path) -> bytes:
        """The bytes of a file."""
        return path.read_bytes()

    def make_folder(self, folder: Path) -> None:
        """A folder that only its owner may enter."""
        folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)

    def write(self, path: Path, raw: bytes) -> None:
        """Written and synced."""
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE)
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())

    def rename(self, old: Path, new: Path) -> None:
        """At once, as POSIX promises."""
        old.replace(new)

    def sync_folder(self, folder: Path) -> None:
        """After a crash here the names are as they were before or after, never between."""
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def remove(self, path: Path) -> None:
        """Take a file away."""
        path.unlink(missing_ok=True)


def write_whole(disk: Disk, path: Path, raw: bytes) -> None:
    """A file that is there whole or not at all, whenever the power goes."""
    temporary = path.with_name(path.name + ".tmp")
    disk.write(temporary, raw)  # after a crash here only the temporary file is left, which a start removes
    disk.rename(temporary, path)  # after a crash here the file may or may not have its name
    disk.sync_folder(path.parent)  # from here on it has
