"""Who this probe is: an Ed25519 key, made on the first run, that never leaves the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from probes.disk import Disk, write_whole
from wire.errors import BadInput
from wire.ports import Randomness
from wire.signing import KEY_BYTES, SigningKey

KEY_FILE: Final = "key"


def load_or_make(folder: Path, disk: Disk, randomness: Randomness) -> SigningKey:
    """The key in a folder, made when there is none; raises `BadInput` for a broken one, `OSError`."""
    disk.make_folder(folder)
    path = folder / KEY_FILE
    if KEY_FILE in disk.names(folder):
        return _key(disk.read(path), path)
    write_whole(disk, path, randomness.token(KEY_BYTES))
    return _key(disk.read(path), path)


def _key(seed: bytes, path: Path) -> SigningKey:
    if len(seed) != KEY_BYTES:
        raise BadInput(
            f"{path}: not a key of {KEY_BYTES} bytes; 'dabyl probe purge' makes room for a new one"
        )
    return SigningKey(seed)
