"""One probe to a folder: two would give the same sequences to different batches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, Final

from wire.errors import BadInput

LOCK_FILE: Final = "lock"


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold a folder; the system lets go when the process ends, however. Raises `BadInput`, `OSError`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK_FILE).open("ab") as file:
        _take(file, folder)
        yield


def _take(file: IO[bytes], folder: Path) -> None:
    try:
        fcntl = import_module("fcntl")
    except ModuleNotFoundError:  # Windows, where nobody else guards the folder
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise BadInput(f"{folder}: another probe is running with this folder") from error
